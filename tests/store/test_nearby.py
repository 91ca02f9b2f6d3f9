"""What is near in place and time is found by the covering tree, whatever else there is."""

from trafficdesk.domain.records import Place
from trafficdesk.store import nearby
from trafficdesk.store.engine import Store
from trafficdesk.store.nearby import Around
from trafficdesk.store.rows import fetch_all

AROUND = Around(Place(76.9674, 11.0183), 1_790_000_000_000, 250.0, 900_000)


def test_neighbours_are_found_by_the_tree_of_place_and_time(shared_store: Store) -> None:
    (values,) = nearby.statement_values(AROUND)
    with shared_store.reading() as connection:
        plan = fetch_all(connection, f"EXPLAIN QUERY PLAN {nearby.STATEMENT}", values)
    first, second = (str(row[3]) for row in plan)
    assert first.startswith("SCAN v VIRTUAL TABLE INDEX 2:")
    bounds = first.rpartition(":")[2]  # two letters for each: three dimensions from both sides
    assert len(bounds) == 12, first
    assert second == "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"


def test_near_the_date_line_both_sides_are_searched() -> None:
    east, west = nearby.statement_values(AROUND._replace(place=Place(179.9999, -17.0)))
    assert east[1] == west[1] + 360
    assert len(list(nearby.statement_values(AROUND))) == 1
