"""A program whose main thread ends in a bug ends too, and what was decided is written first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ENDS_WITHIN_S = 60
_PROGRAM = """
import sys, time
from functools import partial
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QObject
from trafficdesk.qt.tasks import Lane, Lanes

folder = Path(sys.argv[1])

def write(number):
    time.sleep(0.1)
    (folder / f"{number}.txt").write_text("kept")

def main():
    app = QCoreApplication([])
    owner = QObject()
    lanes = Lanes(owner)
    for number in range(5):
        lanes.run(Lane.WRITER, partial(write, number), print)
    ENDING

main()
"""
ENDINGS = {
    "raise ValueError('a bug')": 1,
    "sys.exit(3)": 3,
    "pass": 0,
    "import shiboken6; shiboken6.delete(owner); raise ValueError('a bug')": 1,
}


@pytest.mark.parametrize(("ending", "code"), ENDINGS.items(), ids=["bug", "exit", "end", "deleted"])
def test_a_main_thread_that_ends_lets_the_writer_finish_and_the_program_end(
    ending: str, code: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.replace("ENDING", ending), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDS_WITHIN_S,
    )
    assert done.returncode == code, done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {f"{n}.txt" for n in range(5)}
