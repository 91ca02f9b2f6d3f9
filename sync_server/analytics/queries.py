"""What is counted of reports, citations, incidents and the history, by stretch of time.

``edges`` are instants in their order, in epoch milliseconds (``Question.edges``); what happened
before the first is in stretch 0, the last stretch goes on without an end.
"""

from typing import Any, Final, NamedTuple
from uuid import UUID

from sync_server.db.engine import Connection
from trafficdesk.domain.analytics.durations import EDGES_MS
from trafficdesk.domain.analytics.hotspots import SEVERITY_WEIGHTS
from trafficdesk.domain.analytics.micro_cells import COLUMNS, LEVEL
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Squares
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.significance import SQUARE_LEVEL
from trafficdesk.domain.calendar import DAY_MS, Calendar, standard_offset_ms
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import ReportStatus

MOST_CELLS: Final = 5_000  # of a heat map: more is another zoom
Rows = list[dict[str, Any]]
_UNDECIDED: Final = ", ".join(
    f"'{each}'"
    for each in (ReportStatus.PENDING, ReportStatus.UNDER_REVIEW, ReportStatus.NEEDS_INFO)
)
_DECIDED: Final = f"r.decided_ms IS NOT NULL AND r.status NOT IN ({_UNDECIDED})"
_OWNER: Final = {
    Part.CITY: "true",
    Part.STATION: "{0}.station_id = %(part_id)s",
    Part.WARD: "{0}.ward_id = %(part_id)s",
    Part.OFFICER: "{0}.reviewer_id = %(part_id)s",
}
_PART: Final = {
    Part.CITY: "NULL::uuid",
    Part.STATION: "{0}.station_id",
    Part.WARD: "{0}.ward_id",
    Part.OFFICER: "{0}.reviewer_id",
}
REVIEW_ACTIONS: Final = (
    *("release", "lease_ended", "undo_release", "reopen", "undo_reopen"),
    *("second_approve", "second_reject", "second_duplicate"),
    *("undo_second_approve", "undo_second_reject", "undo_second_duplicate"),
)
_ACTIONS: Final = ", ".join(f"'{action}'" for action in REVIEW_ACTIONS)


class Question(NamedTuple):
    """Whose figures are asked for: of which city, by which calendar, of what.

    ``by`` counts each station, ward or officer apart, in the column ``part``.
    """

    city_id: UUID
    calendar: Calendar
    scope: Scope
    by: Part = Part.CITY

    def values(self, edges: tuple[int, ...]) -> dict[str, object]:
        """Return what the statements name."""
        return {
            "city": self.city_id,
            "offset": self.calendar.offset_ms,
            "edges": list(edges),
            "part_id": self.scope.part_id,
            "took": list(EDGES_MS),
            "from_ms": edges[0] if edges else 0,
            "to_ms": edges[-1] if edges else 0,
        }

    def edges(self, *parts: Period) -> tuple[int, ...]:
        """Return where parts begin that follow each other, the scope's period if none, and end."""
        spans = [each.span_ms(self.calendar) for each in parts or (self.scope.period,)]
        return (*(first_ms for first_ms, _ in spans), spans[-1][1])

    def part(self, table: str) -> str:
        """Return the column of a table that tells whose a row is."""
        return _PART[self.by].format(table)

    def of(self, table: str) -> str:
        """Return which rows of a table it is about."""
        own = _OWNER[self.scope.part].format(table)
        return f"{table}.city_id = %(city)s AND {table}.deleted_ms IS NULL AND {own}"


def _day(column: str) -> str:
    return f"(({column} + %(offset)s) / {DAY_MS})"


def _stretch(column: str) -> str:
    return f"width_bucket({column}, %(edges)s::bigint[])"


def _ask(connection: Connection, query: str, values: dict[str, object]) -> Rows:
    return connection.execute(query.encode(), values).fetchall()


