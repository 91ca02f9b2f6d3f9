"""Nothing that may be had under the GPL or AGPL alone gets into the frozen desk.

The LGPL may, and so may the GPL with the exception of GCC's own libraries. What a Debian package
says of its source covers manuals, tests and build scripts, too, so the licence of the library
that comes out of it stands in ``linux/library-licences.txt``, by the name of the source package:
a package that is not in it was not looked at yet, and stops the build.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from installers.bundle import BundleError
from installers.materials import Part
from installers.page_assets import ROOT
from installers.slimming import files_of

LIBRARY_LICENCES = ROOT / "installers" / "linux" / "library-licences.txt"
_BOUND = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|Affero|GNU General)", re.IGNORECASE)
_EXCEPTED = re.compile(r"GPL-\d\.\d(-or-later|-only)? WITH GCC-exception-\d\.\d")
# What is in a library although no package says so: names in code that is under the GPL.
_MARKS = {
    b"rtgeom_init": "RTTOPO",
    b"jbg_dec_init": "JBIG-KIT",
    b"I_compute_georef_equations": "the control points of GRASS GIS",
    b"rl_bind_key": "GNU readline",
}
_LIBRARY = re.compile(r"\.(so|dll|dylib|pyd)(\.|$)")
# Some of Qt's modules come under the GPL or a commercial licence alone; these have the LGPL, too.
_QT_LIBRARY = re.compile(r"^(?:lib)?Qt6?([A-Z]\w*)(?:\.abi3)?\.(?:so|dll|dylib|pyd)\b")
QT_MODULES = frozenset(
    {
        *("Core", "DBus", "Gui", "Network", "Positioning", "PrintSupport", "Svg", "Test"),
        *("OpenGL", "OpenGLWidgets", "Pdf"),
        *("Widgets", "Qml", "QmlMeta", "QmlModels", "QmlWorkerScript", "Quick", "QuickWidgets"),
        *("WebChannel", "WebEngineCore", "WebEngineWidgets"),
        *("WaylandClient", "WlShellIntegration", "XcbQpa"),
    }
)


def is_bound(licence: str) -> bool:
    """Tell whether a licence expression leaves no choice but the GPL or AGPL."""
    choices = _EXCEPTED.sub("excepted", licence).split(" OR ")
    return all(_BOUND.search(choice) for choice in choices)


def library_licences() -> dict[str, str]:
    """Return the licence of what each of Debian's source packages brings, as SPDX writes it."""
    lines = LIBRARY_LICENCES.read_text(encoding="utf-8").splitlines()
    stated = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {package: licence for package, _, licence in stated}


def refuse_bound(parts: Iterable[Part], bundle: Path) -> None:
    """Refuse a bundle that has a part under the GPL or AGPL, or one that nobody looked at.

    Raises:
        BundleError: it names them.
    """
    found = [f"{part.name} (no licence is known)" for part in parts if not part.licence]
    found += [f"{part.name} ({part.licence})" for part in parts if is_bound(part.licence)]
    for path in files_of(bundle):
        module = _QT_LIBRARY.match(path.name)
        if module and module[1] not in QT_MODULES:
            found.append(f"{path.name} (a module of Qt that may be under the GPL)")
        if _LIBRARY.search(path.name):
            content = path.read_bytes()
            found += [f"{path.name} ({part})" for mark, part in _MARKS.items() if mark in content]
    if found:
        raise BundleError(f"Not to be given to others under our licence: {', '.join(found)}.")
