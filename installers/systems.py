"""What differs between Linux, Windows and macOS in the frozen desk: names and places of its parts.

The desk was frozen on Linux alone so far. What stands here of the others follows the wheels of
PySide6 for them and has not yet been run there.
"""

import platform
import re
from dataclasses import dataclass

# Of the plugins of Qt, the folders the desk loads from. All it prints is written as PDF, for which
# Qt needs no printer: what talks to one brings a dozen libraries of ciphers and networks on Linux.
_PLUGINS = frozenset({"generic", "iconengines", "imageformats", "platforms", "tls"})


@dataclass(frozen=True, slots=True)
class System:
    """The parts of a bundle that have other names elsewhere; places are those in the bundle."""

    name: str
    qt: str
    plugins: frozenset[str]
    spatialite: str
    advice: str
    needed: tuple[str, ...]
    # Every machine has its own, and they must match its drivers or its sound server.
    left_to_the_system: re.Pattern[str]
    dropped: tuple[str, ...] = ()


_NEEDED = (
    "_internal/resources/vendor/leaflet/leaflet.js",
    "_internal/resources/vendor/fonts/Inter-Regular.ttf",
    "_internal/resources/vendor/LICENCES/PACKAGES.txt",
    "_internal/resources/basemaps/coimbatore/tiles.pmtiles",
    "_internal/proj/proj.db",
)

LINUX = System(
    name="Linux",
    qt="PySide6/Qt",
    plugins=_PLUGINS
    | {
        "platforminputcontexts",
        "wayland-decoration-client",
        "wayland-graphics-integration-client",
        "wayland-shell-integration",
        "xcbglintegrations",
    },
    spatialite="mod_spatialite.so",
    advice="There is no extension, or no proj.db beside it, where TRAFFICDESK_SPATIALITE says.",
    needed=(
        *_NEEDED,
        "trafficdesk",
        "_internal/mod_spatialite.so",
        "_internal/**/libsoftokn3.so",
        "_internal/**/libfreebl3.so",
        "_internal/**/libnssckbi.so",
        "_internal/PySide6/Qt/libexec/QtWebEngineProcess",
        "_internal/PySide6/Qt/resources/icudtl.dat",
        "_internal/PySide6/Qt/plugins/platforms/libqxcb.so",
        "_internal/PySide6/Qt/plugins/platforms/libqoffscreen.so",
    ),
    # An old libstdc++ would keep the drivers of a newer machine from loading.
    left_to_the_system=re.compile(
        r"^lib(GL|EGL|GLX|OpenGL|GLESv2|drm|gbm|xcb|xcb-dri3|wayland-.*|X11|X11-xcb|asound|pulse.*"
        r"|stdc\+\+|gcc_s)\.so"
    ),
    dropped=(
        "PySide6/Qt/plugins/imageformats/libqpdf",
        "PySide6/Qt/plugins/imageformats/libqtiff",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard",
        "PySide6/Qt/plugins/platforms/libqeglfs",
        "PySide6/Qt/plugins/platforms/libqlinuxfb",
        "PySide6/Qt/plugins/platforms/libqminimalegl",
        "PySide6/Qt/plugins/platforms/libqvkkhrdisplay",
        "PySide6/Qt/plugins/platforms/libqvnc",
    ),
)

_NOTHING = re.compile(r"(?!)")

WINDOWS = System(
    name="Windows",
    qt="PySide6",
    plugins=_PLUGINS | {"position", "styles"},
    spatialite="mod_spatialite.dll",
    advice="Name mod_spatialite.dll, with its libraries and proj.db, in TRAFFICDESK_SPATIALITE.",
    needed=(
        *_NEEDED,
        "trafficdesk.exe",
        "_internal/mod_spatialite.dll",
        "_internal/PySide6/QtWebEngineProcess.exe",
        "_internal/PySide6/resources/icudtl.dat",
        "_internal/PySide6/plugins/platforms/qwindows.dll",
        "_internal/PySide6/plugins/platforms/qoffscreen.dll",
        "_internal/PySide6/plugins/position/*.dll",
    ),
    left_to_the_system=_NOTHING,
    dropped=("PySide6/opengl32sw.dll", "PySide6/plugins/imageformats/qpdf"),
)

MACOS = System(
    name="Darwin",
    qt="PySide6/Qt",
    plugins=_PLUGINS | {"permissions", "position", "styles"},
    spatialite="mod_spatialite.dylib",
    advice="Name mod_spatialite.dylib, with proj.db beside it, in TRAFFICDESK_SPATIALITE.",
    needed=(
        *_NEEDED,
        "trafficdesk",
        "_internal/mod_spatialite.dylib",
        "_internal/PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "_internal/PySide6/Qt/plugins/platforms/libqoffscreen.dylib",
        "_internal/PySide6/Qt/plugins/position/*.dylib",
    ),
    left_to_the_system=_NOTHING,
    dropped=("PySide6/Qt/plugins/imageformats/libqpdf",),
)


def this_system() -> System:
    """Return the one that this program runs on; what is no other is taken for a Linux."""
    by_name = {system.name: system for system in (LINUX, WINDOWS, MACOS)}
    return by_name.get(platform.system(), LINUX)
