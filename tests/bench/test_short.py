"""Every benchmark runs, on a small desk, and ends with its line; no time is asserted."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES, SERVER_BENCHES

ROOT = Path(__file__).parent.parent.parent
ROWS = 400


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", sorted({*BENCHES, *SERVER_BENCHES}))
def test_a_benchmark_ends_with_a_line_that_says_its_ratio(name: str, cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", name, f"--rows={ROWS}", "--repeats=1", "--json"],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    (printed,) = done.stdout.splitlines()
    line = json.loads(printed)
    assert line["bench"] == name
    assert line["rows"] == ROWS
    assert math.isfinite(line["ratio"])
    assert line["ratio"] > 0
