"""Settling conflicts: keep mine, keep theirs, or write what is right; and taking that back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import settling_permission
from trafficdesk.domain.conflicts import (
    Choice,
    Conflict,
    ConflictStatus,
    Side,
    chosen_values,
    is_settled_by,
    mixed_status,
)
from trafficdesk.domain.merge import without_idle_lease
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Event, FieldChange, Media, Place, Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import citing, settled_areas, settled_dispatch
from trafficdesk.services.changes import Changed
from trafficdesk.services.dispatching import RECORDS
from trafficdesk.services.intent import Intent, Recorded, field_value, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused
from trafficdesk.services.review import NOTE_LENGTH
from trafficdesk.services.session import Session
from trafficdesk.store import (
    conflicts,
    geofences,
    history,
    media,
    officers,
    outbox,
    places,
    reports,
)
from trafficdesk.store.conflicts import Settlement
from trafficdesk.wire.fields import CITY_WIDE

SETTLE = settled_areas.SETTLE
_CHANGED = Changed(kinds=frozenset({Entity.CONFLICT}))


@dataclass(frozen=True, slots=True)
class ConflictDetail:
    """A conflict with the report it is about, if it is on this desk, and who is who.

    ``area_name`` is the name of the area a conflict is about, "" if it is about none;
    ``record_name`` the call sign or reference of a unit, an incident or an assignment.
    """

    conflict: Conflict
    report: Report | None
    names: Mapping[UUID, str]
    area_name: str = ""
    record_name: str = ""


@dataclass(frozen=True, slots=True)
class Settling:
    """One conflict as the officer saw it, and what they chose of each field in question."""

    conflict_id: UUID
    expected_revision: int
    choices: Mapping[str, Choice]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many conflicts wait, and how many were settled since the officer signed in."""

    open: int
    settled: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What helps to choose: the record's photos and history, and what ids stand for, in words.

    ``words`` has the references of reports and incidents, call signs and the names of wards, by
    their ids as text.
    """

    media: tuple[Media, ...] = ()
    events: tuple[Event, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def find_station_names(session: Session) -> dict[UUID, str]:
    """Return the names of the stations that this desk knows, by their ids."""
    with session.store.reading() as connection:
        return {each.id: each.name for each in places.find_stations(connection)}


def find_names(session: Session) -> Mapping[UUID, str]:
    """Return the names of the officers that this desk knows, by their ids."""
    with session.store.reading() as connection:
        return officers.find_names(connection)


def find_open(session: Session) -> list[ConflictDetail]:
    """Return the conflicts to be settled, the oldest first."""
    with session.store.reading() as connection:
        return _details(connection, conflicts.find_open(connection))


def find_settled(session: Session) -> list[ConflictDetail]:
    """Return the conflicts that were settled, the latest first."""
    with session.store.reading() as connection:
        return _details(connection, conflicts.find_settled(connection))


def find(session: Session, conflict_id: UUID) -> ConflictDetail | None:
    """Return a conflict as it stands now."""
    with session.store.reading() as connection:
        found = conflicts.find(connection, conflict_id)
        return None if found is None else _details(connection, [found])[0]


def _details(connection: Connection, found: list[Conflict]) -> list[ConflictDetail]:
    names = officers.find_names(connection)
    return [
        ConflictDetail(
            each,
            reports.find_by_id(connection, each.record_id),
            names,
            _area_name(connection, each),
            settled_dispatch.record_name(connection, each.record_entity, each.record_id),
        )
        for each in found
    ]


def _area_name(connection: Connection, conflict: Conflict) -> str:
    if conflict.record_entity is not Entity.GEOFENCE:
        return ""
    kept = geofences.find_any(connection, conflict.record_id)
    return "" if kept is None else kept.area.name


def look_around(session: Session, detail: ConflictDetail) -> Surroundings:
    """Return what helps to choose."""
    conflict, report = detail.conflict, detail.report
    with session.store.reading() as connection:
        if report is None:
            events = tuple(history.events_of(connection, conflict.record_id))
            return Surroundings(events=events, words=words_of(connection, conflict))
        return Surroundings(
            tuple(media.find_of_report(connection, report.pk)),
            tuple(history.events_of(connection, report.id)),
            words_of(connection, conflict),
        )


def words_of(connection: Connection, conflict: Conflict) -> dict[str, str]:
    """Return the references and names behind the ids that a conflict's fields hold."""
    words = dict[str, str]()
    for each in conflict.fields:
        for value in {str(one) for one in (each.base, each.mine, each.theirs) if one is not None}:
            if each.field == "duplicate_of":
                original = reports.find_by_id(connection, UUID(value))
                words[value] = "" if original is None else original.reference
            elif each.field == "ward_id":
                words[value] = places.find_ward_name(connection, UUID(value))
            elif word := _dispatch_word(connection, conflict, each.field, value):
                words[value] = word
    return words


def _dispatch_word(connection: Connection, conflict: Conflict, field: str, value: str) -> str:
    is_of_dispatch = conflict.record_entity in RECORDS
    return settled_dispatch.word_of(connection, field, value) if is_of_dispatch else ""


def count_open(session: Session) -> int:
    """Return how many conflicts wait to be settled."""
    with session.store.reading() as connection:
        return conflicts.count_open(connection)


def progress(session: Session) -> Progress:
    """Return how far the officer is through the conflicts."""
    with session.store.reading() as connection:
        settled = conflicts.count_settled_since(connection, to_ms(session.started_at))
        return Progress(conflicts.count_open(connection), settled)


