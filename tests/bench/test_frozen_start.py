"""The time of a start ends with the program's own picture, not with that of the one before."""

import struct
import sys
import threading
from pathlib import Path

import pytest

from tests.bench import frozen_start
from tests.bench.frozen_start import start_ms

_PIXELS = 5000
_HEADER = 100
_LATER_S = 0.3
_PAINT = "import sys, time, shutil; time.sleep(float(sys.argv[1])); shutil.copy(*sys.argv[2:])"


def _dump(path: Path, colours: int) -> Path:
    """Write what is on a screen of some pixels, as Xvfb keeps it."""
    header = bytearray(_HEADER)
    struct.pack_into(">I", header, 0, _HEADER)
    pixels = (number % colours for number in range(_PIXELS))
    path.write_bytes(bytes(header) + struct.pack(f"{_PIXELS}I", *pixels))
    return path


def test_a_picture_that_is_still_there_from_the_program_before_is_not_counted(
    tmp_path: Path,
) -> None:
    screen = _dump(tmp_path / "screen", _PIXELS)
    picture, empty = _dump(tmp_path / "picture", _PIXELS), _dump(tmp_path / "empty", 2)
    # The program before has ended, and the server takes its window away a little later.
    threading.Timer(_LATER_S, lambda: empty.replace(screen)).start()
    program = [sys.executable, "-c", _PAINT, str(_LATER_S), str(picture), str(screen)]
    assert start_ms(program, {}, screen) > _LATER_S * 1000


def test_a_screen_that_stays_as_it_was_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen_start, "_END_S", 0.1)
    screen = _dump(tmp_path / "screen", _PIXELS)
    with pytest.raises(TimeoutError, match="stays on the screen"):
        start_ms([sys.executable, "-c", ""], {}, screen)
