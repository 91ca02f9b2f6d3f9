"""Starting the real desk beside the benchmark, off-screen, and weighing it with its children.

Every wait has an end: a desk that does not come so far fails the benchmark and says where it stood.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryFile
from threading import Thread
from time import monotonic, monotonic_ns
from typing import IO, Any

import psutil  # type: ignore[import-untyped]  # it ships no types

_ROOT = Path(__file__).parent.parent.parent
_MIB = 1 << 20
# The child ends itself earlier and tells where each of its threads was.
STAGE_LIMIT_S = 170.0
END_LIMIT_S = 30.0
_TOLD_AT_MOST = 4_000
_CHILDREN = {"empty": "empty_window", "alert": "alert_child"}


class DeskStuckError(RuntimeError):
    """The desk ended too early, or did not come so far in time."""


def _surroundings() -> dict[str, str]:
    """Return the environment of a machine without display and GPU."""
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    env |= {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses to start as root unless its sandbox is off.
        env.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    return env


class DeskProcess:
    """A child that tells its stages; made by ``desk_process``."""

    def __init__(
        self, process: "subprocess.Popen[str]", started_ns: int, errors: IO[bytes]
    ) -> None:
        self._process = process
        self._started_ns = started_ns
        self._errors = errors
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, name="desk-stages", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put("")

    def wait_for(self, stage: str) -> dict[str, Any]:
        """Return what the child told at a stage. Raises ``DeskStuckError``."""
        end = monotonic() + STAGE_LIMIT_S
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - monotonic()))
            except Empty:
                raise self._stuck(f"was not {stage} after {STAGE_LIMIT_S:.0f} s") from None
            if not line:
                raise self._stuck(f"ended before it was {stage}")
            told: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
            if told.get("stage") == stage:
                return told

    def _stuck(self, how: str) -> DeskStuckError:
        self.kill()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace")[-_TOLD_AT_MOST:]
        return DeskStuckError(f"the desk {how}\n{said}")

    def end(self) -> None:
        """Close its input, which ends it. Raises ``DeskStuckError`` when it does not end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            code = self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise self._stuck(f"did not end within {END_LIMIT_S:.0f} s") from None
        if code:
            raise self._stuck(f"ended with {code}")

    def kill(self) -> None:
        """End it and its children at once, whatever they do."""
        if self._process.poll() is None:
            for child in psutil.Process(self._process.pid).children(recursive=True):
                child.kill()
            self._process.kill()

    def shown_ms(self) -> float:
        """Return how long it took from starting the program to its first painted window."""
        return self.ms_until(self.wait_for("shown"))

    def ms_until(self, told: dict[str, Any]) -> float:
        """Return how long it took from starting the program to a stage that was told."""
        return (int(told["at_ns"]) - self._started_ns) / 1e6

    def memory_mib(self) -> tuple[float, float]:
        """Return resident and proportional memory of the process and all its children."""
        first = psutil.Process(self._process.pid)
        full = [p.memory_full_info() for p in (first, *first.children(recursive=True))]
        return sum(m.rss for m in full) / _MIB, sum(m.pss for m in full) / _MIB


@contextmanager
def desk_process(*arguments: str) -> Iterator[DeskProcess]:
    """Start ``desk_child``, or the child of its own that the first argument has; ends with it."""
    module = _CHILDREN.get(arguments[0], "desk_child")
    with TemporaryFile() as errors:
        started_ns = monotonic_ns()
        with subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *arguments],
            cwd=_ROOT,
            env=_surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process:
            desk = DeskProcess(process, started_ns, errors)
            try:
                yield desk
                desk.end()
            finally:
                desk.kill()
