"""The tour, as ``./run`` takes it where there is no display."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from trafficdesk.maps.sketch import install_sketch
from trafficdesk.profile import Profile
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services.demo.build import DemoPlan, make_demo

LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)
ON_THE_MAP = (330, 110, 930, 540)  # between the panels, the search and the legend


def test_the_tour_reaches_every_station_and_leaves_its_pictures(tmp_path: Path) -> None:
    profile, pictures = Profile(tmp_path / "demo"), tmp_path / "pictures"
    make_demo(profile, DemoPlan(scale=64, told=64, kdf=LIGHT))
    install_sketch(profile.packs)
    done = subprocess.run(
        [sys.executable, "-m", "trafficdesk", "tour", pictures],
        env=os.environ | {"TRAFFICDESK_HOME": str(profile.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summary = (pictures / "summary.md").read_text("utf-8")
    assert "Every station was reached." in summary
    shots = sorted(path.name for path in pictures.glob("*.png"))
    assert [f"({name})" in summary for name in shots] == [True] * 29
    assert _most_common_share(pictures / "16-map.png") < 0.85, "the base map was not drawn"


def test_a_tour_that_cannot_be_taken_says_why(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trafficdesk", "tour", tmp_path / "pictures"],
        env=os.environ | {"TRAFFICDESK_HOME": str(tmp_path / "nobody")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "The tour needs a demo desk" in done.stderr
    assert "The tour needs a demo desk" in (tmp_path / "pictures/summary.md").read_text("utf-8")


def _most_common_share(path: Path) -> float:
    """Return what share of a picture's map has its most common colour, that of the land."""
    with Image.open(path) as picture:
        area = picture.convert("RGB").crop(ON_THE_MAP)
    counts = area.getcolors(area.width * area.height) or []
    return max(count for count, _ in counts) / (area.width * area.height)
