"""Conflicts in plain words: whose, about what, since when, and what each choice means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.conflicts import Conflict, Side
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Entity, GeofenceKind, VehicleType
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import clock, coordinates, day, distance
from trafficdesk.qt.conflicts.sheet import PLACE, Pair, Sheet
from trafficdesk.qt.event_words import done_word, field_word, value_word
from trafficdesk.qt.words import vehicle_word, violation_word
from trafficdesk.services.conflicts import ConflictDetail, Surroundings

NOTHING: Final = "\N{EN DASH}"
_FIELDS: Final[dict[str, object]] = {
    PLACE: QT_TRANSLATE_NOOP("Conflicts", "Place"),
    DELETED: QT_TRANSLATE_NOOP("Conflicts", "Deletion"),
    "ward_id": QT_TRANSLATE_NOOP("Conflicts", "Ward"),
    "violations": QT_TRANSLATE_NOOP("Conflicts", "Violations"),
    "media": QT_TRANSLATE_NOOP("Conflicts", "Photos"),
    "name": QT_TRANSLATE_NOOP("Conflicts", "Name"),
    "kind": QT_TRANSLATE_NOOP("Conflicts", "Kind"),
    "geometry": QT_TRANSLATE_NOOP("Conflicts", "Shape"),
    "offence": QT_TRANSLATE_NOOP("Conflicts", "Offence"),
}
_QUESTIONS: Final[dict[str, object]] = {
    "plate": QT_TRANSLATE_NOOP("Conflicts", "Which number plate is right?"),
    "status": QT_TRANSLATE_NOOP("Conflicts", "Which decision should stand?"),
    PLACE: QT_TRANSLATE_NOOP("Conflicts", "Where was it?"),
    "address": QT_TRANSLATE_NOOP("Conflicts", "Which address is right?"),
    "severity": QT_TRANSLATE_NOOP("Conflicts", "How severe is it?"),
    "assignee_id": QT_TRANSLATE_NOOP("Conflicts", "Whose is it?"),
    "vehicle_type": QT_TRANSLATE_NOOP("Conflicts", "What kind of vehicle was it?"),
}
_KINDS: Final[dict[GeofenceKind, object]] = {
    GeofenceKind.GEOFENCE: QT_TRANSLATE_NOOP("Conflicts", "Geofence"),
    GeofenceKind.PATROL_AREA: QT_TRANSLATE_NOOP("Conflicts", "Patrol area"),
}


def say(source: object) -> str:
    """Return a sentence of this screen in the officer's language."""
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Conflicts", str(source))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and where: names become ``You``, times those of the city."""

    me: UUID
    zone: tzinfo

    def person(self, detail: ConflictDetail, officer_id: UUID | None) -> str:
        """Return an officer's name as this reader knows them."""
        if officer_id == self.me:
            return say("You")
        name = "" if officer_id is None else detail.names.get(officer_id, "")
        return name or say("Another officer")

    def moment(self, at: datetime | None) -> str:
        """Return a day and a time, ``20 Nov 21:10``."""
        return "" if at is None else f"{day(at, self.zone)} {clock(at, self.zone)}"


def title(detail: ConflictDetail) -> str:
    """Return what a conflict is about."""
    if detail.report is not None:
        return violation_word(detail.report.violations[0])
    if detail.conflict.record_entity is Entity.GEOFENCE:
        return detail.area_name or say("An area on the map")
    if detail.conflict.record_entity is Entity.CITATION:
        return say("A citation")
    return say("A report that is not on this desk")


def reference(detail: ConflictDetail) -> str:
    """Return the report's reference, if it is about one."""
    return "" if detail.report is None else detail.report.reference


def short_reference(detail: ConflictDetail) -> str:
    """Return what tells reports of one city and year apart: ``D1-00012``."""
    return "-".join(reference(detail).split("-")[2:])


def field_title(key: str) -> str:
    """Return a line's name."""
    known = _FIELDS.get(key)
    return field_word(key) if known is None else say(known)


