"""The demo's dispatch: incidents of the last hours, who was sent, how far they came.

Each deed is done by the services at its own time, so that timelines, board and log are whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from trafficdesk.domain.demo.chance import dice, happens
from trafficdesk.domain.demo.units import SKILLS, UNITS
from trafficdesk.domain.dispatch import severity_score
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Account, Officer, Place, Position
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, Entity, Role, Severity, Source, Step
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.demo.arrivals import clock_at
from trafficdesk.services.demo.city import DemoCity, Spot, moved
from trafficdesk.services.demo.duty_plan import CHECKED, INCIDENTS, PACE, IncidentPlan
from trafficdesk.services.dispatching import Kind, create
from trafficdesk.services.intent import intent
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.session import Session
from trafficdesk.services.units import NewUnit
from trafficdesk.store import facts, unit_positions
from trafficdesk.store.incidents import account_facts

_WORDS_OF_SCORE: Final = (
    (75, Severity.CRITICAL),
    (45, Severity.SEVERE),
    (25, Severity.MODERATE),
)
_SAID: Final = ("Two vehicles, the road is blocked.", "Somebody is hurt.", "Traffic is standing.")
_REPORTED_AFTER: Final = timedelta(seconds=30)
Deed = tuple[datetime, Callable[[Session], Outcome]]


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where the demo's incidents lie, and whose units are sent."""

    city: DemoCity
    now: datetime
    city_id: UUID
    station_ids: Sequence[UUID]
    unit_ids: Mapping[str, UUID]


def tell_duty(
    session: Session, crew: Sequence[Officer], city: DemoCity, station_ids: Sequence[UUID]
) -> None:
    """Let the demo's dispatcher work through the last hours; units that are missing are enlisted.

    Raises:
        AssertionError: the demo's own story breaks a rule.
    """
    now, rng = session.clock(), dice("units")
    spots = {plan.call_sign: city.pick(rng) for plan in UNITS}
    dispatcher = next(each for each in crew if each.role is Role.DISPATCHER)
    acting = replace(session, officer=dispatcher)
    unit_ids = _enlist(acting, spots, station_ids)
    with session.store.reading() as connection:
        city_id = facts.home_city_id(connection)
    scene = _Scene(city, now, city_id, station_ids, unit_ids)
    chance = dice("incidents")
    deeds = [deed for plan in INCIDENTS for deed in _deeds(scene, chance, plan)]
    for call_sign, ago in CHECKED.items():
        deeds.append((now - ago, partial(units.check_in, unit_id=unit_ids[call_sign])))
    for at, do in sorted(deeds, key=lambda deed: deed[0]):
        _done(do(replace(acting, clock=clock_at(at))))
    with session.store.writing() as connection:
        unit_positions.put(connection, list(_positions(scene, spots, rng)))


def _done(outcome: Outcome) -> Outcome:
    if not outcome.is_done:
        raise AssertionError(f"the demo's own story breaks a rule: {outcome}")
    return outcome


def _enlist(
    session: Session, spots: Mapping[str, Spot], station_ids: Sequence[UUID]
) -> dict[str, UUID]:
    """Return the units by call sign; those of a server are here already."""
    found = {each.unit.call_sign: each.unit.id for each in units.find_units(session)}
    long_ago = replace(session, clock=clock_at(session.clock() - timedelta(days=90)))
    for plan in UNITS:
        if plan.call_sign in found:
            continue
        station_id = station_ids[spots[plan.call_sign].station]
        skills = SKILLS.get(plan.kind, ())
        made = NewUnit(plan.call_sign, plan.kind, plan.crew, skills, station_id, plan.duty)
        enlisted = units.enlist(long_ago, made)
        _done(enlisted.outcome)
        if enlisted.unit_id is not None:
            found[plan.call_sign] = enlisted.unit_id
    return found


