"""Incidents: filed, corrected, confirmed by more people, acknowledged, cleared, opened again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import CALL_FOR_HELP, needs_note
from trafficdesk.domain.dispatch import are_one_incident, is_open, stamp
from trafficdesk.domain.geometry import distance_m, is_on_earth
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Assignment, Incident, Media, NewIncident, Place, Unit
from trafficdesk.domain.texts import clean_line, clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentType,
    LanesBlocked,
    Service,
    Severity,
    Source,
    Step,
)
from trafficdesk.services import dispatch
from trafficdesk.services import media as media_files
from trafficdesk.services.dispatching import Kind, Target, change, create, get
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.pictures import Examined
from trafficdesk.services.review import NOTE_LENGTH
from trafficdesk.services.session import Session
from trafficdesk.store import (
    assignments,
    dispatch_history,
    facts,
    incidents,
    media,
    media_transfers,
    places,
    references,
    unit_positions,
    units,
)
from trafficdesk.wire.values import RANGES

SERIES: Final = "INC"
_FUTURE_ALLOWED: Final = timedelta(minutes=10)  # clocks of phones and desks differ


@dataclass(frozen=True, slots=True)
class FiledIncident:
    """An incident that was filed, or why not.

    ``incident_id`` is also given where there was one already, and so none was made.
    """

    outcome: Outcome
    incident_id: UUID | None = None
    reference: str = ""


def find_incident(session: Session, incident_id: UUID) -> Incident | None:
    """Return an incident as it stands, deleted or not."""
    with session.store.reading() as connection:
        return incidents.find(connection, incident_id)


def file(session: Session, incident: NewIncident, photos: Sequence[Examined] = ()) -> FiledIncident:
    """Write an accident or hazard that is happening now, with its photos."""
    if not session.may(Permission.INCIDENT_FILE):
        return FiledIncident(refusal(Kind.FILE, Refusal.NOT_PERMITTED))
    is_ahead = incident.occurred_at > session.clock() + _FUTURE_ALLOWED
    if is_ahead or not is_on_earth(incident.place) or not _is_counted(incident):
        return FiledIncident(refusal(Kind.FILE, Refusal.TOO_FEW_FACTS))
    with media_files.sealed(session, photos) as kept, intent(session, Kind.FILE) as doing:
        city_id = facts.home_city_id(doing.connection)
        media_transfers.await_sending(doing.connection, city_id, kept)
        values = {
            "station_id": str(facts.home_station_id(doing.connection)),
            "media": media.as_listed(kept),
        }
        return _write(doing, "file", _cleaned(incident), values)


def _is_counted(incident: NewIncident) -> bool:
    """Tell whether the numbers of an incident can be."""
    least, most = RANGES["vehicle_count"]
    is_possible = least <= incident.vehicle_count <= most
    return is_possible and 0 <= incident.injury_count <= RANGES["injury_count"][1]


def _cleaned(incident: NewIncident) -> NewIncident:
    return replace(
        incident,
        injuries=incident.injuries or incident.injury_count > 0,
        needs={service: n for service, n in incident.needs.items() if n > 0},
        address=clean_line(incident.address),
        area=clean_line(incident.area),
        description=clean_text(incident.description),
        weather=clean_line(incident.weather),
        traffic_volume=clean_line(incident.traffic_volume),
    )


def call_for_help(session: Session, unit_id: UUID, place: Place | None = None) -> FiledIncident:
    """Let a unit call for help: where it is, as far as that is known; it is sent before all else.

    A unit whose call stands already makes no second one.
    """
    kind = Kind.CALL_FOR_HELP
    if not session.may(Permission.INCIDENT_RESPOND):
        return FiledIncident(refusal(kind, Refusal.NOT_PERMITTED))
    with intent(session, kind) as doing:
        unit = units.find(doing.connection, unit_id)
        if unit is None:
            return FiledIncident(refusal(kind, Refusal.UNKNOWN_UNIT))
        standing = [
            each for each in incidents.find_open(doing.connection) if each.unit_id == unit_id
        ]
        if standing:
            outcome = refusal(kind, Refusal.NOTHING_TO_CHANGE)
            return FiledIncident(outcome, standing[0].id, standing[0].reference)
        call = NewIncident(
            type=IncidentType.OTHER,
            severity=Severity.CRITICAL,
            place=_whereabouts(doing.connection, unit, place),
            occurred_at=doing.now,
            needs={Service.POLICE: 1},
            source=Source.OFFICER,
        )
        names = {"station_id": str(unit.station_id), "unit_id": str(unit_id)}
        return _write(doing, CALL_FOR_HELP, call, names)


def _whereabouts(connection: Connection, unit: Unit, place: Place | None) -> Place:
    """Return where a unit is: as it says, as it was last heard of, or where it comes from."""
    if place is not None and is_on_earth(place):
        return place
    known = unit_positions.find_all(connection).get(unit.id)
    if known is not None:
        return known.place
    stations = {each.id: each.place for each in places.find_stations(connection)}
    home = stations.get(facts.home_station_id(connection))
    centre = places.get_city(connection, facts.home_city_id(connection)).centre
    return stations.get(unit.station_id) or home or centre


def next_reference(doing: Intent) -> str:
    """Return a provisional reference of this desk, such as ``INC-2026-D1-00042``."""
    series = f"{SERIES}-{doing.year}-{facts.desk_code(doing.connection)}"
    return f"{series}-{references.take_next(doing.connection, series):05d}"


def _write(
    doing: Intent, action: str, incident: NewIncident, names: Mapping[str, object]
) -> FiledIncident:
    connection, incident_id = doing.connection, new_id()
    ward_id = places.find_ward_at(connection, incident.place)
    reference = next_reference(doing)
    now_ms = to_ms(doing.lease_now)
    values: dict[str, object] = {
        "city_id": str(facts.home_city_id(connection)),
        "reference": reference,
        "type": str(incident.type),
        "severity": int(incident.severity),
        "lon": incident.place.lon,
        "lat": incident.place.lat,
        "ward_id": None if ward_id is None else str(ward_id),
        "injuries": incident.injuries,
        "lanes_blocked": str(incident.lanes_blocked),
        "needs": {str(service): n for service, n in incident.needs.items()},
        "source": str(incident.source),
        "occurred_ms": to_ms(incident.occurred_at + doing.session.skew),
        "reported_ms": now_ms,
        "created_ms": now_ms,
        "updated_ms": now_ms,
    }
    for name in _PLAIN:
        values[name] = getattr(incident, name)
    create(doing, Entity.INCIDENT, incident_id, action, {**values, **names})
    return FiledIncident(doing.outcome(), incident_id, reference)


_PLAIN: Final = (
    *("vehicle_count", "injury_count", "address", "area"),
    *("description", "weather", "traffic_volume"),
)


def _number(name: str) -> Callable[[object], int]:
    def read(value: object) -> int:
        number, (least, most) = int(str(value)), RANGES[name]
        if not least <= number <= most:
            raise ValueError(f"{name} cannot be {number}")
        return number

    return read


def _needs(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise TypeError(f"no needs: {value!r}")
    return {str(Service(str(name))): int(n) for name, n in value.items() if int(n) > 0}


CORRECTABLE: Final[Mapping[str, Callable[[object], object]]] = {
    "type": lambda value: str(IncidentType(str(value))),
    "severity": lambda value: int(Severity(int(str(value)))),
    "lon": lambda value: float(str(value)),
    "lat": lambda value: float(str(value)),
    "address": lambda value: clean_line(str(value)),
    "area": lambda value: clean_line(str(value)),
    "vehicle_count": _number("vehicle_count"),
    "injuries": bool,
    "injury_count": _number("injury_count"),
    "lanes_blocked": lambda value: str(LanesBlocked(str(value))),
    "needs": _needs,
    "description": lambda value: clean_text(str(value)),
    "weather": lambda value: clean_line(str(value)),
    "traffic_volume": lambda value: clean_line(str(value)),
}


def correct(
    session: Session,
    target: Target,
    values: Mapping[str, object],
    note: str = "",
    photos: Sequence[Examined] = (),
) -> Outcome:
    """Correct facts of an incident and add photos; its ward follows its place.

    ``values`` are JSON values by the fields of ``CORRECTABLE``; they are cleaned. What the server
    has confirmed needs a note that says why.

    Raises:
        KeyError: a field is not one that can be corrected.
        ValueError, TypeError: a value is none of its field.
    """
    kind = Kind.CORRECT
    given = {name: CORRECTABLE[name](value) for name, value in values.items()}
    if not session.may(Permission.INCIDENT_FILE):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with media_files.sealed(session, photos) as sealed, intent(session, kind) as doing:
        incident = _find(doing, target.id)
        if incident is None or incident.revision != target.revision:
            return refusal(kind, Refusal.MOVED_ON)
        tidy, version = (
            clean_text(note, NOTE_LENGTH),
            get(doing, Entity.INCIDENT, target.id).version,
        )
        if not tidy and needs_note(Entity.INCIDENT, "correct", version):
            return refusal(kind, Refusal.NOTE_MISSING)
        if sealed:
            given["media"] = _joined(doing, incident, sealed)
        if given.keys() & {"lon", "lat"}:
            given["ward_id"] = _ward_at(doing, incident, given)
        return _changed(doing, incident, ("correct", tidy), given)


def _joined(doing: Intent, incident: Incident, sealed: Sequence[Media]) -> list[object]:
    """Return what an incident's field says of its photos with more of them, each once."""
    media_transfers.await_sending(doing.connection, incident.city_id, sealed)
    kept = get(doing, Entity.INCIDENT, incident.id).values["media"]
    named = kept if isinstance(kept, list) else []
    return media.without_twins([*named, *media.as_listed(sealed)])


