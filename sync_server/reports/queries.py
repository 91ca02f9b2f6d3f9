"""Reports near a place and an instant, with what they tell, in one statement."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

from sync_server.db.engine import Connection
from trafficdesk.domain.duplicates import SAME_EVENT_GAP_MS, SAME_EVENT_RADIUS_M, Told
from trafficdesk.domain.geometry import boxes_around
from trafficdesk.domain.records import Place
from trafficdesk.domain.same_event import Known

_MOST: Final = 32  # the nearest of a crowd, as on the desks
# What a desk says of a photo is believed as far as it can be read.
_TOLD: Final = """
SELECT r.id, r.city_id, r.reference, r.duplicate_of, r.lon, r.lat, r.accuracy_m, r.occurred_ms,
  r.plate, r.description, ARRAY(SELECT jsonb_array_elements_text(r.violations)) AS violations,
  ARRAY(SELECT f.value ->> 'picture_hash' FROM jsonb_array_elements(r.media) f
    WHERE f.value ->> 'picture_hash' ~ '^[0-9a-f]{16}$') AS pictures"""
_MINE: Final = """ AND r.deleted_ms IS NULL
  AND (%(stations)s::uuid[] = '{}' OR r.station_id = ANY (%(stations)s::uuid[]))"""
_BY_ID: Final = (
    f"{_TOLD} FROM reports r WHERE r.city_id = ANY (%(cities)s) AND r.id = %(id)s{_MINE}"
)


def _near(boxes: str) -> str:
    return f"""
WITH near AS MATERIALIZED ({_TOLD}, ST_DistanceSphere(r.geom,
    ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) AS metres
  FROM reports r WHERE r.city_id = %(city)s AND ({boxes})
  AND r.occurred_ms BETWEEN %(at_ms)s - %(gap_ms)s AND %(at_ms)s + %(gap_ms)s{_MINE})
SELECT * FROM near WHERE metres <= %(radius_m)s
ORDER BY metres, abs(occurred_ms - %(at_ms)s), id LIMIT %(most)s
"""


class Seen(NamedTuple):
    """Which reports somebody may see: of these cities, and of these stations if there are any."""

    city_ids: Collection[UUID]
    station_ids: Collection[UUID] = ()


class Found(NamedTuple):
    """A report and whose it is; ``distance_m`` is 0 for the one that was asked for."""

    city_id: UUID
    reference: str
    known: Known
    distance_m: float = 0.0


def find_one(connection: Connection, seen: Seen, report_id: UUID) -> Found | None:
    """Return what a report tells."""
    values = {"id": report_id, "cities": list(seen.city_ids), "stations": list(seen.station_ids)}
    row = connection.execute(_BY_ID.encode(), values).fetchone()
    return None if row is None else _found(row)


def find_near(connection: Connection, seen: Seen, city_id: UUID, told: Told) -> list[Found]:
    """Return the reports of a city around what one tells of, the nearest 32, the closest first."""
    values: dict[str, object] = {
        "city": city_id,
        "stations": list(seen.station_ids),
        "lon": told.place.lon,
        "lat": told.place.lat,
        "at_ms": told.at_ms,
        "gap_ms": SAME_EVENT_GAP_MS,
        "radius_m": SAME_EVENT_RADIUS_M,
        "most": _MOST,
    }
    boxes = list[str]()
    for number, box in enumerate(boxes_around(told.place, SAME_EVENT_RADIUS_M)):
        names = [f"{side}_{number}" for side in box._fields]
        values |= dict(zip(names, box, strict=True))
        edges = ", ".join(f"%({name})s" for name in names)
        boxes.append(f"r.geom && ST_MakeEnvelope({edges}, 4326)")
    query = _near(" OR ".join(boxes))
    return [_found(row) for row in connection.execute(query.encode(), values).fetchall()]


def _found(row: dict[str, Any]) -> Found:
    told = Told(
        Place(row["lon"], row["lat"]),
        row["accuracy_m"],
        row["occurred_ms"],
        tuple(row["violations"]),
        row["plate"],
        row["description"],
        tuple(row["pictures"]),
    )
    known = Known(row["id"], row["duplicate_of"], told)
    return Found(row["city_id"], row["reference"], known, row.get("metres", 0.0))
