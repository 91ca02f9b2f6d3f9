"""What the libraries of a bundle ask of the machine they come to."""

import re
from dataclasses import dataclass
from pathlib import Path

from installers.bundle import BundleError
from installers.slimming import files_of
from sync_server.programs import run

_ELF = b"\x7fELF"
_OF_GLIBC = re.compile(r"^(ld-linux.*|lib(c|dl|m|pthread|resolv|rt))\.so\.\d+$")
_ASKED = {"GLIBC": rb"GLIBC_(\d+)\.(\d+)\b", "GLIBCXX": rb"GLIBCXX_(\d+)\.(\d+)\.(\d+)\b"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Libraries that a bundle leaves to the system, and the least versions of two of them."""

    sonames: tuple[str, ...]
    glibc: str  # 2.36
    glibcxx: str  # 3.4.30


def asked_of_the_system(bundle: Path) -> Asked:
    """Return what the libraries of a bundle link and do not find in it.

    Raises:
        BundleError: binutils are not installed.
    """
    own = {path.name for path in bundle.rglob("*") if ".so" in path.name}
    linked: set[str] = set()
    least: dict[str, tuple[int, ...]] = dict.fromkeys(_ASKED, (0,))
    for path in files_of(bundle):
        content = path.read_bytes()
        if not content.startswith(_ELF):
            continue
        try:
            told = run("readelf", "--dynamic", "--wide", str(path)).out
        except FileNotFoundError:
            raise BundleError("Install binutils first: they read the libraries.") from None
        linked.update(re.findall(r"\(NEEDED\).*\[(.+)\]", told))
        for name, pattern in _ASKED.items():
            found = (tuple(map(int, parts)) for parts in re.findall(pattern, content))
            least[name] = max([least[name], *found])
    versions = {name: ".".join(map(str, version)) for name, version in least.items()}
    foreign = sorted(name for name in linked - own if not _OF_GLIBC.match(name))
    return Asked(tuple(foreign), versions["GLIBC"], versions["GLIBCXX"])