def _ward_at(doing: Intent, incident: Incident, given: Mapping[str, object]) -> str | None:
    lon, lat = (
        float(str(given.get(name, getattr(incident.place, name)))) for name in ("lon", "lat")
    )
    place = Place(lon, lat)
    if not is_on_earth(place):
        raise ValueError(f"not on the earth: {lon}, {lat}")
    ward_id = places.find_ward_at(doing.connection, place)
    return None if ward_id is None else str(ward_id)


def verify(session: Session, incident_id: UUID) -> Outcome:
    """Note that the officer has seen it, too; each officer counts once."""
    kind = Kind.VERIFY
    if not session.may(Permission.INCIDENT_FILE):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        incident = _find(doing, incident_id)
        if incident is None:
            return refusal(kind, Refusal.MOVED_ON)
        if dispatch_history.has_verified(doing.connection, incident_id, session.officer.id):
            return refusal(kind, Refusal.NOTHING_TO_CHANGE)
        values = {"verifications": incident.verifications + 1}
        return _changed(doing, incident, ("verify", ""), values)


def acknowledge(session: Session, incident_id: UUID) -> Outcome:
    """Say that the officer has taken note of an alert and deals with it."""
    kind = Kind.ACKNOWLEDGE_ALERT
    if not session.may(Permission.INCIDENT_RESPOND):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        incident = _find(doing, incident_id)
        if incident is None:
            return refusal(kind, Refusal.MOVED_ON)
        if incident.acknowledged_at is not None:
            return refusal(kind, Refusal.NOTHING_TO_CHANGE)
        values = {
            "acknowledged_ms": to_ms(doing.lease_now),
            "acknowledged_by": str(session.officer.id),
        }
        return _changed(doing, incident, ("acknowledge", ""), values)


