"""Child process: finds ways by road with Valhalla in the routing tiles of one pack.

``python -m trafficdesk.maps.routing.engine FOLDER`` reads questions and writes answers as
``messages`` describes. It runs apart from the desk because Valhalla brings GEOS, PROJ and
SpatiaLite of its own, and because a fault in it must not be the desk's. Exit codes: 0 when its
input ends, 3 when it cannot work (it has said why).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import TravelFault
from trafficdesk.maps.routing.messages import (
    Answer,
    Failed,
    OffMap,
    Question,
    ReachAsked,
    ReachFound,
    Ready,
    RouteAsked,
    RouteFound,
    TimesAsked,
    TimesFound,
    Unusable,
    read_question,
    write,
)
from trafficdesk.maps.routing.polyline import read_polyline
from trafficdesk.maps.routing.tiles import TILES_FILE, RoadsDamagedError, prove_tiles

UNUSABLE_EXIT = 3
OFF_ROAD_M = 1000  # a place farther than that from every road lies off the map
_PAIRS = 1_000_000
_CACHE_BYTES = 128 * 1024 * 1024
_NO_WAY = {170, 442}  # Valhalla: unconnected regions, no path could be found
_COSTING = "auto"


class Roads:
    """The ways of one pack."""

    def __init__(self, folder: Path) -> None:
        import valhalla

        prove_tiles(folder)
        config = valhalla.get_config(tile_extract=str(folder / TILES_FILE), tile_dir="")
        config["logging"] = {"type": ""}
        config["service_limits"][_COSTING]["max_matrix_location_pairs"] = _PAIRS
        # The other one, of which Valhalla makes use by itself, is faster and misses ways.
        config["thor"]["source_to_target_algorithm"] = "costmatrix"
        config["thor"]["costmatrix"]["allow_second_pass"] = True
        config["thor"]["clear_reserved_memory"] = True
        config["mjolnir"]["max_cache_size"] = _CACHE_BYTES
        self._actor = valhalla.Actor(config)
        self._error: type[Exception] = valhalla.ValhallaError
        self.version: str = valhalla.__version__

    def answer(self, question: Question) -> Answer:
        """Return the answer to a question."""
        try:
            match question:
                case TimesAsked():
                    return self._times(question)
                case RouteAsked():
                    return self._route(question)
                case ReachAsked():
                    return self._reach(question)
        except self._error as fault:
            if getattr(fault, "code", None) in _NO_WAY and isinstance(question, RouteAsked):
                return RouteFound(question.number, [], None)
            return Failed(question.number, str(fault))

    def _times(self, asked: TimesAsked) -> TimesFound:
        off_starts, off_ends = self._off_map(asked.starts), self._off_map(asked.ends)
        rows = [at for at in range(len(asked.starts)) if at not in off_starts]
        columns = [at for at in range(len(asked.ends)) if at not in off_ends]
        seconds: list[list[float | None]] = [[None] * len(asked.ends) for _ in asked.starts]
        if rows and columns:
            found = self._actor.matrix(
                {
                    "sources": [_location(asked.starts[row]) for row in rows],
                    "targets": [_location(asked.ends[column]) for column in columns],
                    "costing": _COSTING,
                    "verbose": False,
                }
            )["sources_to_targets"]["durations"]
            for row, durations in zip(rows, found, strict=True):
                for column, duration in zip(columns, durations, strict=True):
                    seconds[row][column] = duration
        return TimesFound(asked.number, seconds, sorted(off_starts), sorted(off_ends))

    def _route(self, asked: RouteAsked) -> RouteFound | OffMap:
        if self._off_map([asked.start, asked.end]):
            return OffMap(asked.number)
        trip = self._actor.route(
            {
                "locations": [_location(asked.start), _location(asked.end)],
                "costing": _COSTING,
                "directions_type": "none",
            }
        )["trip"]
        line = [place for leg in trip["legs"] for place in read_polyline(leg["shape"])]
        return RouteFound(asked.number, line, trip["summary"]["time"])

    def _reach(self, asked: ReachAsked) -> ReachFound | OffMap:
        if self._off_map([asked.start]):
            return OffMap(asked.number)
        found = self._actor.isochrone(
            {
                "locations": [_location(asked.start)],
                "costing": _COSTING,
                "contours": [{"time": asked.minutes}],
                "polygons": True,
            }
        )
        return ReachFound(asked.number, found["features"][0]["geometry"])

    def _off_map(self, places: Sequence[Place]) -> set[int]:
        """Return which places are near no road; Valhalla refuses a whole question for one."""
        if not places:
            return set()
        asked = {"locations": [_location(place) for place in places], "costing": _COSTING}
        found = self._actor.locate({**asked, "verbose": False})
        return {at for at, near in enumerate(found) if not near["edges"] and not near["nodes"]}


def _location(place: Place) -> dict[str, Any]:
    return {"lon": place.lon, "lat": place.lat, "search_cutoff": OFF_ROAD_M}


def _serve(folder: Path, questions: BinaryIO, answers: BinaryIO) -> int:
    def say(message: msgspec.Struct) -> None:
        answers.write(write(message))
        answers.flush()

    try:
        roads = Roads(folder)
    except ImportError as fault:
        say(Unusable(TravelFault.NOT_INSTALLED, str(fault)))
        return UNUSABLE_EXIT
    except (RoadsDamagedError, RuntimeError) as fault:
        say(Unusable(TravelFault.DAMAGED, str(fault)))
        return UNUSABLE_EXIT
    say(Ready(roads.version))
    for line in questions:
        say(roads.answer(read_question(line)))
    return 0


def main(arguments: list[str]) -> int:
    """Run as a child process; see the module's docstring."""
    # What a library prints must not get between the answers.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        return _serve(Path(arguments[0]), sys.stdin.buffer, answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
