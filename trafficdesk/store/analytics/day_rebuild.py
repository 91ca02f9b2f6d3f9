"""Making the sums by day afresh from the reports, and finding where those kept differ."""

from collections import Counter, defaultdict
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.durations import EDGES_MS
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.calendar import DAY_MS, Calendar
from trafficdesk.store.analytics import day_sums
from trafficdesk.store.analytics.day_columns import (
    AT_HOUR,
    CITED,
    COLUMN_OF,
    COUNTS,
    HAPPENED,
    KEY,
    OWN_TYPE,
    RECEIVED,
    SCORE,
    TOOK,
    TYPE_OF,
)
from trafficdesk.store.analytics.day_keys import WARD_KEY
from trafficdesk.store.analytics.recount import listed
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all

_HOUR_MS: Final = DAY_MS // len(AT_HOUR)
_OWNER: Final[dict[int, str]] = {
    Part.CITY: "x''",
    Part.STATION: "r.station_id",
    Part.WARD: WARD_KEY,
    Part.OFFICER: "r.reviewer_id",
}
_NAMES: Final[dict[int, str]] = {each: each.name.lower() for each in Part}
_BUCKET: Final = " ".join(
    f"WHEN took < {edge} THEN {bucket}" for bucket, edge in enumerate(EDGES_MS)
)
_DECIDED: Final = f"""
SELECT {{owner}}, (decided_ms + ?) / {DAY_MS}, status,
CASE {_BUCKET} ELSE {len(EDGES_MS)} END, count(*) FROM
(SELECT *, decided_ms - reported_ms AS took FROM reports
WHERE deleted_ms IS NULL AND decided_ms IS NOT NULL) r
WHERE {{owner}} IS NOT NULL GROUP BY 1, 2, 3, 4
"""
_RECEIVED: Final = (
    f"SELECT {{owner}}, (reported_ms + ?) / {_HOUR_MS}, severity, violation, count(*), sum(score) "
    "FROM reports r WHERE deleted_ms IS NULL AND {owner} IS NOT NULL GROUP BY 1, 2, 3, 4"
)
_HAPPENED: Final = (
    f"SELECT {{owner}}, (occurred_ms + ?) / {DAY_MS}, count(*) FROM reports r "
    f"WHERE deleted_ms IS NULL AND status NOT IN ({listed(NOT_COUNTED)}) "
    "AND {owner} IS NOT NULL GROUP BY 1, 2"
)
_CITED: Final = (
    f"SELECT {{owner}}, (issued_ms + ?) / {DAY_MS}, count(*), sum(amount_minor) FROM citations c "
    "JOIN reports r ON r.pk = c.report_pk WHERE r.deleted_ms IS NULL AND c.status = 'issued' "
    "AND {owner} IS NOT NULL GROUP BY 1, 2"
)
_Found = defaultdict[day_sums.Key, Counter[str]]


def rebuild(connection: Connection, calendar: Calendar) -> None:
    """Sum every day up anew."""
    connection.exec_driver_sql("DELETE FROM day_sums")
    for part, owner in _OWNER.items():
        found = _Found(Counter)
        if part != Part.OFFICER:
            _add_received(connection, calendar, (part, owner), found)
            _add_happened(connection, calendar, (part, owner), found)
        _add_decided(connection, calendar, (part, owner), found)
        _add_cited(connection, calendar, (part, owner), found)
        day_sums.put(connection, found)


def _add_received(
    connection: Connection, calendar: Calendar, part: tuple[int, str], found: _Found
) -> None:
    rows = fetch_all(connection, _RECEIVED.format(owner=part[1]), (calendar.offset_ms,))
    for owner, number, severity, violation, n, score in rows:
        day, hour = divmod(number, len(AT_HOUR))
        kept = found[part[0], owner, day]
        kept[RECEIVED[severity - 1]] += n
        kept[TYPE_OF.get(violation, OWN_TYPE)] += n
        kept[AT_HOUR[hour]] += n
        kept[SCORE] += score


def _add_happened(
    connection: Connection, calendar: Calendar, part: tuple[int, str], found: _Found
) -> None:
    rows = fetch_all(connection, _HAPPENED.format(owner=part[1]), (calendar.offset_ms,))
    for owner, day, n in rows:
        found[part[0], owner, day][HAPPENED] += n


def _add_decided(
    connection: Connection, calendar: Calendar, part: tuple[int, str], found: _Found
) -> None:
    rows = fetch_all(connection, _DECIDED.format(owner=part[1]), (calendar.offset_ms,))
    for owner, day, status, bucket, n in rows:
        if (verdict := COLUMN_OF.get(status)) is not None:
            kept = found[part[0], owner, day]
            kept[verdict] += n
            kept[TOOK[bucket]] += n


def _add_cited(
    connection: Connection, calendar: Calendar, part: tuple[int, str], found: _Found
) -> None:
    rows = fetch_all(connection, _CITED.format(owner=part[1]), (calendar.offset_ms,))
    for owner, day, *amounts in rows:
        for name, amount in zip(CITED, amounts, strict=True):
            found[part[0], owner, day][name] += amount


# Sums that came and went leave a row of nothing, which a recount has not.
_ROWS: Final = (
    f"SELECT {', '.join((*KEY, *COUNTS))} FROM {{}} "
    f"WHERE {' + '.join(f'({name} <> 0)' for name in COUNTS)} > 0"
)


def differing(connection: Connection, kept: str, recounted: str, limit: int) -> list[str]:
    """Return of which parts and days a table of sums differs from another."""
    faults = list[str]()
    for what, one, other in (
        ("is summed and not there", kept, recounted),
        ("is there and not summed", recounted, kept),
    ):
        rows = fetch_all(
            connection, f"{_ROWS.format(one)} EXCEPT {_ROWS.format(other)} LIMIT +?", (limit,)
        )
        faults += [f"{_NAMES[row[0]]} {row[1].hex()} {row[2]} {what}" for row in rows]
    return faults[:limit]
