"""An officer's saved searches."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.texts import clean_line
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import searches

NAME_LENGTH = 40


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
    search = Search(new_id(), tidy, wanted)
    text = msgspec.json.encode(wanted).decode()
    with session.store.writing() as connection:
        searches.put(connection, session.officer.id, searches.SavedSearch(search.id, tidy, text))
    return search


def find(session: Session) -> list[Search]:
    """Return the officer's searches in the order they were saved."""
    with session.store.reading() as connection:
        found = searches.find_of_officer(connection, session.officer.id)
    return [
        Search(kept.id, kept.name, msgspec.json.decode(kept.filter, type=ReportFilter))
        for kept in found
    ]


def remove(session: Session, search_id: UUID) -> None:
    """Forget a search."""
    with session.store.writing() as connection:
        searches.remove(connection, search_id)