def clear(session: Session, incident_id: UUID) -> Outcome:
    """Say that an incident is over: what is open of it is finished, its units are free."""
    kind = Kind.CLEAR
    if not session.may(Permission.INCIDENT_RESPOND):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        incident = incidents.find(doing.connection, incident_id)
        still_out = find_open(doing, incident_id)
        is_removed = incident is not None and incident.deleted_at is not None
        if incident is None or (is_removed and not still_out):
            return refusal(kind, Refusal.MOVED_ON)
        if incident.cleared_at is not None and not still_out:
            return refusal(kind, Refusal.NOTHING_TO_CHANGE)
        for each in still_out:
            dispatch.take(doing, each, Step.CLEARED)
        if incident.cleared_at is None and not is_removed:
            at = max([doing.lease_now, *(stamp(each, doing.lease_now) for each in still_out)])
            return _changed(doing, incident, ("clear", ""), {"cleared_ms": to_ms(at)})
        return doing.outcome()


def find_open(doing: Intent, incident_id: UUID) -> list[Assignment]:
    """Return the assignments of an incident whose units are still out."""
    found = assignments.find_of_incident(doing.connection, incident_id)
    return [each for each in found if is_open(each)]


def reopen(session: Session, incident_id: UUID) -> Outcome:
    """Say that a cleared incident is not over; whoever was sent stays done."""
    kind = Kind.REOPEN
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        incident = _find(doing, incident_id)
        if incident is None:
            return refusal(kind, Refusal.MOVED_ON)
        if incident.merged_into is not None:
            return refusal(kind, Refusal.INCIDENT_MERGED)
        return _changed(doing, incident, ("reopen", ""), {"cleared_ms": None})


def remove(session: Session, incident_id: UUID) -> Outcome:
    """Take an incident off the board that never was one; its history stays."""
    kind = Kind.REMOVE
    if not session.may(Permission.INCIDENT_DISPATCH):
        return refusal(kind, Refusal.NOT_PERMITTED)
    with intent(session, kind) as doing:
        incident = _find(doing, incident_id)
        if incident is None:
            return refusal(kind, Refusal.MOVED_ON)
        if find_open(doing, incident_id):
            return refusal(kind, Refusal.UNITS_ARE_OUT)
        return _changed(doing, incident, ("remove", ""), {"deleted_ms": doing.at_ms})


def suggest_same(session: Session, incident: Incident | NewIncident) -> list[Incident]:
    """Return the open incidents that this one may be, the nearest first."""
    own_id = incident.id if isinstance(incident, Incident) else None
    seen = (incident.place, incident.occurred_at)
    with session.store.reading() as connection:
        found = incidents.find_open(connection)
    near = [
        each
        for each in found
        if each.id != own_id and are_one_incident(seen, (each.place, each.occurred_at))
    ]
    return sorted(near, key=lambda each: distance_m(each.place, incident.place))


def _find(doing: Intent, incident_id: UUID) -> Incident | None:
    found = incidents.find(doing.connection, incident_id)
    return None if found is None or found.deleted_at is not None else found


def _changed(
    doing: Intent, incident: Incident, what: tuple[str, str], values: Mapping[str, object]
) -> Outcome:
    if not change(doing, Entity.INCIDENT, incident.id, what, values):
        return refusal(doing.kind, Refusal.NOTHING_TO_CHANGE)
    return doing.outcome()
