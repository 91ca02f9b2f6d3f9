"""SpatiaLite for the frozen desk, built without what Debian's holds under the GPL.

Debian's links RTTOPO, has the control points of GRASS GIS compiled in, and reads PROJ, which by
way of libtiff links JBIG-KIT: all three under the GPL, and the desk calls none of them. This one
has neither, no readers of XML, spreadsheets and archives, and a PROJ inside that knows no network
and no grids in TIFF; what it links is GEOS, SQLite and zlib.
"""

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from installers.bundle import BUILD, BundleError
from installers.tarballs import Tarball, fetched
from sync_server.programs import run

SPATIALITE = Tarball(
    library="spatialite",
    version="5.1.0",
    package="5.1.0-3",
    release="trixie",
    sha256="43be2dd349daffe016dd1400c5d11285828c22fea35ca5109f21f3ed50605080",
    licence="MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later",
)
PROJ = Tarball(
    library="proj",
    version="9.1.1",
    package="9.1.1-1",
    release="bookworm",
    sha256="003cd4010e52bb5eb8f7de1c143753aa830c8902b6ed01209f294846e40e6d39",
    licence="MIT",
)
TARBALLS = (PROJ, SPATIALITE)
BUILT = BUILD / "spatialite"
_JOBS = str(os.cpu_count() or 1)
# PROJ would look there for its database if it were not told where that is.
_PREFIX = "/nowhere"
_HARDENED = "-O2 -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2"
_LINKED = "-Wl,-z,relro,-z,now,--build-id=none,--exclude-libs,libproj.a"
_PROJ_OPTIONS = (
    "-DCMAKE_BUILD_TYPE=None",
    f"-DCMAKE_INSTALL_PREFIX={_PREFIX}",
    "-DCMAKE_INSTALL_LIBDIR=lib",
    "-DNLOHMANN_JSON_ORIGIN=internal",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DBUILD_APPS=OFF",
    "-DBUILD_TESTING=OFF",
    "-DENABLE_TIFF=OFF",
    "-DENABLE_CURL=OFF",
)
_OPTIONS = (
    "--enable-module-only",
    "--disable-static",
    "--disable-rttopo",
    "--disable-gcp",
    "--disable-libxml2",
    "--disable-freexl",
    "--disable-minizip",
    "--disable-examples",
    "LIBS=-lproj -lsqlite3 -lstdc++ -lm",
)


@dataclass(frozen=True, slots=True)
class Spatialite:
    """The extension, PROJ's database and the licences of both."""

    folder: Path

    @property
    def extension(self) -> Path:
        """Return the extension."""
        return self.folder / "mod_spatialite.so"

    @property
    def proj_db(self) -> Path:
        """Return the database of PROJ."""
        return self.folder / "proj.db"

    def licence(self, tarball: Tarball) -> Path:
        """Return the text under which one of them is given."""
        return self.folder / f"COPYING.{tarball.library}"


def built() -> Spatialite:
    """Return what was built of this recipe by this compiler, building it first if need be.

    Raises:
        BundleError: a source cannot be had, or a program that builds it is lacking or fails.
    """
    recipe = (TARBALLS, _HARDENED, _LINKED, _PROJ_OPTIONS, _OPTIONS, _do("c++", "--version"))
    key = hashlib.sha256(repr(recipe).encode()).hexdigest()[:12]
    spatialite = Spatialite(BUILT / key)
    if not spatialite.folder.is_dir():
        sources = [fetched(tarball) for tarball in TARBALLS]
        BUILT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=BUILT, prefix="work-") as work:
            _build(sources, Path(work)).rename(spatialite.folder)
    return spatialite


def _build(sources: list[Path], work: Path) -> Path:
    for tarball, source in zip(TARBALLS, sources, strict=True):
        (work / tarball.library).mkdir()
        unpacked = str(work / tarball.library)
        _do("tar", "-xf", str(source), "-C", unpacked, "--strip-components=1")
    flags = f"{_HARDENED} -ffile-prefix-map={work}=."
    installed = _build_proj(work, flags)
    extension = _build_extension(work, flags, installed)
    made = Spatialite(work / "made")
    made.folder.mkdir()
    shutil.copy(extension, made.extension)
    shutil.copy(installed / "share" / "proj" / "proj.db", made.proj_db)
    for tarball in TARBALLS:
        shutil.copy(work / tarball.library / "COPYING", made.licence(tarball))
    return made.folder


def _build_proj(work: Path, flags: str) -> Path:
    """Build PROJ as a library that is linked into another; return where it is installed."""
    there, installed = str(work / "proj-build"), work / "installed"
    said = (f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags} -DNDEBUG")
    _do("cmake", "-S", str(work / PROJ.library), "-B", there, *_PROJ_OPTIONS, *said)
    _do("cmake", "--build", there, "--parallel", _JOBS)
    _do("env", f"DESTDIR={installed}", "cmake", "--install", there)
    return installed / _PREFIX.strip("/")


def _build_extension(work: Path, flags: str, proj: Path) -> Path:
    source = str(work / SPATIALITE.library)
    said = (
        f"CFLAGS={flags}",
        f"CPPFLAGS=-I{proj / 'include'}",
        f"LDFLAGS=-L{proj / 'lib'} {_LINKED}",
    )
    _do("env", "-C", source, "./configure", *_OPTIONS, *said)
    _do("make", "-C", source, "--jobs", _JOBS)
    return Path(source, "src", ".libs", "mod_spatialite.so").resolve(strict=True)


def _do(*command: str) -> str:
    """Run a program of the build; return what it told.

    Raises:
        BundleError: it is not installed, or ended with another code than 0.
    """
    try:
        ended = run(*command)
    except FileNotFoundError:
        raise BundleError(
            f"Install {command[0]} first: installers/linux/debian-packages-build.txt lists it."
        ) from None
    if ended.code:
        last = "\n".join((ended.out + ended.err).splitlines()[-20:])
        raise BundleError(f"SpatiaLite cannot be built; {' '.join(command[:4])} said:\n{last}")
    return ended.out


if __name__ == "__main__":
    sys.stdout.write(f"{built().folder}\n")
