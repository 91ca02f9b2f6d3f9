"""What a dispatcher and the crews do at a desk, drawn at random, from filing to taking it back."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from tests.system.sync.albums import photo
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.dispatch import SERVICE_OF, times_of
from trafficdesk.domain.records import Assignment, NewIncident, Place
from trafficdesk.domain.vocabulary import (
    Duty,
    IncidentType,
    LanesBlocked,
    Service,
    Severity,
    Step,
    UnitKind,
)
from trafficdesk.services import dispatch, incidents, merging, undo, units
from trafficdesk.services.dispatching import Target
from trafficdesk.services.undo import Scope
from trafficdesk.services.units import NewUnit
from trafficdesk.store import assignments
from trafficdesk.store import incidents as incidents_here
from trafficdesk.store import units as units_here

_INCIDENTS, _UNITS = 4, 3  # few, so that desks meet
_STEPS = tuple(each for each in Step if each is not Step.ASSIGNED)
_EARLIER_S = 300
_TRIES = 4
_SIDE_PX, _WITH_PHOTO = 64, 0.3

Deed = Callable[[SyncedDesk, random.Random], object]


def work(desk: SyncedDesk, draw: random.Random) -> None:
    """Do one thing about incidents and units; what is refused is tried otherwise, a few times."""
    before = _last(desk)
    for _ in range(_TRIES):
        draw.choice((*_OFTEN, *_SELDOM))(desk, draw)
        if _last(desk) != before:
            return


def _last(desk: SyncedDesk) -> object:
    with desk.session.store.reading() as connection:
        return connection.exec_driver_sql("SELECT max(seq) FROM events").scalar_one()


def _some(desk: SyncedDesk, draw: random.Random, table: str) -> Target | None:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT id, revision FROM {table} ORDER BY id").all()
    if not rows:
        return None
    raw, revision = draw.choice(rows)
    return Target(UUID(bytes=raw), revision)


def _count(desk: SyncedDesk, table: str) -> int:
    with desk.session.store.reading() as connection:
        query = f"SELECT count(*) FROM {table} WHERE deleted_ms IS NULL"
        return int(connection.exec_driver_sql(query).scalar_one())


def some_place(draw: random.Random) -> Place:
    """Return a place in town."""
    return Place(76.9 + draw.random() / 10, 11 + draw.random() / 10)


def some_incident(desk: SyncedDesk, draw: random.Random) -> NewIncident:
    """Return an incident as somebody reports it."""
    return NewIncident(
        type=draw.choice(tuple(IncidentType)),
        severity=draw.choice(tuple(Severity)),
        place=some_place(draw),
        occurred_at=desk.session.clock() - timedelta(minutes=draw.randrange(9)),
        vehicle_count=draw.randrange(1, 5),
        injury_count=draw.randrange(3),
        lanes_blocked=draw.choice(tuple(LanesBlocked)),
        needs={Service.POLICE: 1, Service.AMBULANCE: draw.randrange(2)},
        address=f"Street {draw.randrange(99)}",
    )


def _file(desk: SyncedDesk, draw: random.Random) -> None:
    if _count(desk, "incidents") < _INCIDENTS:
        photos = [photo(_SIDE_PX, draw.randbytes)] if draw.random() < _WITH_PHOTO else []
        incidents.file(desk.session, some_incident(desk, draw), photos)


def _call_for_help(desk: SyncedDesk, draw: random.Random) -> None:
    unit = _some(desk, draw, "units")
    if unit is not None:
        incidents.call_for_help(desk.session, unit.id, draw.choice((None, some_place(draw))))


def _correct(desk: SyncedDesk, draw: random.Random) -> None:
    incident = _some(desk, draw, "incidents")
    place = some_place(draw)
    choices: tuple[dict[str, object], ...] = (
        {"severity": draw.randrange(1, 5), "vehicle_count": draw.randrange(1, 9)},
        {"lanes_blocked": str(draw.choice(tuple(LanesBlocked)))},
        {"needs": {str(draw.choice(tuple(Service))): draw.randrange(1, 4)}},
        {"injuries": True, "injury_count": draw.randrange(1, 5)},
        {"address": f"Street {draw.randrange(99)}"},
        {"lon": place.lon, "lat": place.lat},
    )
    if incident is not None:
        incidents.correct(desk.session, incident, draw.choice(choices), "by the radio")


def _with_incident(step: Callable[..., object]) -> Deed:
    def do(desk: SyncedDesk, draw: random.Random) -> object:
        incident = _some(desk, draw, "incidents")
        return incident and step(desk.session, incident.id)

    return do


def _merge(desk: SyncedDesk, draw: random.Random) -> None:
    stays, goes = (_some(desk, draw, "incidents") for _ in range(2))
    if stays is not None and goes is not None:
        merging.merge(desk.session, stays.id, goes.id)


def _assign(desk: SyncedDesk, draw: random.Random) -> None:
    incident = _some(desk, draw, "incidents")
    sent = [each for _ in range(2) if (each := _some(desk, draw, "units"))]
    if incident is not None:
        dispatch.assign(desk.session, incident.id, {each.id: None for each in sent})


def _accept_plan(desk: SyncedDesk, draw: random.Random) -> None:
    """Send free units where their service is asked for, all at once."""
    with desk.session.store.reading() as connection:
        known, opened = units_here.find_all(connection), incidents_here.find_open(connection)
    pairs = [
        (incident.id, unit.id)
        for unit in draw.sample(known, len(known))
        for incident in draw.sample(opened, len(opened))
        if incident.needs.get(SERVICE_OF[unit.kind]) and unit.assignment_id is None
    ]
    dispatch.accept_plan(desk.session, pairs[: draw.randrange(1, 3)])


def _some_assignment(desk: SyncedDesk, draw: random.Random) -> Assignment | None:
    target = _some(desk, draw, "assignments")
    if target is None:
        return None
    with desk.session.store.reading() as connection:
        return assignments.find(connection, target.id)


def _step(desk: SyncedDesk, draw: random.Random) -> None:
    assignment = _some_assignment(desk, draw)
    if assignment is not None:
        dispatch.step(desk.session, assignment.id, draw.choice(_STEPS))


def _withdraw(desk: SyncedDesk, draw: random.Random) -> None:
    assignment = _some_assignment(desk, draw)
    if assignment is not None:
        dispatch.withdraw(desk.session, assignment.id, f"note {draw.randrange(99)}")


def _correct_times(desk: SyncedDesk, draw: random.Random) -> None:
    assignment = _some_assignment(desk, draw)
    if assignment is not None:
        step, at = draw.choice(list(times_of(assignment).items()))
        earlier = at - timedelta(seconds=draw.randrange(_EARLIER_S))
        dispatch.correct_times(desk.session, assignment.id, {step: earlier}, "by the log")


def _enlist(desk: SyncedDesk, draw: random.Random) -> None:
    if _count(desk, "units") < _UNITS:
        kind = draw.choice(tuple(UnitKind))
        units.enlist(desk.session, NewUnit(f"P{draw.randrange(5)}", kind))


def _edit_unit(desk: SyncedDesk, draw: random.Random) -> None:
    unit = _some(desk, draw, "units")
    choices: tuple[dict[str, object], ...] = (
        {"call_sign": f"P{draw.randrange(5)}"},
        {"crew": f"Crew {draw.randrange(9)}"},
        {"skills": [f"skill {draw.randrange(5)}"]},
        {"kind": str(draw.choice(tuple(UnitKind)))},
    )
    if unit is not None:
        units.edit(desk.session, unit, draw.choice(choices))


def _set_duty(desk: SyncedDesk, draw: random.Random) -> None:
    unit = _some(desk, draw, "units")
    if unit is not None:
        units.set_duty(desk.session, unit.id, draw.choice((Duty.ON, Duty.ON, Duty.BUSY, Duty.OFF)))


def _with_unit(step: Callable[..., object]) -> Deed:
    def do(desk: SyncedDesk, draw: random.Random) -> object:
        unit = _some(desk, draw, "units")
        return unit and step(desk.session, unit.id)

    return do


def _undo(desk: SyncedDesk, _draw: random.Random) -> None:
    undo.undo_last(desk.session, Scope.DISPATCH)


_OFTEN: tuple[Deed, ...] = (
    *(_file, _file, _enlist, _enlist),
    *(_accept_plan, _accept_plan, _assign, _assign, _assign, _assign, _assign),
    *(_step, _step, _step, _step),
)
_SELDOM: tuple[Deed, ...] = (
    *(_call_for_help, _correct, _merge, _withdraw, _correct_times),
    *(_with_incident(incidents.verify), _with_incident(incidents.acknowledge)),
    *(_with_incident(incidents.clear), _with_incident(incidents.reopen)),
    *(_with_incident(incidents.remove), _edit_unit, _set_duty),
    *(_with_unit(units.check_in), _with_unit(units.retire), _undo, _undo),
)
