"""The fetched scripts, fonts and icons are whole, and made anew only when the lock changes."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from installers import page_assets
from installers.page_assets import ROOT, VENDOR, AssetError


def test_the_vendor_folder_holds_what_the_map_page_reads() -> None:
    for name in (
        "leaflet/leaflet.js",
        "leaflet/leaflet.css",
        "leaflet/images/layers.png",
        "leaflet-draw/leaflet.draw.js",
        "leaflet-draw/images/spritesheet.svg",
        "protomaps-leaflet/protomaps-leaflet.js",
        "world-atlas/land-110m.json",
        "icons/map-pin.svg",
    ):
        assert (VENDOR / name).stat().st_size > 0, name


@pytest.mark.parametrize("style", ["Regular", "Medium", "SemiBold", "Bold"])
def test_inter_keeps_its_tabular_figures_and_alternates_as_truetype(style: str) -> None:
    font = TTFont(VENDOR / "fonts" / f"Inter-{style}.ttf")
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert font.sfntVersion == "\0\1\0\0"
    assert font.flavor is None
    assert {"tnum", "cv10", "zero"} <= features


@pytest.mark.parametrize(("script", "letter"), [("Tamil", "க"), ("Devanagari", "क")])
def test_the_indian_fonts_draw_their_scripts(script: str, letter: str) -> None:
    font = TTFont(VENDOR / "fonts" / f"NotoSans{script}-Regular.ttf")
    assert ord(letter) in font.getBestCmap()


def test_a_second_run_leaves_a_fresh_folder_alone() -> None:
    before = (VENDOR / "leaflet" / "leaflet.js").stat()
    subprocess.run([sys.executable, ROOT / "installers" / "page_assets.py"], check=True)
    after = (VENDOR / "leaflet" / "leaflet.js").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_folder_made_from_another_lock_is_not_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((page_assets.MANIFEST / name).read_bytes() + b" ")
    assert page_assets.is_fresh()
    monkeypatch.setattr(page_assets, "MANIFEST", tmp_path)
    assert not page_assets.is_fresh()


def test_a_package_that_lost_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "leaflet" / "dist").mkdir(parents=True)
    with pytest.raises(AssetError, match=r"leaflet/dist/leaflet\.js"):
        page_assets.copy_files(tmp_path, tmp_path / "vendor")
