"""Invents the local streets of a sketch: a bent grid around each area, always the same one."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trafficdesk.maps.planar import Point, Ring, inside, nearest_on

_ALONG_M, _ACROSS_M = 86.0, 148.0  # between streets, between cross streets
_STEP_M = 28.0
_SHORTEST_M = 90.0
_ROAD_GAP_M = 34.0  # a street that runs this near along a main road would double it
_PARALLEL_RAD = 0.42
_BEND_M, _BEND_WAVE_M = 26.0, 640.0
_THIN_OUT = ((1.15, 1), (2.0, 2), (3.2, 4), (math.inf, 8))  # beyond spread * n: every n-th street
_STRAIGHT_M = 1.6


class RoadsNear:
    """Main roads in squares of the plane, to ask quickly what passes close by."""

    def __init__(self, roads: Sequence[Sequence[Point]]) -> None:
        self.roads = roads
        self._squares: dict[tuple[int, int], set[tuple[Point, Point]]] = defaultdict(set)
        for road in roads:
            for a, b in pairwise(road):
                steps = int(math.hypot(b.x - a.x, b.y - a.y) / _ROAD_GAP_M) + 1
                for step in range(steps + 1):
                    t = step / steps
                    column, row = self._square(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
                    for c in range(column - 1, column + 2):
                        for r in range(row - 1, row + 2):
                            self._squares[c, r].add((a, b))

    @staticmethod
    def _square(x: float, y: float) -> tuple[int, int]:
        return math.floor(x / (2 * _ROAD_GAP_M)), math.floor(y / (2 * _ROAD_GAP_M))

    def runs_along(self, point: Point, heading: float) -> bool:
        """Tell whether a main road passes close to a point in nearly the same direction."""
        for piece in self._squares.get(self._square(*point), ()):
            far, angle = nearest_on(piece, point)
            if far < _ROAD_GAP_M and abs(math.sin(angle - heading)) < math.sin(_PARALLEL_RAD):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Ground:
    """What local streets must mind: their area's cell, main roads, and where nobody builds."""

    cell: Ring
    roads: RoadsNear
    blocked: Sequence[Ring]

    def is_free(self, point: Point, heading: float) -> bool:
        """Tell whether a street with this heading may pass here."""
        return (
            inside(self.cell, point)
            and not any(inside(ring, point) for ring in self.blocked)
            and not self.roads.runs_along(point, heading)
        )


@dataclass(frozen=True, slots=True)
class LocalStreet:
    """An invented street in metres of the plane."""

    name: str
    line: tuple[Point, ...]


def local_streets(area: str, centre: Point, spread_m: float, ground: Ground) -> list[LocalStreet]:
    """Return the invented streets of one area; the same input gives the same streets."""
    turn = min((nearest_on(road, centre) for road in ground.roads.roads), default=(0.0, 0.0))[1]
    grid = _Grid(centre, turn, sum(map(ord, area)) % 7 / 7 * math.tau)
    reach = max(math.hypot(p.x - centre.x, p.y - centre.y) for p in ground.cell)
    around = [ring for ring in ground.blocked if _overlap(ring, ground.cell)]
    ground = Ground(ground.cell, ground.roads, around)
    streets: list[LocalStreet] = []
    for kind, gap, upright in (("Street", _ALONG_M, False), ("Cross Street", _ACROSS_M, True)):
        number = 0
        for index in _from_middle(int(reach / gap)):
            runs = [
                _straightened(run)
                for run in _runs(
                    grid.line(index * gap, reach, upright=upright),
                    centre,
                    (index, spread_m),
                    ground,
                )
            ]
            number += 1 if runs else 0
            name = f"{_ordinal(number)} {kind}, {area}"
            streets.extend(LocalStreet(name, run) for run in runs)
    return streets


@dataclass(frozen=True, slots=True)
class _Grid:
    centre: Point
    turn: float
    phase: float

    def line(self, offset: float, reach: float, *, upright: bool) -> Iterator[Point]:
        steps = int(reach / _STEP_M)
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        for step in range(-steps, steps + 1):
            along = step * _STEP_M
            bend = _BEND_M * math.sin(along / _BEND_WAVE_M * math.tau / 2 + self.phase)
            u, v = (offset + bend, along) if upright else (along, offset + bend)
            yield Point(self.centre.x + u * cos - v * sin, self.centre.y + u * sin + v * cos)


def _overlap(a: Ring, b: Ring) -> bool:
    ax, bx = [point.x for point in a], [point.x for point in b]
    ay, by = [point.y for point in a], [point.y for point in b]
    return min(ax) <= max(bx) and max(ax) >= min(bx) and min(ay) <= max(by) and max(ay) >= min(by)


def _from_middle(count: int) -> Iterator[int]:
    yield 0
    for index in range(1, count + 1):
        yield index
        yield -index


def _runs(
    line: Iterator[Point], centre: Point, place: tuple[int, float], ground: Ground
) -> Iterator[list[Point]]:
    index, spread_m = place
    run: list[Point] = []
    before: Point | None = None
    for point in line:
        heading = 0.0 if before is None else math.atan2(point.y - before.y, point.x - before.x)
        before = point
        far = math.hypot(point.x - centre.x, point.y - centre.y) / spread_m
        every = next(n for limit, n in _THIN_OUT if far < limit)
        if index % every == 0 and ground.is_free(point, heading):
            run.append(point)
            continue
        if len(run) * _STEP_M > _SHORTEST_M:
            yield run
        run = []
    if len(run) * _STEP_M > _SHORTEST_M:
        yield run


def _straightened(run: list[Point]) -> tuple[Point, ...]:
    """Leave out points that lie on the line between their neighbours (Douglas and Peucker)."""
    if len(run) < 3:  # noqa: PLR2004 - a line of two points has nothing to leave out
        return tuple(run)
    first, last = run[0], run[-1]
    far, split = max((nearest_on((first, last), p)[0], i) for i, p in enumerate(run))
    if far < _STRAIGHT_M:
        return (first, last)
    return _straightened(run[: split + 1])[:-1] + _straightened(run[split:])


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"
