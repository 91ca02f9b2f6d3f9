"""The log of a shift, and what it hands over: read in one snapshot, for screen, paper and programs.

Everything is by the server's clock as far as this desk knows it: what was done here is moved by
the skew last heard; what other desks told stands as they told it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.dispatch import is_open, response_of, step_of, still_needed
from trafficdesk.domain.records import Assignment, Incident, Officer
from trafficdesk.domain.shifts import Span, shift_of, span_of
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentStatus,
    Service,
    Step,
    SyncState,
    UnitStatus,
)
from trafficdesk.services.session import Session
from trafficdesk.store import (
    assignments,
    dispatch_history,
    facts,
    incidents,
    officers,
    places,
    shift_log,
    sync_marks,
    units,
)
from trafficdesk.store.units import UnitNow


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the log; ``actor`` is "" where this desk does not know who it was."""

    at: datetime
    actor: str
    is_here: bool
    entity: Entity
    action: str
    reference: str
    call_sign: str
    note: str
    mark: SyncState


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An incident that was not over: who is out for it, and what it still needs."""

    incident: Incident
    sent: tuple[tuple[str, Step], ...]
    missing: Mapping[Service, int]
    mark: SyncState


@dataclass(frozen=True, slots=True)
class UnitStand:
    """A unit as it stands now; ``reference`` is the incident's it was sent to, else ""."""

    now: UnitNow
    reference: str
    mark: SyncState

    @property
    def status(self) -> UnitStatus:
        """What it is doing."""
        return self.now.status


@dataclass(frozen=True, slots=True)
class Took:
    """How long a step took: of so many incidents that came to it; None where none did."""

    median: timedelta | None
    worst: timedelta | None
    counted: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call for help, and who took note of it when."""

    reference: str
    call_sign: str
    at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class ShiftLog:
    """A shift, and what it rests on.

    ``heard_at`` is when the server was last heard of, None if that is not known; ``is_alone``: no
    server is. Response times are those of the incidents ``filed`` in the span.
    """

    begin: datetime
    end: datetime
    made_at: datetime
    made_by: str
    station: str
    zone_name: str
    is_alone: bool
    heard_at: datetime | None
    filed: int
    cleared: int
    merged: int
    to_dispatch: Took
    to_arrival: Took
    to_clear: Took
    calls: tuple[Call, ...]
    handed_over: tuple[HandedOver, ...]
    units: tuple[UnitStand, ...]
    deeds: tuple[Deed, ...]

    @property
    def is_running(self) -> bool:
        """Tell whether the span was not over when the log was read."""
        return self.made_at < self.end

    def count(self, *marks: SyncState) -> int:
        """Return how many lines of the log have travelled just so far."""
        return sum(deed.mark in marks for deed in self.deeds)


def find_shift(session: Session, back: int = 0) -> Span:
    """Return the shift that runs now by the server's clock, or one so many shifts before."""
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    return _shift_before(calendar, to_ms(session.lease_clock()), back)


def _shift_before(calendar: Calendar, now_ms: int, back: int) -> Span:
    return span_of(calendar, shift_of(calendar, now_ms) - back)


def read_log(session: Session, span: Span, heard_at: datetime | None = None) -> ShiftLog:
    """Return the log of a span.

    ``heard_at`` is when the server was last heard of, by this desk's clock; without it, when it
    last answered for a change made here.
    """
    with session.store.reading() as connection:
        return _Reading(session, connection, span).log(heard_at)


