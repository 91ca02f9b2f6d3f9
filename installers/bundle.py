"""What goes into the frozen desk: what is trimmed, and what must be there."""

import logging
import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from installers.page_assets import ROOT
from installers.systems import System

# The name in the bundle, the file it comes from, and PyInstaller's kind of entry.
Entry = tuple[str, str, str]

BUILD = ROOT / "build" / "bundle"
DIST = ROOT / "dist"

# The desk has its own translations; of Qt's, the languages an officer may read. Of Chromium's only
# English: nothing of its own words is ever shown.
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
# What no part of the desk reaches, on whatever system.
DROPPED = re.compile(
    r"""(
    PySide6/(Qt/)?qml/
    |PySide6/(Qt/)?resources/qtwebengine_devtools_resources
    |PySide6/(Qt/)?translations/(qt_help|qtlocation|qtdeclarative)_
    |PySide6/QtOpenGL          # the chart library alone imports it, and is given a stand-in
    |PIL/_avif                 # photos of that kind are not taken in
    |pyqtgraph/icons/          # of its menus and legends, which are never shown
    |rapidfuzz/(distance/|process_|.*_avx2)  # it has the same without them; two words are compared
    |zstandard/_cffi           # its other backend is the one that is used
    |trafficdesk-.*dist-info/  # it holds the place of the checkout
    )""",
    re.VERBOSE,
)
# Imported by a name in a text, so nothing tells PyInstaller of them: charts, SQLCipher's driver.
NAMED_IMPORTS = ("pyqtgraph", "sqlcipher3.dbapi2")
# Loaded by name at run time, so nothing links to them: NSS for the web engine.
LOADED_BY_NAME = re.compile(r"lib(softokn3|freebl3|freeblpriv3|nssckbi|nssdbm3)\.(so|chk)$")


class BundleError(Exception):
    """The bundle cannot be made, or would not run elsewhere."""


class MissingLibraries(logging.Handler):
    """Collects what PyInstaller only warns of: libraries that the build host does not have."""

    def __init__(self, left_to_the_system: re.Pattern[str]) -> None:
        super().__init__(logging.WARNING)
        self.left_to_the_system = left_to_the_system
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
            if file in sources and not self.left_to_the_system.match(library)
        ]
        if lacking:
            raise BundleError(f"Missing on this machine: {', '.join(lacking)}.")


def shipped_resources() -> list[tuple[str, str]]:
    """Return each resource the desk reads, and its folder in the bundle; of the icons the named."""
    resources = ROOT / "resources"
    said = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "trafficdesk").rglob("*.py"))
    said += "".join(p.read_text(encoding="utf-8") for p in (resources / "map").glob("*.js"))
    named = set(re.findall(r"[a-z0-9-]+", said))
    return [
        (str(path), path.parent.relative_to(ROOT).as_posix())
        for path in sorted(resources.rglob("*"))
        if path.is_file()
        and path.relative_to(resources).parts[0] not in {"assets", "screenshots"}
        and (path.parent.name != "icons" or path.stem in named)
    ]


def is_wanted(name: str, system: System) -> bool:
    """Tell whether a file of the bundle, named by its place in it, is of use to the desk."""
    if DROPPED.match(name) or name.startswith(system.dropped):
        return False
    if system.left_to_the_system.match(PurePosixPath(name).name):
        return False
    if name.startswith(f"{system.qt}/plugins/"):
        return name.removeprefix(f"{system.qt}/plugins/").split("/")[0] in system.plugins
    if name.startswith(f"{system.qt}/translations/"):
        # qtbase_de.qm, qtwebengine_locales/en-US.pak
        if name.endswith(".pak"):
            return PurePosixPath(name).stem == "en-US"
        return re.split(r"[_.]", PurePosixPath(name).name.removesuffix(".qm"))[-1] in KEPT_LANGUAGES
    return True


def is_shared_library(name: str) -> bool:
    """Tell whether a file is there only for what links to it."""
    path = PurePosixPath(name)
    return (
        path.name.startswith("lib")
        and ".so" in path.name
        and not LOADED_BY_NAME.search(path.name)
        and not path.name.startswith("libpython")
        and (str(path.parent) in {".", "PySide6/Qt/lib"} or path.parent.name.endswith(".libs"))
    )


def trim(
    entries: Iterable[Entry], imports_of: Callable[[str], set[str]], system: System
) -> list[Entry]:
    """Drop what the desk does not use, and then the libraries that only that had linked.

    ``imports_of`` gives the base names of the libraries that a file links.
    """
    wanted = [
        (PurePosixPath(name.replace("\\", "/")).as_posix(), source, kind)
        for name, source, kind in entries
    ]
    wanted = [entry for entry in wanted if is_wanted(entry[0], system)]
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


def check(bundle: Path, system: System) -> None:
    """Make sure that what the desk loads by name is in the bundle.

    Raises:
        BundleError: something is not; it names what.
    """
    absent = [pattern for pattern in system.needed if not any(bundle.glob(pattern))]
    if absent:
        raise BundleError(f"The bundle lacks {', '.join(absent)}.")