def count_received(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return reports by stretch and severity, with their scores added up."""
    return _ask(
        connection,
        f"SELECT {asked.part('r')} AS part, {_stretch('r.reported_ms')} AS stretch, r.severity, "
        f"count(*) AS n, sum(r.score) AS score FROM reports r WHERE {asked.of('r')} "
        "GROUP BY 1, 2, 3",
        asked.values(edges),
    )


def count_decided(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return decisions by stretch, status and how long they took."""
    return _ask(
        connection,
        f"SELECT {asked.part('r')} AS part, {_stretch('r.decided_ms')} AS stretch, r.status, "
        "width_bucket(r.decided_ms - r.reported_ms, %(took)s::bigint[]) AS bucket, "
        f"count(*) AS n FROM reports r WHERE {asked.of('r')} AND {_DECIDED} "
        "GROUP BY 1, 2, 3, 4",
        asked.values(edges),
    )


_WORKERS: Final = {
    Part.CITY: "true",
    Part.STATION: "u.station_id = %(part_id)s",
    Part.OFFICER: "r.reviewer_id = %(part_id)s",
}
_WORKER_OF: Final = {
    Part.CITY: "NULL::uuid",
    Part.STATION: "u.station_id",
    Part.OFFICER: "r.reviewer_id",
}


def count_workload(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return decisions by stretch of a scope's officers, and on how many days of theirs."""
    who, whose = _WORKERS.get(asked.scope.part), _WORKER_OF.get(asked.by)
    if who is None or whose is None:
        return []
    return _ask(
        connection,
        f"SELECT {whose} AS part, {_stretch('r.decided_ms')} AS stretch, count(*) AS n, "
        f"count(DISTINCT (r.reviewer_id, {_day('r.decided_ms')})) AS days FROM reports r "
        "LEFT JOIN users u ON u.city_id = r.city_id AND u.id = r.reviewer_id "
        f"WHERE r.city_id = %(city)s AND r.deleted_ms IS NULL AND {_DECIDED} "
        f"AND r.reviewer_id IS NOT NULL AND {who} GROUP BY 1, 2",
        asked.values(edges),
    )


def count_waiting(connection: Connection, asked: Question) -> Rows:
    """Return what is undecided now by the day it was reported on."""
    return _ask(
        connection,
        f"SELECT {_day('r.reported_ms')} AS day, count(*) AS n FROM reports r "
        f"WHERE {asked.of('r')} AND r.status IN ({_UNDECIDED}) GROUP BY 1",
        asked.values(()),
    )


def count_cited(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return the citations that stand by stretch, with their amounts added up."""
    return _ask(
        connection,
        f"SELECT {asked.part('r')} AS part, {_stretch('c.issued_ms')} AS stretch, count(*) AS n, "
        "sum(c.amount_minor) AS amount FROM citations c JOIN reports r "
        f"ON r.city_id = c.city_id AND r.id = c.report_id WHERE {asked.of('r')} "
        "AND c.status = 'issued' GROUP BY 1, 2",
        asked.values(edges),
    )


def count_vehicles(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return plates by stretch, and how many of them were reported more than once."""
    return _ask(
        connection,
        "SELECT stretch, count(*) AS n, count(*) FILTER (WHERE times > 1) AS repeated FROM ("
        f"SELECT {_stretch('r.reported_ms')} AS stretch, r.plate, count(*) AS times FROM reports r "
        f"WHERE {asked.of('r')} AND r.plate <> '' AND r.reported_ms >= %(from_ms)s "
        "AND r.reported_ms < %(to_ms)s GROUP BY 1, 2) plates GROUP BY 1",
        asked.values(edges),
    )


def find_answered(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return incidents by stretch and how long each step took, in milliseconds."""
    if Part.OFFICER in {asked.scope.part, asked.by}:
        return []
    return _ask(
        connection,
        f"SELECT {asked.part('i')} AS part, {_stretch('i.reported_ms')} AS stretch, i.injuries, "
        "i.weather, "
        "a.sent - i.reported_ms AS to_dispatch, a.arrived - i.reported_ms AS to_arrival, "
        "CASE WHEN NOT a.is_open THEN i.cleared_ms - i.reported_ms END AS to_clear "
        "FROM incidents i CROSS JOIN LATERAL (SELECT "
        "min(s.assigned_ms) FILTER (WHERE s.withdrawn_ms IS NULL) AS sent, "
        "min(s.arrived_ms) FILTER (WHERE s.withdrawn_ms IS NULL) AS arrived, "
        "coalesce(bool_or(s.cleared_ms IS NULL AND s.withdrawn_ms IS NULL), false) AS is_open "
        "FROM assignments s WHERE s.city_id = i.city_id AND s.incident_id = i.id) a "
        f"WHERE {asked.of('i')} AND i.merged_into IS NULL "
        "AND i.reported_ms >= %(from_ms)s AND i.reported_ms < %(to_ms)s",
        asked.values(edges),
    )


# The decision that was looked at is the last one before.
_DECISION: Final = (
    "SELECT d.changes #>> '{status,1}' AS verdict, d.changes #>> '{reviewer_id,1}' AS officer "
    "FROM events d WHERE d.city_id = e.city_id AND d.entity_id = e.entity_id AND d.seq < e.seq "
    "AND d.action IN ('approve', 'reject', 'mark_duplicate') ORDER BY d.seq DESC LIMIT 1"
)


def find_happenings(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return what happened to decisions by stretch: whose they were, and what they were."""
    of = asked.scope.part
    own = _OWNER[of].format("r") if of in {Part.STATION, Part.WARD} else "true"
    part = asked.part("r") if asked.by in {Part.STATION, Part.WARD} else "NULL::uuid"
    return _ask(
        connection,
        f"SELECT {part} AS part, {_stretch('e.at_ms')} AS stretch, e.action, "
        "e.actor_id::text AS actor, "
        "coalesce(e.changes #>> '{reviewer_id,0}', e.changes #>> '{reviewer_id,1}') AS overturned, "
        "d.verdict, d.officer FROM events e "
        "LEFT JOIN reports r ON r.city_id = e.city_id AND r.id = e.entity_id "
        f"LEFT JOIN LATERAL ({_DECISION}) d ON e.action LIKE '%%second%%' "
        f"WHERE e.city_id = %(city)s AND e.entity = 'report' AND e.action IN ({_ACTIONS}) "
        f"AND e.at_ms >= %(from_ms)s AND e.at_ms < %(to_ms)s AND {own}",
        asked.values(edges),
    )


def count_hours(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return the reports between the edges by day and hour; an officer's by their decision."""
    clock = "r.decided_ms" if asked.scope.part is Part.OFFICER else "r.reported_ms"
    return _ask(
        connection,
        f"SELECT {_day(clock)} AS day, ({clock} + %(offset)s) / {DAY_MS // 24} %% 24 AS hour, "
        f"count(*) AS n FROM reports r WHERE {asked.of('r')} AND {clock} >= %(from_ms)s "
        f"AND {clock} < %(to_ms)s "
        "GROUP BY 1, 2",
        asked.values(edges),
    )


def count_kinds(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Rows:
    """Return the reports between the edges by type, severity and ward."""
    clock = "r.decided_ms" if asked.scope.part is Part.OFFICER else "r.reported_ms"
    return _ask(
        connection,
        "SELECT r.violations->>0 AS violation, r.severity, r.ward_id, w.name AS ward, "
        "count(*) AS n FROM reports r LEFT JOIN wards w ON w.city_id = r.city_id "
        f"AND w.id = r.ward_id WHERE {asked.of('r')} AND {clock} >= %(from_ms)s "
        f"AND {clock} < %(to_ms)s "
        "GROUP BY 1, 2, 3, 4",
        asked.values(edges),
    )


def count_micro(connection: Connection, asked: Question, span_ms: tuple[int, int]) -> Rows:
    """Return micro-cells with how many reports occurred there, and their severity weights.

    Left out is what did not happen, or is counted already: rejected ones and duplicates.
    """
    weights = " ".join(
        f"WHEN {int(severity)} THEN {weight}" for severity, weight in SEVERITY_WEIGHTS.items()
    )
    return _ask(
        connection,
        f"SELECT floor((r.lon + 180) * {COLUMNS} / 360)::int AS x, "
        f"floor((r.lat + 90) * {COLUMNS} / 360)::int AS y, count(*) AS n, "
        f"sum(CASE r.severity {weights} END) AS weight FROM reports r WHERE {asked.of('r')} "
        "AND r.occurred_ms >= %(from_ms)s AND r.occurred_ms < %(to_ms)s "
        "AND r.status NOT IN ('rejected', 'duplicate') GROUP BY 1, 2",
        asked.values(()) | {"from_ms": span_ms[0], "to_ms": span_ms[1]},
    )


def find_known_squares(connection: Connection, asked: Question) -> list[tuple[int, int]]:
    """Return the squares that ever had a report, as ``domain.analytics.significance`` has them."""
    squares = COLUMNS >> (LEVEL - SQUARE_LEVEL)
    rows = _ask(
        connection,
        f"SELECT DISTINCT floor((r.lon + 180) * {squares} / 360)::int AS x, "
        f"floor((r.lat + 90) * {squares} / 360)::int AS y FROM reports r WHERE {asked.of('r')}",
        asked.values(()),
    )
    return [(row["x"], row["y"]) for row in rows]


def count_cells(connection: Connection, asked: Question, degrees: float) -> Rows:
    """Return the middles of a grid of so many degrees with the reports that occurred there."""
    return _ask(
        connection,
        "SELECT ST_X(cell) AS lon, ST_Y(cell) AS lat, count(*) AS n FROM (SELECT "
        "ST_SnapToGrid(r.geom, %(degrees)s) AS cell FROM reports r "
        f"WHERE {asked.of('r')} AND r.occurred_ms >= %(from_ms)s AND r.occurred_ms < %(to_ms)s "
        "AND r.status NOT IN ('rejected', 'duplicate')) cells GROUP BY 1, 2 "
        "ORDER BY n DESC, lat, lon LIMIT %(most)s",
        asked.values(asked.edges()) | {"degrees": degrees, "most": MOST_CELLS},
    )


def count_days(connection: Connection, asked: Question) -> Rows:
    """Return how many reports occurred on each day up to the end of a scope's period."""
    return _ask(
        connection,
        f"SELECT {_day('r.occurred_ms')} AS day, count(*) AS n FROM reports r "
        f"WHERE {asked.of('r')} AND r.status NOT IN ('rejected', 'duplicate') GROUP BY 1",
        asked.values(()),
    )


def find_calendar(connection: Connection, city_id: UUID) -> Calendar:
    """Return the days of a city."""
    (row,) = _ask(connection, "SELECT time_zone FROM cities WHERE id = %(city)s", {"city": city_id})
    return Calendar(standard_offset_ms(row["time_zone"]))


_NAMED: Final = {
    Part.STATION: "SELECT id, name FROM stations WHERE city_id = %(city)s ORDER BY name, id",
    Part.WARD: "SELECT id, name FROM wards WHERE city_id = %(city)s ORDER BY name, id",
    Part.OFFICER: "SELECT id, name FROM users WHERE city_id = %(city)s ORDER BY name, id",
}


def find_parts(connection: Connection, city_id: UUID, part: Part) -> Rows:
    """Return the stations, wards or officers of a city."""
    return _ask(connection, _NAMED[part], {"city": city_id})


def find_middle(connection: Connection, city_id: UUID) -> Place:
    """Return the middle of a city."""
    query = "SELECT lon, lat FROM cities WHERE id = %(city)s"
    (row,) = _ask(connection, query, {"city": city_id})
    return Place(row["lon"], row["lat"])


_EAST: Final = "(r.lon - %(lon)s + 180)"
_SQUARE: Final = (
    f"floor(({_EAST} - 360 * floor({_EAST} / 360) - 180) / %(wide)s)::int AS x, "
    "floor((r.lat - %(lat)s) / %(high)s)::int AS y"
)


def count_squares(
    connection: Connection, asked: Question, squares: Squares, edges: tuple[int, ...]
) -> Rows:
    """Return how much of a scope happened in each square in each stretch between two edges."""
    wide, high = squares.degrees
    values = asked.values(edges) | {
        "lon": squares.middle.lon,
        "lat": squares.middle.lat,
        "wide": wide,
        "high": high,
    }
    return _ask(
        connection,
        f"SELECT {_SQUARE}, {_stretch('r.occurred_ms')} AS stretch, count(*) AS n FROM reports r "
        f"WHERE {asked.of('r')} AND r.occurred_ms >= %(from_ms)s AND r.occurred_ms < %(to_ms)s "
        "AND r.status NOT IN ('rejected', 'duplicate') GROUP BY 1, 2, 3",
        values,
    )
