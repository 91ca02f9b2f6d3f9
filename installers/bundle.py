"""What goes into the frozen desk: what is staged, what is trimmed, and what must be there."""

import logging
import platform
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from installers.page_assets import ROOT

# The name in the bundle, the file it comes from, and PyInstaller's kind of entry.
Entry = tuple[str, str, str]

BUILD = ROOT / "build" / "bundle"
DIST = ROOT / "dist"

QT = "PySide6/Qt"
KEPT_PLUGINS = frozenset(
    {
        "generic",
        "iconengines",
        "imageformats",
        "platforminputcontexts",
        "platforms",
        "printsupport",
        "tls",
        "wayland-decoration-client",
        "wayland-graphics-integration-client",
        "wayland-shell-integration",
        "xcbglintegrations",
    }
)
# The desk has its own translations; of Qt's and Chromium's, the languages an officer may read.
KEPT_LANGUAGES = (
    "en",
    "ta",
    "hi",
    "te",
    "kn",
    "ml",
    "mr",
    "bn",
    "gu",
    "pa",
    "ur",
    "de",
    "fr",
    "es",
)
DROPPED = (
    f"{QT}/qml/",
    f"{QT}/resources/qtwebengine_devtools_resources",
    f"{QT}/plugins/imageformats/libqpdf",
    f"{QT}/plugins/platforminputcontexts/libqtvirtualkeyboard",
    f"{QT}/plugins/platforms/libqeglfs",
)
# Loaded by name at run time, so nothing links to them: NSS for the web engine.
LOADED_BY_NAME = re.compile(r"lib(softokn3|freebl3|freeblpriv3|nssckbi|nssdbm3)\.(so|chk)$")
# Every machine with a desktop has its own, and they must match its drivers.
LEFT_TO_THE_SYSTEM = re.compile(
    r"^lib(GL|EGL|GLX|OpenGL|GLESv2|drm|gbm|xcb|xcb-dri3|wayland-.*|X11|asound|pulse.*)\.so"
)
NEEDED = (
    "trafficdesk",
    "_internal/mod_spatialite.so",
    "_internal/proj/proj.db",
    "_internal/**/libsoftokn3.so",
    "_internal/**/libfreebl3.so",
    "_internal/**/libnssckbi.so",
    f"_internal/{QT}/libexec/QtWebEngineProcess",
    f"_internal/{QT}/resources/icudtl.dat",
    f"_internal/{QT}/plugins/platforms/libqxcb.so",
    f"_internal/{QT}/plugins/platforms/libqoffscreen.so",
    "_internal/resources/vendor/leaflet/leaflet.js",
    "_internal/resources/vendor/fonts/Inter-Regular.ttf",
    "_internal/resources/vendor/LICENCES/PACKAGES.txt",
)
SPATIALITE_PLACES = ("/usr/lib/*/mod_spatialite.so", "/usr/lib*/mod_spatialite.so")
PROJ_DB = Path("/usr/share/proj/proj.db")


class BundleError(Exception):
    """The bundle cannot be made, or would not run elsewhere."""


class MissingLibraries(logging.Handler):
    """Collects what PyInstaller only warns of: libraries that the build host does not have."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.needed_by: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the name of a library that could not be found, and the file that links it."""
        if str(record.msg).startswith("Library not found") and isinstance(record.args, tuple):
            library, file = map(str, record.args)
            self.needed_by.append((PurePosixPath(library).name, file))

    def refuse(self, kept: Iterable[Entry]) -> None:
        """Refuse a bundle of which a kept file lacks a library.

        Raises:
            BundleError: it names the libraries and who needs them.
        """
        sources = {source for _, source, _ in kept}
        lacking = [
            f"{library} for {PurePosixPath(file).name}"
            for library, file in self.needed_by
            if file in sources and not LEFT_TO_THE_SYSTEM.match(library)
        ]
        if lacking:
            raise BundleError(f"Missing on this machine: {', '.join(lacking)}.")


def stage() -> tuple[Path, Path]:
    """Copy the SpatiaLite extension and PROJ's database; return their places.

    Raises:
        BundleError: this is no Linux, or one of them is not installed.
    """
    if platform.system() != "Linux":
        raise BundleError("The bundle is made on Linux only so far.")
    found = [p for place in SPATIALITE_PLACES for p in sorted(Path("/").glob(place[1:]))]
    if not found or not PROJ_DB.is_file():
        raise BundleError("Install libsqlite3-mod-spatialite and proj-data first (./run does).")
    staged = BUILD / "staged"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    # Under its plain name: that is what the frozen desk loads, and never the system's copy.
    return (
        Path(shutil.copy(found[0].resolve(), staged / "mod_spatialite.so")),
        Path(shutil.copy(PROJ_DB, staged / "proj.db")),
    )


def is_wanted(name: str) -> bool:
    """Tell whether a file of the bundle, named by its place in it, is of use to the desk."""
    if name.startswith(DROPPED):
        return False
    if name.startswith(f"{QT}/plugins/"):
        return name.split("/")[3] in KEPT_PLUGINS
    if name.startswith(f"{QT}/translations/"):
        # qtbase_de.qm, qtwebengine_locales/en-US.pak
        language = re.split(r"[_.]", PurePosixPath(name).name.removesuffix(".qm"))[-1]
        if name.endswith(".pak"):
            language = PurePosixPath(name).stem
        return language.split("-")[0] in KEPT_LANGUAGES
    return True


def is_shared_library(name: str) -> bool:
    """Tell whether a file is there only for what links to it."""
    path = PurePosixPath(name)
    return (
        path.name.startswith("lib")
        and ".so" in path.name
        and not LOADED_BY_NAME.search(path.name)
        and not path.name.startswith("libpython")
        and str(path.parent) in {".", f"{QT}/lib"}
    )


def trim(entries: Iterable[Entry], imports_of: Callable[[str], set[str]]) -> list[Entry]:
    """Drop what the desk does not use, and then the libraries that only that had linked.

    ``imports_of`` gives the base names of the libraries that a file links.
    """
    wanted = [entry for entry in entries if is_wanted(entry[0])]
    libraries: dict[str, str] = {}
    for name, source, kind in wanted:
        if kind != "SYMLINK" and is_shared_library(name):
            libraries[PurePosixPath(name).name] = source
    waiting = [
        source
        for name, source, kind in wanted
        if kind in {"BINARY", "EXTENSION", "EXECUTABLE"} and not is_shared_library(name)
    ]
    reached: set[str] = set()
    while waiting:
        for library in imports_of(waiting.pop()) & libraries.keys() - reached:
            reached.add(library)
            waiting.append(libraries[library])
    return [
        (name, source, kind)
        for name, source, kind in wanted
        if not is_shared_library(name) or PurePosixPath(name).name in reached
    ]


def check(bundle: Path) -> None:
    """Make sure that what the desk loads by name is in the bundle.

    Raises:
        BundleError: something is not; it names what.
    """
    absent = [pattern for pattern in NEEDED if not any(bundle.glob(pattern))]
    if absent:
        raise BundleError(f"The bundle lacks {', '.join(absent)}.")
