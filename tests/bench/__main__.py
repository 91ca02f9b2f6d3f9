"""``python -m tests.bench NAME [--rows N] [--json]``: run a benchmark, end with one JSON line."""

import trafficdesk.store.driver  # noqa: F401 - must be the process's first SQLite

# ruff: isort: split
import argparse
import json
import math
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

from tests.bench.measuring import Result, stay_on_one_processor
from tests.bench.setting import Setting, on_cached_desk, on_copied_desk


def _of(module: str) -> Callable[..., Result]:
    """Return what runs a benchmark, and loads it then: each brings libraries of its own."""

    def run(*given: object) -> Result:
        result: Result = import_module(f"tests.bench.{module}").run(*given)
        return result

    return run


# One caller on either side, who wait for each other: on one processor both find it equally fast.
ON_ONE_PROCESSOR = frozenset({"queue-page", "counts", "search", "viewport", "duplicates"})
Surroundings = Callable[[int, int, Callable[[str], None]], AbstractContextManager[Setting]]
BENCHES: dict[str, tuple[Surroundings, Callable[..., Result]]] = {
    "queue-page": (on_cached_desk, _of("queue_page")),
    "counts": (on_cached_desk, _of("counts")),
    "search": (on_cached_desk, _of("search")),
    "viewport": (on_cached_desk, _of("viewport")),
    "kpis": (on_cached_desk, _of("kpis")),
    "duplicates": (on_cached_desk, _of("duplicates")),
    "export": (on_copied_desk, _of("export")),
    "write": (on_copied_desk, _of("write")),
    "offline-dispatch": (on_copied_desk, _of("offline_dispatch")),
    "triage": (on_copied_desk, _of("triage")),
    "hotspots": (on_copied_desk, _of("hotspots")),
    "start": (on_cached_desk, _of("start")),
    "memory": (on_cached_desk, _of("memory")),
    "map-frame": (on_cached_desk, _of("map_frame")),
    "dispatch-frame": (on_copied_desk, _of("dispatch_frame")),
    "analytics-frame": (on_copied_desk, _of("analytics_frame")),
}
# These make their own desks and server. Above 1 is slower than the peer, but for push-server.
SERVER_BENCHES = {
    "first-sync": _of("first_sync"),
    "push": _of("push"),
    "merge": _of("merge"),
    "idle": _of("idle"),
    "live": _of("live"),
    "alert": _of("alert"),
    "push-server": _of("push_server"),
}


def main() -> int:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=sorted({*BENCHES, *SERVER_BENCHES}))
    parser.add_argument("--rows", type=int, default=100_000, help="reports in the store")
    parser.add_argument("--repeats", type=int, default=31, help="runs of each side and case")
    parser.add_argument("--connections", type=int, default=0, help="who listens, for live alone")
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    asked = parser.parse_args()
    say: Callable[[str], None] = (lambda _: None) if asked.json else print
    if asked.name == "live":
        return _tell(asked, _of("live")(asked.rows, asked.repeats, say, asked.connections), {})
    if asked.name in SERVER_BENCHES:
        return _tell(asked, SERVER_BENCHES[asked.name](asked.rows, asked.repeats, say), {})
    surroundings, run = BENCHES[asked.name]
    if asked.name in ON_ONE_PROCESSOR:
        stay_on_one_processor()
    with surroundings(asked.rows, asked.repeats, say) as setting:
        return _tell(asked, run(setting), {"bare_sqlite": setting.bare.version})


def _tell(asked: argparse.Namespace, result: Result, more: dict[str, object]) -> int:
    """Print the result's line; 1 if there is no ratio."""
    ratio = round(result.ratio, 3) if math.isfinite(result.ratio) else None
    line = {"bench": asked.name, "rows": asked.rows, "ratio": ratio, **result.figures}
    print(json.dumps({**line, **more}))
    return 0 if ratio is not None else 1


if __name__ == "__main__":
    sys.exit(main())
