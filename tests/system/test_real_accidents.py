"""The first 3,000 of Barcelona's accidents, worked on in the real desk off-screen.

All 86,467 take some two minutes: ``python -m tests.system.accidents_walk DIR``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.accidents_desk import ACCIDENTS, ROOT

ROWS = 3_000

pytestmark = pytest.mark.skipif(
    not ACCIDENTS.exists(), reason="the accidents of Barcelona are not on this machine"
)


def test_real_accidents_are_imported_searched_decided_and_found_on_the_map(tmp_path: Path) -> None:
    screen = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
    }
    kept = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    walked = subprocess.run(
        [sys.executable, "-m", "tests.system.accidents_walk", str(tmp_path), "--rows", str(ROWS)],
        cwd=ROOT,
        env=kept | screen,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr
    told = json.loads(walked.stdout.splitlines()[-1])
    assert (told["rows"], told["warnings"]) == (ROWS, {})
    assert (told["severe"], told["found"]) == (93, 164)
    assert told["by_status"] == {
        "approved": 6,
        "needs_info": 1,
        "pending": ROWS - 9,
        "rejected": 2,
    }
    assert (told["wrong"], told["faults"]) == ([], [])
    assert told["clusters"][0] > 0
    assert {"map.png", "searched.png"} <= {shot.name[3:] for shot in tmp_path.glob("*.png")}
