"""Ways of one name that meet end to end, joined, so that a street's name finds room along it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

Spot = tuple[float, float]
Names = tuple[tuple[str, str], ...]


class RoadNames:
    """Collects named ways by class and names; ``joined`` gives each street in few long lines."""

    def __init__(self) -> None:
        self._ways: dict[tuple[str, Names], list[tuple[Spot, ...]]] = defaultdict(list)

    def add(self, class_: str, names: Mapping[str, str], line: list[list[float]]) -> None:
        """Take one way."""
        key = class_, tuple(sorted(names.items()))
        self._ways[key].append(tuple((lon, lat) for lon, lat, *_ in line))

    def joined(self) -> Iterator[tuple[str, dict[str, str], list[Spot]]]:
        """Yield class, names and line of each street."""
        for (class_, names), ways in self._ways.items():
            for line in join_ways(ways):
                yield class_, dict(names), line


def join_ways(ways: list[tuple[Spot, ...]]) -> Iterator[list[Spot]]:
    """Yield lines made of all ways; each way is in one of them, turned round where need be."""
    ends: dict[Spot, list[int]] = defaultdict(list)
    for number, way in enumerate(ways):
        ends[way[0]].append(number)
        ends[way[-1]].append(number)
    used = [False] * len(ways)
    for number, way in enumerate(ways):
        if used[number]:
            continue
        used[number] = True
        line = _grown(list(way), ways, ends, used)
        yield _grown(line[::-1], ways, ends, used)


def _grown(
    line: list[Spot],
    ways: list[tuple[Spot, ...]],
    ends: Mapping[Spot, list[int]],
    used: list[bool],
) -> list[Spot]:
    """Lengthen a line at its end for as long as an unused way begins there."""
    while line[0] != line[-1]:
        found = next((number for number in ends[line[-1]] if not used[number]), None)
        if found is None:
            break
        used[found] = True
        way = ways[found]
        line += way[1:] if way[0] == line[-1] else way[-2::-1]
    return line
