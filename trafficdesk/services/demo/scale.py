"""Reports by the hundred thousand: clustered along roads and hours, quick to make."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, repeat
from random import Random
from typing import NamedTuple
from uuid import UUID

from trafficdesk.domain.demo.chance import dice, happens
from trafficdesk.domain.demo.town import CITY_CODE, ZONE
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Source, SyncState
from trafficdesk.services.demo import words
from trafficdesk.services.demo.city import DemoCity
from trafficdesk.services.demo.traffic import KINDS, WEEKDAYS, Kind
from trafficdesk.services.demo.vehicles import Fleet, Vehicle
from trafficdesk.store.reports import ReportInsert

WEEKS = 156  # three years
MINUTES_A_DAY = 1_440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
MINUTE_MS = 60_000
WEEK_MS = MINUTES_A_WEEK * MINUTE_MS
PATTERNS = 24_000
FLEET = 12_000
FATES = 2_000
NOISES = 30_011
NAMED_SHARE, ASSIGNED_SHARE, ESCALATED_SHARE = 0.65, 0.12, 0.02
_CHUNK = 8_192

Columns = dict[str, Iterable[object]]
_SOURCES = (*[Source.APP.value] * 7, Source.WEB.value, Source.WEB.value, Source.OFFICER.value)
_ACCURACIES_M = (5.0, 8.0, 12.0, 20.0, 45.0)
_JITTER_DEGREES = 0.00016  # about 18 m
_TAIL_BITS = 74
_USUAL_DECISION_MS = 150 * MINUTE_MS
_DECISION_SPREAD = 1.3  # of the logarithm: a tenth take more than half a day
_UNDECIDED = frozenset(map(str, (ReportStatus.PENDING, ReportStatus.NEEDS_INFO)))


class Pattern(NamedTuple):
    """What goes together: a violation at its hour, with its vehicle, severity and words."""

    minute: int
    violation: str
    severity: int
    vehicle: Vehicle
    description: str


class Noise(NamedTuple):
    """What depends on nothing else; drawn once and dealt again and again like a pack of cards."""

    lon: float
    lat: float
    accuracy_m: float
    within_ms: int
    delay_ms: int
    decided_after_ms: int
    source: str
    reporter_id: bytes | None
    score: int


class RowFate(NamedTuple):
    """What became of a row; the fields are columns."""

    status: str
    reviewer_id: bytes | None
    decision_note: str
    rejection_reason: str | None
    escalated: int
    second_look: int
    assignee_id: bytes | None


@dataclass(frozen=True, slots=True)
class ScaleCast:
    """The ids that rows carry; ``ward_ids`` has one entry for every spot of the city."""

    city_id: UUID
    station_ids: tuple[UUID, ...]
    officer_ids: tuple[UUID, ...]
    citizen_ids: tuple[UUID, ...]
    ward_ids: Sequence[UUID | None]


def scale_rows(
    city: DemoCity, cast: ScaleCast, now: datetime, count: int
) -> Iterator[ReportInsert]:
    """Yield ``count`` rows over the three years up to ``now``, in order of occurrence.

    Old reports are decided, those of the last week mostly wait. Chosen in bulk and zipped: a
    row takes a few microseconds.
    """
    maker = _Maker(city, cast, now, dice("scale", count))
    made = 0
    for week in range(WEEKS):
        # More is reported every year: the last week has half as much again as the first.
        share = (week + 1) * (2 * WEEKS + week / 2) / (WEEKS * (2.5 * WEEKS - 0.5))
        rest = round(count * share) - made
        while rest > 0:
            size = min(rest, _CHUNK)
            yield from maker.rows(week, size, made)
            made, rest = made + size, rest - size


class _Maker:
    """Holds what is made once, so that a chunk of rows only chooses and zips."""

    def __init__(self, city: DemoCity, cast: ScaleCast, now: datetime, rng: Random) -> None:
        self._cast, self._rng = cast, rng
        self._now_ms = to_ms(now)
        self._first_ms = self._now_ms - WEEKS * WEEK_MS
        self._patterns = _patterns(rng, now)
        self._spots = range(len(city.spots))
        self._spot_sums = list(accumulate(city.weights))
        self._lons = [spot.place.lon for spot in city.spots]
        self._lats = [spot.place.lat for spot in city.spots]
        self._areas = [spot.area for spot in city.spots]
        self._addresses = [", ".join(p for p in (s.road, s.heading) if p) for s in city.spots]
        self._wards = [None if ward is None else ward.bytes for ward in cast.ward_ids]
        self._stations = [cast.station_ids[spot.station].bytes for spot in city.spots]
        self._noise = _noise(rng, [citizen.bytes for citizen in cast.citizen_ids])
        officers = [officer.bytes for officer in cast.officer_ids]
        self._fates = [_fates(rng, officers, age) for age in range(4)]

    def rows(self, week: int, size: int, made: int) -> Iterator[ReportInsert]:
        """Return rows of one week; ``made`` counts the rows before them."""
        rng = self._rng
        start_ms = self._first_ms + week * WEEK_MS
        patterns = sorted(rng.choices(self._patterns, k=size), key=_minute)
        spots = rng.choices(self._spots, cum_weights=self._spot_sums, k=size)
        first = rng.randrange(NOISES)
        noise = self._noise[first : first + size]
        occurred = [
            start_ms + p.minute * MINUTE_MS + n.within_ms
            for p, n in zip(patterns, noise, strict=True)
        ]
        reported = [
            min(self._now_ms, at + n.delay_ms) for at, n in zip(occurred, noise, strict=True)
        ]
        fates = rng.choices(self._fates[min(3, WEEKS - 1 - week)], k=size)
        year = from_ms(start_ms + WEEK_MS - 1).year
        columns = {
            "id": _ids(rng, reported),
            "version": repeat(1),
            "reference": [f"{CITY_CODE}-{year}-{n:07d}" for n in range(made + 1, made + size + 1)],
            "occurred_ms": occurred,
            "reported_ms": reported,
            "created_ms": reported,
            "updated_ms": reported,
            "sync_state": repeat(int(SyncState.CONFIRMED)),
            "lease_until_ms": repeat(None),
            "decided_ms": self._decided(reported, fates, noise),
            "duplicate_of": repeat(None),
            **_what(patterns),
            **self._where(spots, noise),
            **dict(zip(RowFate._fields, zip(*fates, strict=True), strict=True)),
        }
        in_order = [columns[name] for name in ReportInsert._fields]
        return map(ReportInsert._make, zip(*in_order, strict=False))

    def _decided(
        self, reported: list[int], fates: Sequence[RowFate], noise: list[Noise]
    ) -> list[int | None]:
        """Return when each was decided, if it was."""
        return [
            None if fate.status in _UNDECIDED else min(self._now_ms, at + n.decided_after_ms)
            for at, fate, n in zip(reported, fates, noise, strict=True)
        ]

    def _where(self, spots: list[int], noise: list[Noise]) -> Columns:
        """Return the columns that follow from the spots and the noise around them."""
        return {
            "lon": [self._lons[spot] + n.lon for spot, n in zip(spots, noise, strict=True)],
            "lat": [self._lats[spot] + n.lat for spot, n in zip(spots, noise, strict=True)],
            "accuracy_m": [n.accuracy_m for n in noise],
            "address": [self._addresses[spot] for spot in spots],
            "area": [self._areas[spot] for spot in spots],
            "ward_id": [self._wards[spot] for spot in spots],
            "city_id": repeat(self._cast.city_id.bytes),
            "station_id": [self._stations[spot] for spot in spots],
            "source": [n.source for n in noise],
            "reporter_id": [n.reporter_id for n in noise],
            "score": [n.score for n in noise],
        }


def _what(patterns: list[Pattern]) -> Columns:
    """Return the columns that follow from the patterns."""
    vehicles = [pattern.vehicle for pattern in patterns]
    return {
        "severity": [pattern.severity for pattern in patterns],
        "violation": [pattern.violation for pattern in patterns],
        "more_violations": repeat(0),
        "plate": [vehicle.plate for vehicle in vehicles],
        "vehicle_type": [vehicle.kind.value for vehicle in vehicles],
        "vehicle_text": [vehicle.text for vehicle in vehicles],
        "description": [pattern.description for pattern in patterns],
    }


def _minute(pattern: Pattern) -> int:
    return pattern.minute


def _ids(rng: Random, at_ms: list[int]) -> list[bytes]:
    """Return an id of version 7 for each instant (RFC 9562, section 5.7)."""
    chance = rng.getrandbits
    mask, fixed = (1 << 62) - 1, (0x7 << 76) | (0b10 << 62)
    return [
        ((ms << 80) | fixed | ((tail >> 62) << 64) | (tail & mask)).to_bytes(16, "big")
        for ms, tail in ((ms, chance(_TAIL_BITS)) for ms in at_ms)
    ]


def _noise(rng: Random, citizens: list[bytes]) -> list[Noise]:
    """Return the pack, long enough to cut a chunk off anywhere."""
    pack = [
        Noise(
            (rng.random() - 0.5) * _JITTER_DEGREES,
            (rng.random() - 0.5) * _JITTER_DEGREES,
            rng.choice(_ACCURACIES_M),
            rng.randrange(MINUTE_MS),
            rng.randrange(MINUTE_MS, 25 * MINUTE_MS),
            int(_USUAL_DECISION_MS * rng.lognormvariate(0, _DECISION_SPREAD)),
            rng.choice(_SOURCES),
            rng.choice(citizens) if citizens and happens(rng, NAMED_SHARE) else None,
            rng.randrange(20, 99),
        )
        for _ in range(NOISES)
    ]
    return pack + pack[:_CHUNK]


def _patterns(rng: Random, now: datetime) -> list[Pattern]:
    """Return joint samples; their minutes count from the present minute of the local week."""
    fleet = Fleet(rng, FLEET)
    local = now.astimezone(ZONE)
    start = local.weekday() * MINUTES_A_DAY + local.hour * 60 + local.minute
    kinds = rng.choices(KINDS, [kind.weight for kind in KINDS], k=PATTERNS)
    return [_pattern(rng, kind, fleet, start) for kind in kinds]


def _pattern(rng: Random, kind: Kind, fleet: Fleet, start: int) -> Pattern:
    (day,) = rng.choices(range(7), WEEKDAYS)
    (hour,) = rng.choices(range(24), kind.hours)
    (wheels,) = rng.choices(tuple(kind.vehicles), tuple(kind.vehicles.values()))
    (severity,) = rng.choices(tuple(kind.severities), tuple(kind.severities.values()))
    vehicle = fleet.pick(wheels)
    name, _, paint = vehicle.text.partition(", ")
    sentence = rng.choice(words.SAID[kind.violation])
    said = sentence.format(vehicle=f"{paint} {name.lower()}", road="this road")
    minute = day * MINUTES_A_DAY + hour * 60 + rng.randrange(60)
    return Pattern(
        (minute - start) % MINUTES_A_WEEK,
        kind.violation.value,
        int(severity),
        vehicle,
        said[:1].upper() + said[1:],
    )


# Shares of pending, needing information, approved, cited, closed, rejected: this week, last …
_SHARES = (
    (62, 5, 13, 6, 0, 14),
    (9, 4, 32, 20, 7, 28),
    (3, 2, 34, 20, 12, 29),
    (0, 0, 30, 20, 21, 29),
)
_STATUSES = (
    ReportStatus.PENDING,
    ReportStatus.NEEDS_INFO,
    ReportStatus.APPROVED,
    ReportStatus.CITED,
    ReportStatus.CLOSED,
    ReportStatus.REJECTED,
)


def _fates(rng: Random, officers: list[bytes], age_weeks: int) -> list[RowFate]:
    """Return fates to choose from for rows of an age."""
    fates = []
    for status in rng.choices(_STATUSES, _SHARES[age_weeks], k=FATES):
        officer = rng.choice(officers)
        if status is ReportStatus.PENDING:
            chance = rng.random()
            assignee = officer if chance < ASSIGNED_SHARE else None
            escalated = int(chance > 1 - ESCALATED_SHARE)
            fates.append(RowFate(status.value, None, "", None, escalated, 0, assignee))
        elif status is ReportStatus.REJECTED:
            reason = rng.choice(list(RejectionReason))
            note = words.REJECTED_NOTES[reason]
            fates.append(RowFate(status.value, officer, note, reason.value, 0, 0, None))
        else:
            note = rng.choice(words.APPROVED_NOTES)
            fates.append(RowFate(status.value, officer, note, None, 0, 0, None))
    return fates
