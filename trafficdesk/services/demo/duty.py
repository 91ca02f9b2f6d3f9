"""The demo's incidents, units and assignments: what is going on right now, and who can be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.demo.chance import dice, happens
from trafficdesk.domain.demo.units import SKILLS, UNITS
from trafficdesk.domain.dispatch import SERVICE_OF, TIME_OF, severity_score
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Account, Place, Position
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Duty, Entity, Severity, Source, Step, SyncState
from trafficdesk.services.demo.city import DemoCity, Spot, moved
from trafficdesk.services.demo.duty_plan import INCIDENTS, PACE, IncidentPlan
from trafficdesk.services.demo.sightings import Cast
from trafficdesk.store import dispatch_rows, unit_positions
from trafficdesk.store.incidents import account_facts

_WORDS_OF_SCORE = ((75, Severity.CRITICAL), (45, Severity.SEVERE), (25, Severity.MODERATE))
_KIND_OF = {plan.call_sign: plan.kind for plan in UNITS}
_SAID = ("Two vehicles, the road is blocked.", "Somebody is hurt.", "Traffic is standing.")


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where and when the demo's duty is told."""

    city: DemoCity
    cast: Cast
    now: datetime
    spots: Mapping[str, Spot]
    unit_ids: Mapping[str, UUID]


def write_duty(connection: Connection, city: DemoCity, cast: Cast, now: datetime) -> None:
    """Write units with their positions, and the incidents of the last hours with who was sent."""
    rng = dice("units")
    spots = {plan.call_sign: city.pick(rng) for plan in UNITS}
    scene = _Scene(city, cast, now, spots, {call_sign: new_id() for call_sign in spots})
    held = dict[UUID, UUID]()
    chance = dice("incidents")
    for number, plan in enumerate(INCIDENTS):
        held |= _write_incident(connection, scene, chance, (number, plan))
    _write_units(connection, scene, held)
    unit_positions.put(connection, list(_positions(scene, rng)))


def _write_incident(
    connection: Connection, scene: _Scene, rng: Random, numbered: tuple[int, IncidentPlan]
) -> dict[UUID, UUID]:
    """Write an incident with its assignments; return those that are open, by unit."""
    number, plan = numbered
    incident_id, spot = new_id(), scene.city.pick(rng)
    occurred_at = scene.now - timedelta(minutes=plan.minutes_ago, seconds=rng.randrange(60))
    reference = f"INC-{scene.now.year}-{412 - number:06d}"
    values = _incident(plan, spot, moved(spot.place, rng, 10.0), occurred_at)
    values |= {"reference": reference, "city_id": str(scene.cast.city_id)}
    values["station_id"] = str(scene.cast.station_ids[spot.station])
    sent = {name: _times(occurred_at, furthest) for name, furthest in plan.sent.items()}
    if plan.is_cleared:
        values["cleared_ms"] = max(times["cleared_ms"] for times in sent.values())
    _write(connection, Entity.INCIDENT, incident_id, values)
    held = dict[UUID, UUID]()
    for call_sign, times in sent.items():
        assignment_id, unit_id = new_id(), scene.unit_ids[call_sign]
        station = scene.cast.station_ids[scene.spots[call_sign].station]
        belongs = {"city_id": str(scene.cast.city_id), "station_id": str(station)}
        names = {"incident_id": str(incident_id), "unit_id": str(unit_id)}
        role = str(SERVICE_OF[_KIND_OF[call_sign]])
        _write(
            connection,
            Entity.ASSIGNMENT,
            assignment_id,
            {**belongs, **names, "role": role, **times},
        )
        if "cleared_ms" not in times:
            held[unit_id] = assignment_id
    return held


def _write(
    connection: Connection, entity: Entity, record_id: UUID, values: Mapping[str, object]
) -> None:
    kept = dispatch_rows.Kept(record_id, 1, 1, values)
    dispatch_rows.arrive(connection, entity, kept, SyncState.CONFIRMED)


def _times(occurred_at: datetime, furthest: Step) -> dict[str, int]:
    """Return when each step was taken, up to the furthest."""
    times, at = dict[str, int](), occurred_at + timedelta(seconds=30)
    for step, pace in PACE.items():
        at += pace
        times[TIME_OF[step]] = to_ms(at)
        if step is furthest:
            break
    return times


def _incident(
    plan: IncidentPlan, spot: Spot, place: Place, occurred_at: datetime
) -> dict[str, object]:
    reported_ms = to_ms(occurred_at + timedelta(seconds=30))
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
        "address": f"{spot.road}, {spot.area}",
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


def _write_units(connection: Connection, scene: _Scene, held: Mapping[UUID, UUID]) -> None:
    for plan in UNITS:
        unit_id = scene.unit_ids[plan.call_sign]
        assignment_id = held.get(unit_id)
        station = scene.cast.station_ids[scene.spots[plan.call_sign].station]
        values: dict[str, object] = {
            "city_id": str(scene.cast.city_id),
            "station_id": str(station),
            "call_sign": plan.call_sign,
            "kind": str(plan.kind),
            "crew": plan.crew,
            "skills": list(SKILLS.get(plan.kind, ())),
            "duty": str(plan.duty),
            "assignment_id": None if assignment_id is None else str(assignment_id),
            "created_ms": to_ms(scene.now - timedelta(days=90)),
        }
        _write(connection, Entity.UNIT, unit_id, values)


def _positions(scene: _Scene, rng: Random) -> Iterator[Position]:
    """Yield the last known positions, minutes to some hours old; a few units were never heard."""
    for plan in UNITS:
        place = moved(scene.spots[plan.call_sign].place, rng, 25.0)
        at = scene.now - timedelta(minutes=rng.randint(2, 190))
        if plan.duty is not Duty.OFF and not happens(rng, 0.04):
            yield Position(scene.unit_ids[plan.call_sign], place, at)
