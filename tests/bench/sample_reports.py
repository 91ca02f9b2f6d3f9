"""A city's years of reports, clustered along roads and hours as traffic is; always the same."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from uuid import UUID

from trafficdesk.domain.records import Place
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Violation
from trafficdesk.store.reports import ReportInsert

CENTRE = Place(76.9716, 11.0108)
FIRST_MS = to_ms(datetime(2022, 1, 1, tzinfo=UTC))
LAST_MS = to_ms(datetime(2026, 11, 20, tzinfo=UTC))
ROADS = 240
_SEED = 20261122
_DAY_MS = 86_400_000
# Shares of a thousand: most reports of a desk are decided, its open queue is short beside them.
_STATUSES = {
    ReportStatus.PENDING: 48,
    ReportStatus.UNDER_REVIEW: 2,
    ReportStatus.NEEDS_INFO: 10,
    ReportStatus.APPROVED: 110,
    ReportStatus.REJECTED: 220,
    ReportStatus.DUPLICATE: 50,
    ReportStatus.CITED: 130,
    ReportStatus.CLOSED: 430,
}
_SEVERITIES = {
    Severity.MINOR: 420,
    Severity.MODERATE: 380,
    Severity.SEVERE: 160,
    Severity.CRITICAL: 40,
}
_OPEN = {ReportStatus.PENDING, ReportStatus.UNDER_REVIEW, ReportStatus.NEEDS_INFO}
_VIOLATION_WEIGHTS = (9, 14, 8, 22, 9, 6, 7, 1, 13, 4, 2, 3, 1, 1, 1)
# Local hours 0 to 23: the two rushes, and few at night.
_HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 13, 9, 7, 7, 7, 7, 8, 11, 15, 16, 13, 8, 5, 3, 2)
_COLOURS = ("white", "black", "red", "blue", "silver", "grey", "green", "yellow")
_VEHICLES = ("scooter", "motorcycle", "car", "autorickshaw", "bus", "lorry", "van", "jeep")
_DEEDS = (
    "went through when the lamp was fully red",
    "came along the wrong side of the divider",
    "rode without a helmet past the school",
    "stood on the zebra crossing for minutes",
    "overtook on the left and cut in sharply",
    "carried three people on the saddle",
    "held a phone all the way down the road",
    "blocked the bus bay in the evening rush",
)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom and where the reports belong to; ids as 16 bytes."""

    city_id: bytes
    station_id: bytes
    officer_ids: tuple[bytes, ...]
    ward_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Road:
    name: str
    area: int
    start: Place
    end: Place


def _roads(rng: Random) -> list[_Road]:
    """Return straight roads, denser towards the centre."""
    roads = []
    for number in range(ROADS):
        away, turn = rng.gauss(0, 0.05), rng.uniform(0, 2 * math.pi)
        middle = Place(CENTRE.lon + away * math.cos(turn), CENTRE.lat + away * math.sin(turn))
        half, along = rng.uniform(0.002, 0.02), rng.uniform(0, math.pi)
        d_lon, d_lat = half * math.cos(along), half * math.sin(along)
        roads.append(
            _Road(
                f"{'Main' if number % 7 == 0 else 'Cross'} Road {number + 1}",
                number % 30 + 1,
                Place(middle.lon - d_lon, middle.lat - d_lat),
                Place(middle.lon + d_lon, middle.lat + d_lat),
            )
        )
    return roads


def _when(rng: Random, hours: list[int]) -> int:
    days = (LAST_MS - FIRST_MS) // _DAY_MS
    # More of them lately: the app grew.
    day = int(days * math.sqrt(rng.random()))
    (hour,) = rng.choices(range(24), cum_weights=hours)
    return FIRST_MS + day * _DAY_MS + hour * 3_600_000 + rng.randrange(3_600_000) - 19_800_000


def _plate(rng: Random) -> str:
    if rng.random() < 0.08:
        return ""
    series = rng.choice(_LETTERS) + rng.choice(_LETTERS)
    return f"TN{rng.choice((37, 38, 66, 99))}{series}{rng.randrange(1, 10_000):04d}"


def sample_reports(count: int, desk: Desk) -> Iterator[ReportInsert]:
    """Yield ``count`` reports in the order they were reported."""
    rng = Random(_SEED)  # noqa: S311 - the same city every time
    roads = _roads(rng)
    busy = list(accumulate(1.0 / (rank + 3) for rank in range(ROADS)))
    hours = list(accumulate(_HOUR_WEIGHTS))
    times = sorted(_when(rng, hours) for _ in range(count))
    for number, occurred_ms in enumerate(times, 1):
        (road,) = rng.choices(roads, cum_weights=busy)
        yield _report(rng, desk, road, (number, occurred_ms))


def _report(rng: Random, desk: Desk, road: _Road, counted: tuple[int, int]) -> ReportInsert:
    number, occurred_ms = counted
    share, spread = rng.betavariate(1.3, 1.3), 0.00008
    lon = road.start.lon + (road.end.lon - road.start.lon) * share + rng.gauss(0, spread)
    lat = road.start.lat + (road.end.lat - road.start.lat) * share + rng.gauss(0, spread)
    (status,) = rng.choices(tuple(_STATUSES), tuple(_STATUSES.values()))
    (severity,) = rng.choices(tuple(_SEVERITIES), tuple(_SEVERITIES.values()))
    (violation,) = rng.choices(tuple(Violation), _VIOLATION_WEIGHTS)
    year = datetime.fromtimestamp(occurred_ms / 1000, UTC).year
    is_open = status in _OPEN
    assigned = status is ReportStatus.UNDER_REVIEW or (is_open and rng.random() < 0.1)
    vehicle = f"{rng.choice(_COLOURS)} {rng.choice(_VEHICLES)}"
    return ReportInsert(
        id=UUID(int=rng.getrandbits(128), version=4).bytes,
        version=1,
        reference=f"CBE-{year}-{number:07d}",
        status=status,
        severity=int(severity),
        violation=violation,
        more_violations=0,
        lon=round(lon, 6),
        lat=round(lat, 6),
        accuracy_m=float(rng.randrange(3, 40)),
        address=f"{rng.randrange(1, 400)} {road.name}",
        area=f"Area {road.area}",
        ward_id=desk.ward_ids[road.area % len(desk.ward_ids)],
        city_id=desk.city_id,
        station_id=desk.station_id,
        occurred_ms=occurred_ms,
        reported_ms=occurred_ms + rng.randrange(60_000, 1_800_000),
        plate=_plate(rng),
        vehicle_type="unknown",
        vehicle_text=vehicle,
        description=f"A {vehicle} {rng.choice(_DEEDS)}, seen near Area {road.area}.",
        source="app",
        reporter_id=None,
        score=min(100, max(0, round(rng.gauss(62, 18)))),
        created_ms=occurred_ms,
        updated_ms=occurred_ms,
        escalated=int(is_open and rng.random() < 0.03),
        second_look=int(not is_open and rng.random() < 0.002),
        assignee_id=rng.choice(desk.officer_ids) if assigned else None,
        lease_until_ms=None,
        sync_state=0,
    )
