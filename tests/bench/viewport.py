"""The map's view: cells and points of random views, against the bare covering tree."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from statistics import median

from tests.bench.bare import Statement
from tests.bench.measuring import Pair, Result, percentile, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.records import Bounds
from trafficdesk.store import facts, map_view
from trafficdesk.store.map_view import View, ViewQuery

ZOOMS = range(5, 20)
WIDTH_PX, HEIGHT_PX = 1280, 800
BARE_VIEWS = 5  # the bare engine needs seconds where it must add up everything
_TILE_PX = 256
_SPANS = {
    "all time": None,
    "a week": timedelta(days=7),
    "100 days": timedelta(days=100),
    "two years": timedelta(days=730),
}


def _bounds(rng: Random, zoom: int, centre: tuple[float, float]) -> Bounds:
    """Return what a window shows around a report that is not quite in its middle."""
    degrees = 360.0 / (_TILE_PX << zoom)
    half_lon, half_lat = WIDTH_PX * degrees / 2, HEIGHT_PX * degrees / 2
    lon = centre[0] + rng.uniform(-0.5, 0.5) * half_lon
    lat = centre[1] + rng.uniform(-0.5, 0.5) * half_lat
    return Bounds(
        max(-180.0, lon - half_lon),
        max(-85.0, lat - half_lat),
        min(179.999, lon + half_lon),
        min(85.0, lat + half_lat),
    )


def _queries(setting: Setting, rng: Random) -> Iterator[tuple[int, str, list[ViewQuery]]]:
    with setting.session.store.reading() as connection:
        spots = connection.exec_driver_sql(
            "SELECT lon, lat FROM reports WHERE pk % ? = 0 LIMIT 400",
            (max(1, setting.rows // 400),),
        ).all()
        first_ms, last_ms = connection.exec_driver_sql(
            "SELECT min(occurred_ms), max(occurred_ms) FROM reports"
        ).one()
    for span, length in _SPANS.items():
        for zoom in ZOOMS:
            views = []
            for _ in range(setting.repeats):
                spot = rng.choice(spots)
                start = end = None
                if length is not None:
                    ms = length // timedelta(milliseconds=1)
                    start = rng.randrange(first_ms, last_ms - ms)
                    end = start + ms
                bounds = _bounds(rng, zoom, (spot[0], spot[1]))
                views.append(ViewQuery(bounds, zoom, from_ms=start, to_ms=end))
            yield zoom, span, views


def _find(setting: Setting, query: ViewQuery) -> View:
    with setting.session.store.reading() as connection:
        calendar = facts.calendar(connection)
        return map_view.find_view(connection, calendar, query)


def _tree_statement(query: ViewQuery, view: View) -> Statement:
    """Return what a desk with nothing but the covering tree would ask for the same picture."""
    slots = map_view.slots_of(query)
    if not view.cells:
        return map_view.points_statement(query, slots, map_view.POINTS_AT_MOST)
    return map_view.tree_cells_statement(query, map_view.level_of(query.zoom), slots)


def run(setting: Setting) -> Result:
    """Compare random views at every zoom and span of time; all of them count for the limit."""
    rng = Random(7)  # noqa: S311 - the same views every time
    every, ratios, figures = list[float](), list[float](), list[dict[str, object]]()
    for zoom, span, views in _queries(setting, rng):
        pair, desk_ms, shown = Pair(f"zoom {zoom}, {span}"), list[float](), list[int]()
        for number, query in enumerate(views):
            view = _find(setting, query)
            shown.append(len(view.cells) + len(view.points))
            desk_ms.append(timed_ms(lambda query=query: _find(setting, query)))  # type: ignore[misc]
            if number < BARE_VIEWS:
                pair.desk_ms.append(desk_ms[-1])
                pair.bare_ms.append(setting.bare.read([_tree_statement(query, view)]).ms)
        every += desk_ms
        ratios += [d / b for d, b in zip(pair.desk_ms, pair.bare_ms, strict=True)]
        figure = pair.summary() | {
            "desk_ms": round(median(desk_ms), 3),
            "desk_p95_ms": round(percentile(desk_ms, 0.95), 3),
            "desk_max_ms": round(max(desk_ms), 3),
            "drawn_at_most": max(shown),
        }
        setting.say(f"{figure}")
        figures.append(figure)
    return Result(
        median(ratios),
        {
            "p95_ratio": round(percentile(ratios, 0.95), 2),
            "worst_zoom_ratio": max(float(str(figure["ratio"])) for figure in figures),
            "desk_ms": round(median(every), 3),
            "desk_p95_ms": round(percentile(every, 0.95), 3),
            "desk_max_ms": round(max(every), 3),
            "views": len(every),
            "cases": figures,
        },
    )
