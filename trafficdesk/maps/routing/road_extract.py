"""Child process: writes the roads of an OpenStreetMap extract, as whole as they are, to .osm.pbf.

``python -m trafficdesk.maps.routing.road_extract FILE TARGET``. Valhalla reads no other form, and
crashes over ways that lead out of a clipped extract: of those the longest stretch is kept. It runs
apart from the desk because osmium brings native libraries of its own.
"""

import sys
from collections.abc import Iterator

import osmium

_MIN_LINE = 2


def write_roads(source: str, target: str) -> None:
    """Write roads, ferries and turn restrictions of ``source`` with their nodes to ``target``."""
    cut: dict[int, list[int]] = {}  # what is left of roads that lead out; of most nothing is lost
    nodes = osmium.IdTracker()
    for way in _roads(osmium.FileProcessor(source).with_locations()):
        run = _longest_run(way)
        if len(run) < len(way.nodes):
            cut[way.id] = run
        for node in run:
            nodes.add_node(node)
    with osmium.SimpleWriter(target) as writer:
        of_roads = osmium.FileProcessor(source, osmium.osm.NODE).with_filter(nodes.id_filter())
        for found in of_roads:
            writer.add(found)
        for way in _roads(osmium.FileProcessor(source, osmium.osm.WAY)):
            if way.id not in cut:
                writer.add(way)
            elif len(cut[way.id]) >= _MIN_LINE:
                writer.add(way.replace(nodes=cut[way.id]))
        for turn in osmium.FileProcessor(source, osmium.osm.RELATION):
            if (turn.tags.get("type") or "").startswith("restriction"):
                writer.add(turn)


def _roads(things: osmium.FileProcessor) -> Iterator["osmium.osm.Way"]:
    roads = osmium.filter.KeyFilter("highway", "route")
    roads.enable_for(osmium.osm.WAY)
    ways = things.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(roads)
    for way in ways:
        if isinstance(way, osmium.osm.Way):
            yield way


def _longest_run(way: "osmium.osm.Way") -> list[int]:
    """Return the most nodes in a row that are in the file."""
    runs: list[list[int]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append(node.ref)
        else:
            runs.append([])
    return max(runs, key=len)


def main(arguments: list[str]) -> int:
    """Run as a child process; see the module's docstring."""
    write_roads(arguments[0], arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
