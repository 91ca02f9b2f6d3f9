"""Nothing under the GPL or AGPL gets into what officers are given; the LGPL of Qt may."""

import re
import shutil
from pathlib import Path

import pytest
from cyclonedx.spdx import is_expression

from installers.bundle import BundleError
from installers.licences import QT_MODULES, is_bound, library_licences, refuse_bound
from installers.materials import Part
from installers.needed import needed_by_the_desk, stated_licence
from installers.page_assets import ROOT, VENDOR

EXTRAS = ("desk", "basemap", "routing")


def test_everything_the_desk_needs_states_its_licence() -> None:
    needed = needed_by_the_desk(EXTRAS)
    assert {"pyside6-essentials", "folium", "sqlalchemy", "numpy"} <= needed.keys()
    silent = [name for name, dist in needed.items() if not stated_licence(dist)]
    assert not silent


def test_everything_the_desk_needs_may_be_had_without_strong_copyleft() -> None:
    stated = {n: stated_licence(dist) for n, dist in needed_by_the_desk(EXTRAS).items()}
    assert not {name: licence for name, licence in stated.items() if is_bound(licence)}


def test_every_page_asset_comes_with_its_licence() -> None:
    stated = (VENDOR / "LICENCES" / "PACKAGES.txt").read_text(encoding="utf-8").splitlines()
    assert stated
    assert not [line for line in stated if is_bound(line.partition(": ")[2])]
    for name in ("leaflet", "protomaps-leaflet", "inter-ui", "lucide-static", "world-atlas"):
        assert (VENDOR / "LICENCES" / f"{name}.txt").stat().st_size > 500


@pytest.mark.parametrize(
    ("licence", "bound"),
    [
        ("GPL-2.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("GPL-2.0-or-later AND MIT", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("MIT", False),
        ("LGPL-2.1-or-later", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("GNU Lesser General Public License v3", False),
    ],
)
def test_the_gpl_binds_where_it_is_the_only_choice(licence: str, *, bound: bool) -> None:
    assert is_bound(licence) is bound


def test_the_licences_of_debians_libraries_are_written_as_spdx_does() -> None:
    stated = library_licences()
    plain = re.compile(r"[A-Za-z0-9.-]+")
    assert not [
        one for one in stated.values() if not plain.fullmatch(one) and not is_expression(one)
    ]
    bound = {package for package, licence in stated.items() if is_bound(licence)}
    assert bound == {"gdbm", "jbigkit", "librttopo", "readline", "spatialite"}


def test_a_part_under_the_gpl_or_one_that_nobody_looked_at_stops_the_build(tmp_path: Path) -> None:
    free = Part("deb", "libgeos3.11.1", "3.11.1-1", "LGPL-2.1-or-later", "geos")
    refuse_bound([free], tmp_path)
    jbig = Part("deb", "libjbig0", "2.1-6.1", "GPL-2.0-or-later", "jbigkit")
    new = Part("deb", "libnew1", "1.0-1", "", "new")
    with pytest.raises(BundleError, match=r"libjbig0 \(GPL-2.0-or-later\)"):
        refuse_bound([free, jbig], tmp_path)
    with pytest.raises(BundleError, match=r"libnew1 \(no licence is known\)"):
        refuse_bound([free, new], tmp_path)


def test_libraries_that_hold_or_call_what_is_under_the_gpl_stop_the_build(tmp_path: Path) -> None:
    for folder in Path("/usr/lib").glob("*-linux-gnu"):
        for name in ("mod_spatialite.so", "libtiff.so.6", "libz.so.1"):
            if (folder / name).is_file():
                shutil.copy(folder / name, tmp_path)
    with pytest.raises(BundleError, match="RTTOPO") as refused:
        refuse_bound([], tmp_path)
    assert "control points of GRASS GIS" in str(refused.value)
    assert "JBIG-KIT" in str(refused.value)
    assert "libz" not in str(refused.value)


def test_every_module_of_qt_that_the_desk_imports_may_be_had_under_the_lgpl() -> None:
    imported = {
        module
        for path in (ROOT / "trafficdesk").rglob("*.py")
        for module in re.findall(r"\bPySide6\.Qt(\w+)", path.read_text(encoding="utf-8"))
    }
    assert {"Core", "WebEngineCore", "Pdf"} <= imported
    assert imported <= QT_MODULES


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("libQt6Charts.so.6", True),
        ("QtCharts.abi3.so", True),
        ("Qt6VirtualKeyboard.dll", True),
        ("libQt6WebEngineCore.so.6", False),
        ("QtWidgets.abi3.so", False),
    ],
)
def test_modules_of_qt_that_have_no_lgpl_stop_the_build(
    tmp_path: Path, name: str, *, stops: bool
) -> None:
    (tmp_path / name).touch()
    if stops:
        with pytest.raises(BundleError, match="module of Qt"):
            refuse_bound([], tmp_path)
    else:
        refuse_bound([], tmp_path)