def kind_icon(conflict: Conflict) -> str:
    """Return the icon of a conflict's kind."""
    asked = {each.field for each in conflict.in_question}
    if DELETED in asked:
        return "trash-2"
    return "map-pin" if asked and asked <= {"lon", "lat"} else "pencil"


def kind_words(detail: ConflictDetail, reader: Reader) -> str:
    """Return what clashes: the fields, or who deleted what the other changed."""
    sheet = Sheet(detail.conflict, None)
    mine, theirs = people(detail, reader)
    if sheet.is_deletion:
        by, other = (mine, theirs) if sheet.mine_deleted else (theirs, mine)
        if by == say("You"):
            return say("Deleted by you, changed by {other}").format(other=other)
        if other == say("You"):
            return say("Deleted by {one}, changed by you").format(one=by)
        return say("Deleted by {one}, changed by {other}").format(one=by, other=other)
    pair = sheet.pair
    names = (field_title(key) for key in sheet.asked)
    return ", ".join(filter(None, (*names, apart(pair) if pair else "")))


def apart(pair: Pair) -> str:
    """Return how far the two places lie apart."""
    return say("{distance} apart").format(distance=distance(pair.apart_m))


def people(detail: ConflictDetail, reader: Reader) -> tuple[str, str]:
    """Return who stands on either side."""
    conflict = detail.conflict
    return reader.person(detail, conflict.actor_id), reader.person(detail, conflict.theirs_actor_id)


def against(detail: ConflictDetail, reader: Reader) -> str:
    """Return who stands against whom."""
    mine, theirs = people(detail, reader)
    return say("{one} and {other}").format(one=mine, other=theirs)


def sentence(detail: ConflictDetail, reader: Reader) -> str:
    """Return what happened, in a sentence."""
    mine, theirs = people(detail, reader)
    return say("{one} and {other} both changed this, not knowing of each other.").format(
        one=mine, other=theirs
    )


def question(key: str) -> str:
    """Return what is asked of a line."""
    asked = _QUESTIONS.get(key)
    if asked is not None:
        return say(asked)
    return say("Which one is right: {field}?").format(field=field_title(key))


def deletion_question(detail: ConflictDetail, reader: Reader) -> str:
    """Return what is asked where one side deleted what the other changed."""
    mine, theirs = people(detail, reader)
    conflict, mine_deleted = detail.conflict, Sheet(detail.conflict, None).mine_deleted
    by, other = (mine, theirs) if mine_deleted else (theirs, mine)
    changer = conflict.theirs_actor_id if mine_deleted else conflict.actor_id
    is_area = conflict.record_entity is Entity.GEOFENCE
    if changer == reader.me:
        told = (
            say("{one} removed this area while you changed it. Which should stand?")
            if is_area
            else say("{one} deleted this report while you changed it. Which should stand?")
        )
    elif is_area:
        told = say("{one} removed this area while {other} changed it. Which should stand?")
    else:
        told = say("{one} deleted this report while {other} changed it. Which should stand?")
    return told.format(one=by, other=other)


def mine_head(detail: ConflictDetail, reader: Reader) -> str:
    """Return who made the desk's side, and when by their desk's clock."""
    operations = detail.conflict.operations
    at = operations[-1].at if operations else None
    name = reader.person(detail, detail.conflict.actor_id)
    return ", ".join(filter(None, (name, reader.moment(at))))


def theirs_head(detail: ConflictDetail, reader: Reader) -> str:
    """Return who made the other side, and when."""
    conflict = detail.conflict
    name = reader.person(detail, conflict.theirs_actor_id)
    return ", ".join(filter(None, (name, reader.moment(conflict.theirs_at))))


def value(key: str, raw: object, detail: ConflictDetail, around: Surroundings) -> str:
    """Return a value in words; a dash for none, never an id and never data."""
    if raw in (None, "") or raw == []:
        return NOTHING
    if isinstance(raw, Place):
        return coordinates(raw)
    known = _READERS.get(key)
    if known is not None:
        return known(raw)
    if key in {"duplicate_of", "ward_id"}:
        return around.words.get(str(raw)) or value_word("duplicate_of", raw, {})
    if isinstance(raw, Mapping | list):
        return say("changed")
    names = {str(officer): name for officer, name in detail.names.items()}
    return value_word(key, raw, names)


