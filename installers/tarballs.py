"""The source of libraries that the frozen desk has built for itself, as Debian keeps it.

apt fetches what Debian's packages were built from. A tarball is taken for its SHA-256 alone, so
where there is no Debian to ask it may as well be laid into the folder by hand.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from installers.bundle import BUILD, BundleError
from sync_server.programs import run

_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, slots=True)
class Tarball:
    """What one version of a library is built from, and the release of Debian that keeps it."""

    library: str
    version: str
    package: str  # Debian's version of it
    release: str
    sha256: str
    licence: str

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return f"{self.library}_{self.version}.orig.tar.gz"


def fetched(tarball: Tarball, folder: Path = BUILD / "tarballs") -> Path:
    """Return the tarball, from the folder if it lies there, else by way of apt.

    Raises:
        BundleError: it cannot be had, or is another than the one that was looked at.
    """
    file = folder / tarball.name
    folder.mkdir(parents=True, exist_ok=True)
    told = "" if file.is_file() else _ask_debian(tarball, folder)
    if not file.is_file():
        raise BundleError(
            f"{tarball.name} cannot be fetched; lay it into {folder}, its SHA-256 is "
            f"{tarball.sha256}. {told}"
        )
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != tarball.sha256:
        raise BundleError(f"{file} is another than expected: its SHA-256 is {found}.")
    return file


def _ask_debian(tarball: Tarball, folder: Path) -> str:
    """Have apt fetch a tarball, with lists of its own; return what it said if it did not."""
    if shutil.which("apt-get") is None:
        return "There is no apt on this machine."
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    of_debian = ("Origin: Debian", "Component: main")
    asked = run("apt-get", "indextargets", "--format", "$(REPO_URI)", *of_debian)
    archives = [a for a in dict.fromkeys(asked.out.split()) if "security" not in a]
    if not archives:
        return "None of apt's archives is Debian's, or it was never updated."
    places = folder / "sources.list"
    lines = [f"deb-src [signed-by={_KEYS}] {a} {tarball.release} main\n" for a in archives]
    places.write_text("".join(lines), encoding="utf-8")
    own = (f"Etc::sourcelist={places}", "Etc::sourceparts=-", f"State::lists={lists}")
    options = [word for place in (*own, f"Cache={lists}") for word in ("-o", f"Dir::{place}")]
    updated = run("apt-get", *options, "update")
    wanted = f"{tarball.library}={tarball.package}"
    got = run("env", "-C", str(folder), "apt-get", *options, "--tar-only", "source", wanted)
    return "" if got.code == 0 else f"{updated.err}{got.err}".strip()
