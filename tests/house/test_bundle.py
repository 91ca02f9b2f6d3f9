"""The frozen desk carries what it loads by name and leaves out what nothing of it reaches."""

import logging
from pathlib import Path, PurePath

import pytest

from installers.bundle import (
    NAMED_IMPORTS,
    BundleError,
    Entry,
    MissingLibraries,
    check,
    shipped_resources,
    trim,
)
from installers.page_assets import ROOT
from installers.systems import LINUX, MACOS, WINDOWS
from trafficdesk.qt.analytics import plotting

QT = LINUX.qt
PROGRAM: Entry = ("PySide6/QtWidgets.abi3.so", "/pip/QtWidgets.abi3.so", "EXTENSION")
LINKS = {
    "QtWidgets.abi3.so": {"libQt6Widgets.so.6", "libc.so.6"},
    "libQt6Widgets.so.6": {"libQt6Core.so.6"},
    "libqxcb.so": {"libxkb.so.1"},
    "libplayer.so": {"libQt6Multimedia.so.6"},
    "libQt6Multimedia.so.6": {"libQt6Core.so.6"},
}


def library(place: str) -> Entry:
    return place, f"/pip/{PurePath(place).name}", "BINARY"


def imports_of(source: str) -> set[str]:
    return LINKS.get(PurePath(source).name, set())


def kept(*entries: Entry) -> set[str]:
    return {name for name, _, _ in trim([PROGRAM, *entries], imports_of, LINUX)}


def test_libraries_that_the_program_reaches_stay_with_their_links() -> None:
    names = [f"{QT}/lib/libQt6Widgets.so.6", f"{QT}/lib/libQt6Core.so.6"]
    link = ("libQt6Core.so.6", f"{QT}/lib/libQt6Core.so.6", "SYMLINK")
    assert kept(*map(library, names), link) == {PROGRAM[0], *names, "libQt6Core.so.6"}


def test_libraries_that_only_a_dropped_plugin_links_go_with_it() -> None:
    plugin = library(f"{QT}/qml/QtMultimedia/libplayer.so")
    link = ("libQt6Multimedia.so.6", f"{QT}/lib/libQt6Multimedia.so.6", "SYMLINK")
    assert kept(plugin, library(f"{QT}/lib/libQt6Multimedia.so.6"), link) == {PROGRAM[0]}


def test_what_a_kept_plugin_links_stays() -> None:
    plugin, linked = library(f"{QT}/plugins/platforms/libqxcb.so"), library("libxkb.so.1")
    assert kept(plugin, linked) == {PROGRAM[0], plugin[0], "libxkb.so.1"}


def test_modules_that_nothing_links_but_the_web_engine_loads_stay() -> None:
    names = {"libsoftokn3.so", "libfreebl3.so", "libfreebl3.chk", "libnssckbi.so"}
    assert kept(*map(library, names)) == {PROGRAM[0], *names}


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/QtOpenGL.abi3.so",
        "PySide6/QtOpenGLWidgets.abi3.so",
        "rapidfuzz/fuzz_cpp_avx2.cpython-311-x86_64-linux-gnu.so",
        "rapidfuzz/distance/metrics_cpp.cpython-311-x86_64-linux-gnu.so",
        "pyqtgraph/icons/default.png",
    ],
)
def test_what_libraries_do_without_is_left_out(name: str) -> None:
    needed = library("rapidfuzz/fuzz_cpp.cpython-311-x86_64-linux-gnu.so")
    assert kept(library(name), needed) == {PROGRAM[0], needed[0]}


def test_what_talks_to_printers_is_left_out_with_its_ciphers() -> None:
    LINKS["libcupsprintersupport.so"] = {"libcups.so.2"}
    LINKS["libcups.so.2"] = {"libgnutls.so.30"}
    plugin = library(f"{QT}/plugins/printsupport/libcupsprintersupport.so")
    assert kept(plugin, *map(library, ("libcups.so.2", "libgnutls.so.30"))) == {PROGRAM[0]}


def test_the_spatialite_extension_stays() -> None:
    assert "mod_spatialite.so" in kept(library("mod_spatialite.so"))


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("qtbase_de.qm", True),
        ("qtbase_ja.qm", False),
        ("qtwebengine_locales/en-US.pak", True),
        ("qtwebengine_locales/ta.pak", False),
        ("qtwebengine_locales/zh-CN.pak", False),
    ],
)
def test_of_qt_the_languages_of_officers_are_carried_and_of_chromium_english(
    name: str, *, stays: bool
) -> None:
    place = f"{QT}/translations/{name}"
    assert (place in kept((place, f"/pip/{name}", "DATA"))) is stays


def warn(handler: MissingLibraries, name: str, needed_by: str) -> None:
    """Say what PyInstaller says when the build host lacks a library."""
    text = "Library not found: could not resolve %r, dependency of %r."
    handler.handle(logging.LogRecord("x", logging.WARNING, "", 0, text, (name, needed_by), None))


def test_a_library_that_the_build_host_lacks_stops_the_build() -> None:
    missing = MissingLibraries(LINUX.left_to_the_system)
    warn(missing, "libxkb.so.1", PROGRAM[1])
    with pytest.raises(BundleError, match=r"libxkb\.so\.1 for QtWidgets"):
        missing.refuse([PROGRAM])


def test_a_library_of_the_system_or_of_a_dropped_file_may_be_lacking() -> None:
    missing = MissingLibraries(LINUX.left_to_the_system)
    warn(missing, "libGL.so.1", PROGRAM[1])
    warn(missing, "libgtk-3.so.0", "/pip/plugins/platformthemes/libqgtk3.so")
    missing.refuse([PROGRAM])


def test_a_bundle_without_a_part_it_loads_by_name_is_refused(tmp_path: Path) -> None:
    for pattern in LINUX.needed:
        part = tmp_path / pattern.replace("**/", "").replace("*", "any")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    check(tmp_path, LINUX)
    (tmp_path / "_internal" / "libsoftokn3.so").unlink()
    with pytest.raises(BundleError, match="libsoftokn3"):
        check(tmp_path, LINUX)


@pytest.mark.parametrize("name", ["libgbm.so.1", "libasound.so.2", "libstdc++.so.6"])
def test_what_must_match_the_drivers_of_a_machine_stays_its_own(name: str) -> None:
    LINKS["libqwayland.so"] = {name}
    plugin = library(f"{QT}/plugins/platforms/libqwayland.so")
    assert kept(plugin, library(name)) == {PROGRAM[0], plugin[0]}


def test_the_source_of_positions_goes_along_where_the_system_has_one() -> None:
    for system, name in ((WINDOWS, "qtposition_winrt.dll"), (MACOS, "libqtposition_cl.dylib")):
        place = f"{system.qt}/plugins/position/{name}"
        entry = (place.replace("/", "\\"), f"/pip/{name}", "BINARY")
        assert (place, *entry[1:]) in trim([PROGRAM, entry], imports_of, system)


def test_only_icons_that_are_named_somewhere_are_carried() -> None:
    names = {Path(path).name for path, folder in shipped_resources() if folder.endswith("icons")}
    assert {"map.svg", "volume-off.svg"} <= names
    assert len(names) < 300


def test_screenshots_and_manifests_are_not_carried() -> None:
    folders = {
        Path(path).relative_to(ROOT / "resources").parts[0] for path, _ in shipped_resources()
    }
    assert {"basemaps", "map", "mappings", "translations", "vendor"} <= folders
    assert folders.isdisjoint({"assets", "screenshots"})


def test_what_is_imported_by_a_name_in_a_text_is_carried() -> None:
    assert plotting.NAME in NAMED_IMPORTS