def _corners(raw: object) -> str:
    rings = raw.get("coordinates") if isinstance(raw, Mapping) else None
    count = len(rings[0]) - 1 if isinstance(rings, list) and rings else 0
    return QCoreApplication.translate("Conflicts", "%n corners", "", count)


def _violations(raw: object) -> str:
    return ", ".join(map(violation_word, raw)) if isinstance(raw, list) else str(raw)


def _photos(raw: object) -> str:
    count = len(raw) if isinstance(raw, list) else 0
    return QCoreApplication.translate("Conflicts", "%n photos", "", count)


_READERS: Final[dict[str, Callable[[object], str]]] = {
    "vehicle_type": lambda raw: vehicle_word(VehicleType(str(raw))),
    "violations": _violations,
    "media": _photos,
    "geometry": _corners,
    "kind": lambda raw: say(_KINDS[GeofenceKind(str(raw))]),
    DELETED: lambda _raw: say("Deleted"),
}


def fields_left(count: int) -> str:
    """Return how many lines must be chosen yet."""
    return QCoreApplication.translate("Conflicts", "%n fields left", "", count)


def answers_left(sheet: Sheet) -> str:
    """Return what must be answered yet, "" if nothing."""
    if not sheet.left:
        return ""
    return say("Answer needed") if sheet.is_deletion else fields_left(len(sheet.left))


def settled_line(detail: ConflictDetail, reader: Reader, *, meanwhile: bool = False) -> str:
    """Return who settled a conflict and when; ``meanwhile``: while this officer chose."""
    conflict = detail.conflict
    name = reader.person(detail, conflict.settled_by)
    at = reader.moment(conflict.settled_at)
    if meanwhile:
        return say("Settled meanwhile by {name}, {at}").format(name=name, at=at)
    if conflict.settled_by == reader.me:
        return say("Settled by you, {at}").format(at=at)
    return say("Settled by {name}, {at}").format(name=name, at=at)


def settled_by(detail: ConflictDetail, reader: Reader) -> str:
    """Return who settled a conflict, for its row."""
    if detail.conflict.settled_by == reader.me:
        return say("settled by you")
    name = reader.person(detail, detail.conflict.settled_by)
    return say("settled by {name}").format(name=name)


def action_word(entity: Entity, action: str) -> str:
    """Return what was done to a record, as lists say it."""
    if entity is Entity.REPORT:
        return done_word(action)
    return audit_word(f"{entity}.{action}")


def kept_words(side: Side | None, count: int) -> str:
    """Return what was done, for the note in the foot."""
    if count > 1:
        return QCoreApplication.translate("Conflicts", "%n conflicts settled", "", count)
    if side is Side.MINE:
        return say("Mine kept")
    return say("Theirs kept") if side is Side.THEIRS else say("Settled")


def bulk_words(side: Side, count: int, *, is_marked: bool) -> str:
    """Return what settles many at once."""
    is_mine = side is Side.MINE
    if is_marked and is_mine:
        return QCoreApplication.translate("Conflicts", "Take mine for %n marked", "", count)
    if is_marked:
        return QCoreApplication.translate("Conflicts", "Take theirs for %n marked", "", count)
    if is_mine:
        return QCoreApplication.translate("Conflicts", "Take mine for all %n like this", "", count)
    return QCoreApplication.translate("Conflicts", "Take theirs for all %n like this", "", count)


def retried(count: int) -> str:
    """Return that operations are sent once more."""
    if count == 1:
        return say("It is sent again")
    return QCoreApplication.translate("Conflicts", "%n changes are sent again", "", count)


def withdrawn(count: int) -> str:
    """Return that operations were given up."""
    if count == 1:
        return say("Withdrawn")
    return QCoreApplication.translate("Conflicts", "%n changes withdrawn", "", count)
