"""Starting the real desk beside the benchmark, off-screen, and weighing it with its children."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types

_ROOT = Path(__file__).parent.parent.parent
_MIB = 1 << 20


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

    def __init__(self, process: "subprocess.Popen[str]", started_ns: int) -> None:
        self._process = process
        self._started_ns = started_ns

    def wait_for(self, stage: str) -> dict[str, Any]:
        """Return what the child told at a stage."""
        for line in self._process.stdout or ():
            if not line.startswith("{"):
                continue
            told: dict[str, Any] = json.loads(line)
            if told["stage"] == stage:
                return told
        raise RuntimeError(f"the desk ended before it was {stage}")

    def shown_ms(self) -> float:
        """Return how long it took from starting the program to its first painted window."""
        return (int(self.wait_for("shown")["at_ns"]) - self._started_ns) / 1e6

    def memory_mib(self) -> tuple[float, float]:
        """Return resident and proportional memory of the process and all its children."""
        first = psutil.Process(self._process.pid)
        full = [p.memory_full_info() for p in (first, *first.children(recursive=True))]
        return sum(m.rss for m in full) / _MIB, sum(m.pss for m in full) / _MIB


@contextmanager
def desk_process(*arguments: str) -> Iterator[DeskProcess]:
    """Start ``desk_child`` (``empty``: only a window) with arguments; it ends with the block."""
    module = "empty_window" if arguments == ("empty",) else "desk_child"
    started_ns = monotonic_ns()
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        cwd=_ROOT,
        env=_surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield DeskProcess(process, started_ns)
        finally:
            if process.stdin is not None:
                process.stdin.close()