def may_settle(session: Session, conflict: Conflict) -> bool:
    """Tell whether the officer may settle it: this desk's, or as a supervisor anybody's.

    Either way they must be allowed to settle such records: areas are a dispatcher's, too. Whoever
    dispatches settles what is dispatched, for that is the whole city's.
    """
    needed = settling_permission(conflict.record_entity)
    if needed is None or not session.may(needed):
        return False
    if conflict.record_entity in CITY_WIDE:
        return True
    return conflict.device_id == session.device_id or session.may(Permission.REPORT_TAKE_OVER)


def keep_side(conflict: Conflict, side: Side) -> dict[str, Choice]:
    """Return the choices that take one side whole."""
    return {each.field: Choice(side) for each in conflict.in_question}


def settle(session: Session, settlings: list[Settling]) -> Outcome:
    """Settle one or many conflicts, as one transaction with one undo.

    A conflict that moved on since it was seen is refused, the others go through.
    """
    with intent(session, SETTLE) as doing:
        for each in settlings:
            code = _settle(doing, each)
            if code is not None:
                doing.refuse(Refused(0, code))
        return doing.outcome()


def _settle(doing: Intent, settling: Settling) -> Refusal | None:
    conflict = conflicts.find(doing.connection, settling.conflict_id)
    if conflict is None or conflict.revision != settling.expected_revision:
        return Refusal.MOVED_ON
    if not may_settle(doing.session, conflict):
        return Refusal.NOT_PERMITTED
    if conflict.status is not ConflictStatus.OPEN:
        return Refusal.NOTHING_TO_CHANGE
    if not is_settled_by(conflict, settling.choices):
        return Refusal.REASON_MISSING
    note = clean_text(settling.note, NOTE_LENGTH)
    refused = _change_record(doing, conflict, settling, note)
    if refused is not None:
        return refused
    sides = {name: choice.side for name, choice in settling.choices.items()}
    become = Settlement(ConflictStatus.SETTLED, sides, note, doing.session.officer.id, doing.at_ms)
    _write(doing, conflict, become, SETTLE)
    return None


def _change_record(
    doing: Intent, conflict: Conflict, settling: Settling, note: str
) -> Refusal | None:
    values = chosen_values(conflict, settling.choices)
    if conflict.record_entity in RECORDS:  # also where theirs is kept: what lost is called back
        return settled_dispatch.settle(doing, conflict, values, note)
    if not values:
        return None
    if conflict.record_entity is Entity.GEOFENCE:
        return settled_areas.change(doing, conflict.record_id, values, note)
    if conflict.record_entity is not Entity.REPORT:  # nothing else comes into conflict
        return Refusal.NOTHING_TO_CHANGE
    report = reports.find_by_id(doing.connection, conflict.record_id)
    if report is None:
        return Refusal.MOVED_ON
    chosen = {name: value for name, value in values.items() if name in reports.CHANGEABLE}
    after = _followed(doing, report, settling, chosen)
    if doing.change_report(report, SETTLE, after, note):
        citing.follow(doing, report, str(after.get("status", report.status)))
    return None


def _followed(
    doing: Intent, report: Report, settling: Settling, chosen: dict[str, object]
) -> dict[str, object]:
    """Return the values with what follows: the ward of a new place, no half of a decision."""
    values = dict(chosen)
    place = settling.choices.get("lon")
    if place is not None and place.side is Side.EDITED:
        lon, lat = (
            float(str(values.get(name, getattr(report.place, name)))) for name in ("lon", "lat")
        )
        ward_id = places.find_ward_at(doing.connection, Place(lon, lat))
        values["ward_id"] = None if ward_id is None else str(ward_id)
    record = {name: field_value(report, name) for name in reports.CHANGEABLE}
    if "status" in values:
        values |= mixed_status(record | values)
    return values | without_idle_lease(record | values)


def _write(doing: Intent, conflict: Conflict, become: Settlement, action: str) -> None:
    if not conflicts.update(doing.connection, conflict, become):
        raise AssertionError(f"conflict {conflict.id} changed inside its own transaction")
    before = Settlement(
        conflict.status,
        conflict.choices,
        conflict.settle_note,
        conflict.settled_by,
        None if conflict.settled_at is None else to_ms(conflict.settled_at),
    )
    changes = tuple(
        FieldChange(name, old, new)
        for (name, old), (_, new) in zip(_values(before), _values(become), strict=True)
        if old != new
    )
    recorded = Recorded(conflict.version, conflict.revision + 1, changes, become.note)
    doing.record(Entity.CONFLICT, conflict.id, action, recorded)
    doing.note_changed(_CHANGED)


def _values(settlement: Settlement) -> list[tuple[str, object]]:
    """Return what an operation carries of a settlement."""
    return [
        ("status", str(settlement.status)),
        ("choices", {name: str(side) for name, side in settlement.choices.items()} or None),
        ("settle_note", settlement.note),
        ("settled_by", None if settlement.settled_by is None else str(settlement.settled_by)),
        ("settled_ms", settlement.settled_ms),
    ]


def take_back(doing: Intent, conflict: Conflict) -> None:
    """Open a settled conflict again, inside the undo that takes the settlement back."""
    if conflict.record_entity is Entity.GEOFENCE:
        settled_areas.take_back(doing, conflict.record_id)
    _write(doing, conflict, Settlement(ConflictStatus.OPEN, {}, "", None, None), "undo_settle")
    outbox.reopen_conflict(doing.connection, conflict.id)
