"""An officer's saved searches."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import searches

NAME_LENGTH = 40
_STORABLE = 1 << 62  # of SQLite's integers, with room to add two
_NUMBERS = (
    "min_score",
    *("from_ms", "to_ms", "decided_from_ms", "decided_to_ms", "occurred_from_ms", "occurred_to_ms"),
)


@dataclass(frozen=True, slots=True)
class Search:
    """A filter under the name its officer gave it."""

    id: UUID
    name: str
    filter: ReportFilter


def save(session: Session, name: str, wanted: ReportFilter) -> Search | Refusal:
    """Keep a filter; one of the same name is replaced."""
    tidy = clean_line(name, NAME_LENGTH)
    if not tidy:
        return Refusal.NAME_MISSING
    text = msgspec.json.encode(wanted).decode()
    with session.store.writing() as connection:
        kept = searches.SavedSearch(new_id(), tidy, text)
        search_id = searches.put(connection, session.officer.id, kept)
        _note(session, connection, "save", search_id)
    return Search(search_id, tidy, wanted)


def _note(session: Session, connection: Connection, action: str, search_id: UUID) -> None:
    what = auditing.Audited(f"{Entity.SAVED_SEARCH}.{action}", Entity.SAVED_SEARCH, str(search_id))
    auditing.append(session, connection, what)


def find(session: Session) -> list[Search]:
    """Return the officer's searches in the order they were saved.

    One that this program cannot read (a newer one wrote it) is left out and stays kept.
    """
    with session.store.reading() as connection:
        found = searches.find_of_officer(connection, session.officer.id)
    return [
        Search(kept.id, kept.name, wanted)
        for kept in found
        if (wanted := _read(kept.filter)) is not None
    ]


def _read(text: str) -> ReportFilter | None:
    try:
        wanted = msgspec.json.decode(text, type=ReportFilter)
    except msgspec.MsgspecError:
        return None
    asked = [getattr(wanted, name) or 0 for name in _NUMBERS]
    if (at := wanted.week_hour) is not None:
        asked += [at.weekday, at.hour, at.offset_ms]
    return wanted if all(abs(number) < _STORABLE for number in asked) else None


def remove(session: Session, search_id: UUID) -> None:
    """Forget one of the officer's own searches."""
    with session.store.writing() as connection:
        if searches.remove(connection, session.officer.id, search_id):
            _note(session, connection, "remove", search_id)