class _Reading:
    """Everything of one snapshot that the parts of a log ask for."""

    def __init__(self, session: Session, connection: Connection, span: Span) -> None:
        self._session = session
        self._connection = connection
        self._span = span
        self._filed = incidents.find_reported_between(connection, *span)
        self._over = incidents.find_cleared_since(connection, span.begin_ms)
        self._open = incidents.find_standing(connection)
        known = {each.id: each for each in (*self._filed, *self._over, *self._open)}
        self._known: Mapping[UUID, Incident] = known
        self._sent = assignments.find_by_incident(connection, list(known))
        self._units = {each.unit.id: each for each in units.find_now(connection)}
        # A later change of a record covers what was said of it before.
        unsettled = dispatch_history.find_unsettled(connection)
        self._marks = {each.record_id: each.state for each in unsettled}

    def log(self, heard_at: datetime | None) -> ShiftLog:
        """Put the log together."""
        session, connection = self._session, self._connection
        own = [each for each in self._filed if each.merged_into is None]
        begin, end = from_ms(self._span.begin_ms), from_ms(self._span.end_ms)
        over = [each for each in self._over if each.cleared_at and each.cleared_at < end]
        if heard_at is None:
            settled_ms = shift_log.last_settled_ms(connection)
            heard_at = None if settled_ms is None else from_ms(settled_ms)
        return ShiftLog(
            begin=begin,
            end=end,
            made_at=session.lease_clock(),
            made_by=_name_of(session.officer),
            station=self._station(),
            zone_name=facts.time_zone(connection),
            is_alone=sync_marks.find_link(connection) is None,
            heard_at=None if heard_at is None else heard_at + session.skew,
            filed=len(own),
            cleared=len(over),
            merged=len(self._filed) - len(own),
            **self._took(own),
            calls=tuple(self._call(each) for each in self._filed if each.unit_id is not None),
            handed_over=self._handed_over(end),
            units=tuple(self._stand(each) for each in self._units.values()),
            deeds=tuple(self._deeds()),
        )

    def _station(self) -> str:
        here = self._session.officer.station_id
        named = {each.id: each.name for each in places.find_stations(self._connection)}
        return named.get(here, "")

    def _took(self, filed: Iterable[Incident]) -> dict[str, Took]:
        responses = [
            response_of(each.reported_at, each.cleared_at, self._sent.get(each.id, ()))
            for each in filed
        ]
        return {
            name: _sum_up([took for each in responses if (took := getattr(each, name)) is not None])
            for name in ("to_dispatch", "to_arrival", "to_clear")
        }

    def _call(self, incident: Incident) -> Call:
        by = incident.acknowledged_by
        return Call(
            incident.reference,
            self._call_sign(incident.unit_id),
            incident.reported_at,
            incident.acknowledged_at,
            "" if by is None else officers.find_names(self._connection).get(by, ""),
        )

    def _call_sign(self, unit_id: UUID | None) -> str:
        if unit_id is None:
            return ""
        found = self._units.get(unit_id)
        unit = units.find(self._connection, unit_id) if found is None else found.unit
        return "" if unit is None else unit.call_sign

    def _handed_over(self, end: datetime) -> tuple[HandedOver, ...]:
        later = [each for each in self._over if each.cleared_at and each.cleared_at >= end]
        left = [each for each in (*self._open, *later) if each.reported_at < end]
        left.sort(key=lambda each: (-each.severity_score, each.reported_at))
        return tuple(self._hand_over(each) for each in left)

    def _hand_over(self, incident: Incident) -> HandedOver:
        sent: list[Assignment] = self._sent.get(incident.id, [])
        is_removed = incident.deleted_at is not None  # nobody more is sent to it
        is_over = incident.status is IncidentStatus.CLEARED or is_removed
        return HandedOver(
            incident,
            tuple((self._call_sign(e.unit_id), step_of(e)) for e in sent if is_open(e)),
            {} if is_over else still_needed(incident.needs, sent),
            self._marks.get(incident.id, SyncState.CONFIRMED),
        )

    def _stand(self, now: UnitNow) -> UnitStand:
        held = now.assignment
        reference = ""
        if held is not None and is_open(held):
            incident = self._known.get(held.incident_id)
            reference = "" if incident is None else incident.reference
        return UnitStand(now, reference, self._marks.get(now.unit.id, SyncState.CONFIRMED))

    def _deeds(self) -> list[Deed]:
        skew_ms = round(self._session.skew.total_seconds() * 1000)
        around = Span(self._span.begin_ms - abs(skew_ms), self._span.end_ms + abs(skew_ms))
        found = shift_log.find_deeds(self._connection, self._session.device_id, around)
        moved = [(e.at_ms + skew_ms if e.is_here else e.at_ms, e) for e in found]
        begin_ms, end_ms = self._span
        within = [(at, e) for at, e in moved if begin_ms <= at < end_ms]
        within.sort(key=lambda each: each[0])
        return [
            Deed(
                from_ms(at),
                e.actor,
                e.is_here,
                Entity(e.entity),
                e.action,
                e.reference,
                e.call_sign,
                e.note,
                SyncState(e.state),
            )
            for at, e in within
        ]


def _name_of(officer: Officer) -> str:
    return " ".join(filter(None, (officer.rank, officer.name)))


def _sum_up(lengths: list[timedelta]) -> Took:
    if not lengths:
        return Took(None, None, 0)
    middle = timedelta(seconds=median(each.total_seconds() for each in lengths))
    return Took(middle, max(lengths), len(lengths))
