"""Builds the routing tiles of a pack with Valhalla's own program, run as a child process."""

import importlib.util
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Final

from trafficdesk.maps.faults import PackFault, PackRefusedError
from trafficdesk.maps.packs import Cancelled, Progress
from trafficdesk.maps.routing.process import ENGINE, has_engine
from trafficdesk.maps.routing.tiles import save_tiles
from trafficdesk.maps.tiler import Child, python_child, run_child

_IS_WINDOWS: Final = os.name == "nt"
_PROGRAM: Final = "valhalla_build_tiles"
_STEPS: Final = 120  # lines that the program says over a town as over a state; only moves the bar


def build_roads(source: Path, part: Path, work: Path, watch: tuple[Progress, Cancelled]) -> None:
    """Write the routing tiles of ``source`` (.osm.pbf or .osm) into the pack at ``part``.

    ``work`` is for files that are of no use afterwards; progress gets steps done and all of them.

    Raises:
        PackRefusedError: the program failed, or the user cancelled.
    """
    progress, cancelled = watch
    extract = _roads_of(source, work, cancelled)
    built = work / "roads"
    built.mkdir()
    said = 0

    def listen(_line: str) -> None:
        nonlocal said
        said = min(said + 1, _STEPS)
        progress(said, _STEPS)

    child = Child(_command(extract, built, work), work, environment=_environment())
    code, last = run_child(child, source, listen=listen, cancelled=cancelled)
    if code != 0:
        raise PackRefusedError(PackFault.TOOL_FAILED, source, last)
    try:
        save_tiles(part, built, version(ENGINE))
    except FileNotFoundError as fault:
        raise PackRefusedError(PackFault.TOOL_FAILED, source, last) from fault


def can_build() -> bool:
    """Tell whether this machine has the program."""
    return has_engine() and _program().is_file()


def _roads_of(source: Path, work: Path, cancelled: Cancelled) -> Path:
    target = work / "roads.osm.pbf"
    root = Path(__file__).resolve().parents[3]
    module = "trafficdesk.maps.routing.road_extract"
    child = python_child(root, module, str(source.resolve()), str(target))
    code, last = run_child(child, source, listen=lambda _line: None, cancelled=cancelled)
    if code != 0:
        raise PackRefusedError(PackFault.TOOL_FAILED, source, last)
    return target


def _command(extract: Path, built: Path, work: Path) -> tuple[str, ...]:
    config = work / "roads.conf.json"
    mjolnir = {"tile_dir": str(built), "hierarchy": True, "shortcuts": True}
    logging = {"type": "std_out", "color": False}
    told = {"mjolnir": {**mjolnir, "logging": logging}, "logging": logging}
    config.write_text(json.dumps(told), encoding="utf-8")
    return (str(_program()), "-c", str(config), str(extract))


def _package() -> Path:
    """Return the engine's folder, without loading it: it brings native libraries of its own."""
    spec = importlib.util.find_spec("valhalla")
    folders = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(folders or ()), ""))


def _program() -> Path:
    return _package() / "bin" / (_PROGRAM + (".exe" if _IS_WINDOWS else ""))


def _environment() -> dict[str, str] | None:
    if not _IS_WINDOWS:
        return None
    libraries = _package().parent / "pyvalhalla.libs"  # Windows finds them by PATH alone
    return {**os.environ, "PATH": f"{libraries}{os.pathsep}{os.environ.get('PATH', '')}"}
