"""The frozen desk against the same from source: ``python -m tests.bench.frozen_start BUNDLE``.

Both are started in turn under a screen of their own (Xvfb), from nothing in memory (``--cold``,
as root) or again, until their unlock screen is painted; it is looked for on the screen, so that the
frozen program is measured as it is.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).parent.parent.parent
_SCREEN = "1280x800x24"
_LIMIT_S = 60.0
_END_S = 20.0
_LOOK_S = 0.01
_ENTRY_BYTES = 12
# An empty window has a few colours, with the pointer in it some dozens; letters smoothed at their
# edges have a thousand.
_COLOURS = 200
_EVERY = 5


def colours_on(framebuffer: Path) -> int:
    """Return about how many colours are on a screen."""
    dump = framebuffer.read_bytes()
    # X11/XWDFile.h: the header's own length first, the number of entries of the colour table later.
    header, entries = (int.from_bytes(dump[at : at + 4], "big") for at in (0, 76))
    pixels = memoryview(dump)[header + entries * _ENTRY_BYTES :].cast("I")
    return len(set(pixels[::_EVERY]))


@contextmanager
def screen(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run a screen nobody sees, at a number it finds itself; yield its name and its memory."""
    read, write = os.pipe()
    # Without -noreset it begins anew after each program, which the next one would wait for.
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    words.append("-noreset")
    with subprocess.Popen(
        [*words, "-fbdir", str(folder)], pass_fds=[write], stderr=subprocess.DEVNULL
    ) as server:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            yield f":{number}", folder / "Xvfb_screen0"
        finally:
            server.terminate()


def wait_until_empty(framebuffer: Path) -> None:
    """Wait until what the program before has painted is gone. Raises ``TimeoutError``."""
    until = time.monotonic() + _END_S
    while colours_on(framebuffer) >= _COLOURS:
        if time.monotonic() > until:
            raise TimeoutError("what the program before has painted stays on the screen")
        time.sleep(_LOOK_S)


def start_ms(command: list[str], environment: Mapping[str, str], framebuffer: Path) -> float:
    """Return how long a program takes until it has painted. Raises ``TimeoutError``.

    The screen is empty before it is started: the server learns a little later than we do that the
    program before has ended, and its picture would be counted as the next one's.
    """
    wait_until_empty(framebuffer)
    started = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    ) as program:
        try:
            while True:
                # First: a program may paint and end between the two looks.
                is_over = time.monotonic() - started > _LIMIT_S or program.poll() is not None
                if colours_on(framebuffer) >= _COLOURS:
                    return (time.monotonic() - started) * 1000
                if is_over:
                    raise TimeoutError(f"{command[0]} painted nothing")
                time.sleep(_LOOK_S)
        finally:
            program.send_signal(signal.SIGTERM)
            try:
                program.wait(_END_S)
            except subprocess.TimeoutExpired:
                program.kill()


def forget_files() -> None:
    """Have the system forget what it read of the disk; only root may."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")


def _surroundings(display: str, profile: Path) -> dict[str, str]:
    """Return what both are started with; the source keeps what it compiled, as it usually does."""
    others = {"WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE"}
    return {name: told for name, told in os.environ.items() if name not in others} | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_QUICK_BACKEND": "software",
        "TRAFFICDESK_HOME": str(profile),
    }


def measure(bundle: Path, turns: int, *, is_cold: bool) -> dict[str, float]:
    """Start both in turn and return the medians and their ratio."""
    programs = {
        "source": [str(_ROOT / ".venv" / "bin" / "trafficdesk")],
        "frozen": [str(bundle / "trafficdesk")],
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as profile, screen(Path(profile)) as (display, framebuffer):
        surroundings = _surroundings(display, Path(profile) / "desk")
        subprocess.run(
            [*programs["source"], "demo"], env=surroundings, check=True, stdout=subprocess.DEVNULL
        )
        for turn in range(turns + 1):
            for name, command in programs.items():
                shutil.rmtree(f"{profile}/desk/crash", ignore_errors=True)
                if is_cold:
                    forget_files()
                ms = start_ms(command, surroundings, framebuffer)
                if turn:  # the first one warms the disk's cache, and compiles what is new
                    taken[name].append(ms)
    result = {f"{name}_ms": round(median(each)) for name, each in taken.items()}
    return {**result, "ratio": round(result["frozen_ms"] / result["source_ms"], 2), "turns": turns}


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description="Start the frozen desk and the one from source.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="with nothing in memory (as root)")
    given = parser.parse_args()
    told = measure(given.bundle.resolve(), given.turns, is_cold=given.cold)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
