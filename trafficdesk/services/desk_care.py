"""The desk as a thing to look after: its facts, violation types, base maps, and its end."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import City
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity, Violation
from trafficdesk.security.shredding import shred
from trafficdesk.services import auditing
from trafficdesk.services.changes import Changed
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places
from trafficdesk.store.figures import Figures, figures

TYPE_NAME_LENGTH: Final = 60
_CODE_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Where a desk stands and what it holds. ``code`` starts its provisional references."""

    code: str
    city: City
    station: str
    device_id: UUID
    figures: Figures


def load_desk_facts(session: Session) -> DeskFacts:
    """Return the desk's facts; counts every table, so it takes a while on a full desk."""
    with session.store.reading() as connection:
        station_id = facts.home_station_id(connection)
        names = {each.id: each.name for each in places.find_stations(connection)}
        code = facts.desk_code(connection)
        city = places.get_city(connection, facts.home_city_id(connection))
    return DeskFacts(
        code, city, names.get(station_id, ""), session.device_id, figures(session.store)
    )


class TypeFault(StrEnum):
    """Why a violation type was not kept."""

    NOT_PERMITTED = "not_permitted"
    NAME_MISSING = "name_missing"
    NAME_TAKEN = "name_taken"


@dataclass(frozen=True, slots=True)
class TypeKept:
    """A violation type as it is kept now."""

    code: str
    name: str
    changed: Changed


def find_violation_types(session: Session) -> dict[str, str]:
    """Return the violation types an admin added or renamed, by code."""
    with session.store.reading() as connection:
        return places.find_violation_types(connection)


def add_violation_type(session: Session, name: str) -> TypeKept | TypeFault:
    """Add a violation type beside the built-in ones; its code is made from the name once."""
    return _put_violation_type(session, None, name)


def rename_violation_type(session: Session, code: str, name: str) -> TypeKept | TypeFault:
    """Give an added violation type another name; reports keep the code."""
    return _put_violation_type(session, code, name)


def _put_violation_type(session: Session, code: str | None, name: str) -> TypeKept | TypeFault:
    if not session.may(Permission.VIOLATION_EDIT):
        return TypeFault.NOT_PERMITTED
    tidy = clean_line(name, TYPE_NAME_LENGTH)
    if not tidy:
        return TypeFault.NAME_MISSING
    with session.store.writing() as connection:
        known = places.find_violation_types(connection)
        if any(n.casefold() == tidy.casefold() and c != code for c, n in known.items()):
            return TypeFault.NAME_TAKEN
        kept = code or _new_code(tidy, {*known, *map(str, Violation)})
        places.put_violation_types(connection, {kept: tidy})
        action = "violation_type.add" if code is None else "violation_type.rename"
        auditing.append(session, connection, auditing.Audited(action, Entity.DESK, kept))
    return TypeKept(kept, tidy, Changed(kinds=frozenset({Entity.DESK})))


def _new_code(name: str, taken: set[str]) -> str:
    """Return a code in ASCII that no type has; a name in another script gets a numbered one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_CODE_LENGTH] or "own_type"
    number, code = 2, stem
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    return code


def begin_base_map_change(session: Session, action: str, name: str) -> Refusal | None:
    """Say that a base map is about to be imported or removed; None lets it go on.

    ``action`` is ``import`` or ``remove``. What was meant stands in the audit chain before it is
    done, since the packs lie outside the store.
    """
    if not session.may(Permission.BASEMAP_MANAGE):
        return Refusal.NOT_PERMITTED
    auditing.note(session, auditing.Audited(f"base_map.{action}", Entity.DESK, name))
    return None


class ShredFault(StrEnum):
    """Why the desk was not shredded."""

    NOT_PERMITTED = "not_permitted"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class Shredded:
    """No password, code or keyring opens this desk any more; the session has ended."""


def shred_desk(session: Session, confirmation: str) -> Shredded | ShredFault:
    """Destroy every key of this desk for ever; ``confirmation`` is its code as the admin typed it.

    There is no undo: what was not sent or backed up is lost. Raises ``OSError`` when a key could
    not be removed; the session has ended all the same.
    """
    if not session.may(Permission.DESK_SHRED):
        return ShredFault.NOT_PERMITTED
    with session.store.reading() as connection:
        code = facts.desk_code(connection)
    if confirmation.strip() != code:
        return ShredFault.NOT_CONFIRMED
    session.store.close()
    shred(session.profile, session.key)
    session.data_key.wipe()
    return Shredded()
