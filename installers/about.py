"""What a bundle tells of itself, in its folder ``about``: versions, licences, bill of materials.

``versions.json`` is for people, ``sbom.cdx.json`` (CycloneDX 1.6) for whoever looks for known
faults of parts, ``licences/`` are the texts of everything that others wrote.
"""

import json
import platform
import shutil
import sysconfig
from datetime import UTC, datetime
from pathlib import Path

from installers.bundle import BUILD
from installers.licences import library_licences
from installers.materials import Part, write_sbom
from installers.needed import needed_by_the_desk, stated_licence
from installers.page_assets import VENDOR
from installers.source import source_commit, source_version
from installers.spatialite import BUILT, TARBALLS, Spatialite
from sync_server.programs import run
from trafficdesk.store.migrations import SCHEMA_VERSION
from trafficdesk.updates.machine import this_platform

_LICENCE_FILES = ("LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*")


def describe(bundle: Path, made_at: int) -> list[Part]:
    """Write what a bundle is made of into its folder ``about``, and return it.

    Times are in seconds of the epoch.
    """
    about = bundle / "about"
    shutil.rmtree(about, ignore_errors=True)
    (about / "licences").mkdir(parents=True)
    parts = [*python_parts(about), *page_parts(about), *built_parts(about), *system_parts(about)]
    versions = {
        "trafficdesk": str(source_version()),
        "platform": this_platform(),
        "store_schema": SCHEMA_VERSION,
        "commit": source_commit(),
        "source_date": datetime.fromtimestamp(made_at, UTC).isoformat(),
        "python": platform.python_version(),
        "parts": {kind: _versions(parts, kind) for kind in sorted({p.kind for p in parts})},
    }
    text = json.dumps(versions, indent=2, ensure_ascii=False)
    (about / "versions.json").write_text(f"{text}\n", encoding="utf-8")
    write_sbom(about / "sbom.cdx.json", parts, made_at)
    return parts


def _versions(parts: list[Part], kind: str) -> dict[str, str]:
    return {part.name: part.version for part in parts if part.kind == kind}


def python_parts(about: Path) -> list[Part]:
    """Return the Python packages in the desk and Python itself; their licences are copied."""
    parts = [Part("generic", "python", platform.python_version(), "PSF-2.0")]
    own = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if own.is_file():
        shutil.copy(own, about / "licences" / "python.txt")
    for name, dist in sorted(needed_by_the_desk().items()):
        parts.append(Part("pypi", name, dist.version, stated_licence(dist)))
        for file in dist.files or ():
            if any(file.match(pattern) for pattern in _LICENCE_FILES) and ".dist-info" in str(file):
                _keep(Path(str(dist.locate_file(file))), about / "licences" / "python" / name)
    return parts


def _keep(text: Path, folder: Path) -> None:
    """Copy a licence; of several of one name each is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    name = text.name
    while (folder / name).exists():
        name = f"{text.parent.name}-{name}"
    shutil.copyfile(text, folder / name)


def page_parts(about: Path) -> list[Part]:
    """Return the scripts, fonts and icons of the map page; their licences are copied."""
    shutil.copytree(VENDOR / "LICENCES", about / "licences" / "page")
    parts = []
    for line in (VENDOR / "LICENCES" / "PACKAGES.txt").read_text(encoding="utf-8").splitlines():
        named, licence = line.split(": ", 1)
        name, version = named.rsplit(" ", 1)
        parts.append(Part("npm", name, version, licence))
    return parts


def built_parts(about: Path) -> list[Part]:
    """Return the libraries that were built for the bundle; their licences are copied."""
    extension = Path(_staged()[0])
    if not extension.is_relative_to(BUILT.resolve()):
        return []
    for tarball in TARBALLS:
        _keep(Spatialite(extension.parent).licence(tarball), about / "licences" / "built")
    return [Part("generic", t.library, t.version, t.licence) for t in TARBALLS]


def _staged() -> list[str]:
    staged: list[str] = json.loads((BUILD / "staged.json").read_text(encoding="utf-8"))
    return staged


def system_parts(about: Path) -> list[Part]:
    """Return the Debian packages whose libraries are in the bundle; their licences are copied."""
    if shutil.which("dpkg-query") is None:
        return []
    entries = json.loads((BUILD / "files.json").read_text(encoding="utf-8"))
    sources = {Path(source).resolve() for _, source, kind in entries if kind != "SYMLINK"}
    # The staged copies have no package: their originals do.
    sources |= {Path(staged) for staged in _staged()}
    packages = _packages_of([str(source) for source in sorted(sources)])
    licences = library_licences()
    parts = []
    for name in sorted(packages):
        shown = run("dpkg-query", "-W", "-f", "${Version}\\t${source:Package}", name).out
        version, source = shown.split("\t")
        licence = licences.get(source, "")
        parts.append(Part("deb", name.partition(":")[0], version, licence, source))
        text = Path("/usr/share/doc") / name.partition(":")[0] / "copyright"
        if text.is_file():
            _keep(text.resolve(), about / "licences" / "debian" / name.partition(":")[0])
    return parts


def _packages_of(files: list[str]) -> set[str]:
    """Return who owns the files; /lib is looked up as well, where /usr/lib is linked to it."""
    system = [f for f in files if f.startswith(("/usr/lib/", "/lib/", "/usr/share/"))]
    asked = [*system, *(f.removeprefix("/usr") for f in system if f.startswith("/usr/lib/"))]
    if not asked:
        return set()
    found = run("dpkg-query", "-S", *asked).out.splitlines()
    return {line.partition(": ")[0] for line in found if not line.startswith("diversion")}