def _deeds(scene: _Scene, rng: Random, plan: IncidentPlan) -> Iterator[Deed]:
    """Yield what was done about an incident, and when."""
    incident_id, spot = new_id(), scene.city.pick(rng)
    occurred_at = scene.now - timedelta(minutes=plan.minutes_ago, seconds=rng.randrange(60))
    values = _facts(plan, spot, moved(spot.place, rng, 10.0), occurred_at)
    values["city_id"] = str(scene.city_id)
    values["station_id"] = str(scene.station_ids[spot.station])
    at = occurred_at + _REPORTED_AFTER
    yield at, partial(_file, incident_id=incident_id, values=values)
    last = at
    for number, (call_sign, furthest) in enumerate(plan.sent.items()):
        unit_id = scene.unit_ids[call_sign]
        step_at = at + timedelta(seconds=7 * number)
        for step, pace in PACE.items():
            step_at += pace
            if step is Step.ASSIGNED:
                yield step_at, partial(_send, incident_id=incident_id, unit_id=unit_id)
            else:
                yield step_at, partial(_step, unit_id=unit_id, step=step)
            if step is furthest:
                break
        last = max(last, step_at)
    if plan.is_cleared:
        yield last + timedelta(seconds=20), partial(incidents.clear, incident_id=incident_id)


def _file(session: Session, incident_id: UUID, values: Mapping[str, object]) -> Outcome:
    """Write an incident with what several people said of it, as it comes from their apps."""
    with intent(session, Kind.FILE) as doing:
        named = {**values, "reference": incidents.next_reference(doing)}
        create(doing, Entity.INCIDENT, incident_id, "file", named)
        return doing.outcome()


def _send(session: Session, incident_id: UUID, unit_id: UUID) -> Outcome:
    return dispatch.assign(session, incident_id, [unit_id])


def _step(session: Session, unit_id: UUID, step: Step) -> Outcome:
    held = next(each for each in units.find_units(session) if each.unit.id == unit_id)
    if held.assignment is None:
        raise AssertionError(f"the demo's own story has nobody out: {held.unit.call_sign}")
    return dispatch.step(session, held.assignment.id, step)


def _facts(
    plan: IncidentPlan, spot: Spot, place: Place, occurred_at: datetime
) -> dict[str, object]:
    reported_ms = to_ms(occurred_at + _REPORTED_AFTER)
    accounts = _accounts(plan, place, occurred_at)
    score = severity_score(
        vehicles=plan.vehicles,
        injuries=plan.injured > 0,
        lanes=plan.lanes,
        merged_reports=len(accounts),
        calls_for_help=False,
    )
    severity = next((word for least, word in _WORDS_OF_SCORE if score >= least), Severity.MINOR)
    return {
        "type": str(plan.type),
        "severity": int(severity),
        "lon": place.lon,
        "lat": place.lat,
        "address": spot.road,
        "area": spot.area,
        "vehicle_count": plan.vehicles,
        "injuries": plan.injured > 0,
        "injury_count": plan.injured,
        "lanes_blocked": str(plan.lanes),
        "needs": {str(service): n for service, n in plan.needs.items()},
        "accounts": accounts,
        "source": str(Source.APP),
        "occurred_ms": to_ms(occurred_at),
        "reported_ms": reported_ms,
        "created_ms": reported_ms,
        "updated_ms": reported_ms,
    }


def _accounts(plan: IncidentPlan, place: Place, occurred_at: datetime) -> list[dict[str, object]]:
    """Return what further people said of an incident."""
    told = []
    for n in range(plan.reports - 1):
        at = occurred_at + timedelta(seconds=40 + 50 * n)
        said = Account(new_id(), at, Source.APP, _SAID[n % len(_SAID)], place)
        told.append(account_facts(said))
    return told


def _positions(scene: _Scene, spots: Mapping[str, Spot], rng: Random) -> Iterator[Position]:
    """Yield the last known positions: fresh but for a few, and none of a unit that is off duty."""
    for plan in UNITS:
        place = moved(spots[plan.call_sign].place, rng, 25.0)
        age = timedelta(seconds=rng.randint(5, 300))
        if happens(rng, 0.15):
            age = timedelta(minutes=rng.randint(12, 45))
        if plan.duty is not Duty.OFF:
            yield Position(scene.unit_ids[plan.call_sign], place, scene.now - age)
