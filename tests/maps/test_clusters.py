"""Reports close together on the screen become clusters, and nothing is lost or made up."""

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.clusters import APART_FROM_ZOOM, gather_cells, gather_points
from trafficdesk.store.map_view import Cell, Point

_POINTS = st.lists(
    st.tuples(st.floats(76.8, 77.2), st.floats(10.8, 11.2), st.integers(1, 4)),
    max_size=60,
).map(lambda spots: [Point(pk, *spot[:2], "pending", spot[2]) for pk, spot in enumerate(spots)])


@given(_POINTS, st.integers(5, 19))
def test_every_report_is_in_one_cluster_or_stands_alone(points: list[Point], zoom: int) -> None:
    clusters, alone = gather_points(points, zoom)

    assert sum(cluster.n for cluster in clusters) + len(alone) == len(points)
    critical = sum(point.severity == Severity.CRITICAL for point in points)
    assert critical == sum(c.critical for c in clusters) + sum(
        point.severity == Severity.CRITICAL for point in alone
    )
    assert set(alone) <= set(points)
    assert all(cluster.n > 1 for cluster in clusters)


@given(_POINTS, st.integers(5, 16))
def test_a_cluster_lies_in_the_box_of_its_reports(points: list[Point], zoom: int) -> None:
    for cluster in gather_points(points, zoom)[0]:
        box = cluster.bounds
        assert box.west - 1e-9 <= cluster.lon <= box.east + 1e-9
        assert box.south - 1e-9 <= cluster.lat <= box.north + 1e-9
        inside = [
            p for p in points if box.west <= p.lon <= box.east and box.south <= p.lat <= box.north
        ]
        assert len(inside) >= cluster.n


def test_near_the_ground_only_reports_on_one_spot_stay_together() -> None:
    here = [Point(1, 76.9558, 11.0168, "pending", 2), Point(2, 76.9558, 11.0168, "pending", 4)]
    a_house_away = Point(3, 76.9561, 11.0168, "pending", 1)

    far_clusters, far_alone = gather_points([*here, a_house_away], 14)
    clusters, alone = gather_points([*here, a_house_away], APART_FROM_ZOOM + 1)

    assert [cluster.n for cluster in far_clusters] == [3]
    assert far_alone == []
    assert [(cluster.n, cluster.critical) for cluster in clusters] == [(2, 1)]
    assert alone == [a_house_away]


def test_cells_whose_symbols_would_touch_become_one() -> None:
    cells = [Cell(76.95, 11.01, 200, 3), Cell(76.9501, 11.0101, 40, 1), Cell(77.1, 11.1, 1, 0)]

    clusters = gather_cells(cells, 12)

    assert sorted((cluster.n, cluster.critical) for cluster in clusters) == [(1, 0), (240, 4)]
