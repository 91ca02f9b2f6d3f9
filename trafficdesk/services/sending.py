"""How far the work of this desk has travelled, and what needs somebody."""

from dataclasses import dataclass

from sqlalchemy import Connection

from trafficdesk.services import conflicts, parked
from trafficdesk.services.conflicts import ConflictDetail
from trafficdesk.services.parked import Parked
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts as conflict_rows
from trafficdesk.store import media_overview, outbox, outbox_overview
from trafficdesk.store.media_overview import FileOnTheWay
from trafficdesk.store.outbox_overview import Confirmed, WaitingGroup

CONFIRMED_SHOWN = 12
FILES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many operations wait for the server, and how many things wait for this officer."""

    to_send: int
    need_you: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the sync panel lists; of what was confirmed, and of files, only the first."""

    conflicts: tuple[ConflictDetail, ...]
    parked: tuple[Parked, ...]
    waiting: tuple[WaitingGroup, ...]
    confirmed: tuple[Confirmed, ...]
    confirmed_count: int
    files: tuple[FileOnTheWay, ...] = ()
    files_count: int = 0

    @property
    def need_you(self) -> int:
        """How many things wait for this officer."""
        return len(self.conflicts) + len(self.parked)

    @property
    def to_send(self) -> int:
        """How many operations wait for the server."""
        return sum(each.operations for each in self.waiting)


def tally(session: Session) -> Tally:
    """Return the counts that are shown at all times."""
    with session.store.reading() as connection:
        counts = outbox.count(connection)
        open_here = _count_own_conflicts(session, connection)
    return Tally(counts.queued + counts.sent, open_here + counts.parked)


def count_unsettled(session: Session) -> int:
    """Return how many operations the server has not confirmed, whoever must deal with them."""
    with session.store.reading() as connection:
        return sum(outbox.count(connection))


def _count_own_conflicts(session: Session, connection: Connection) -> int:
    found = conflict_rows.find_open(connection)
    return sum(conflicts.may_settle(session, each) for each in found)


def overview(session: Session, day_from_ms: int) -> Overview:
    """Return what the panel lists; ``day_from_ms`` is when today began at this desk."""
    with session.store.reading() as connection:
        waiting = outbox_overview.group_waiting(connection)
        confirmed = outbox_overview.find_confirmed(connection, day_from_ms, CONFIRMED_SHOWN)
        count = outbox_overview.count_confirmed(connection, day_from_ms)
        files = media_overview.find_on_the_way(connection, FILES_SHOWN)
        files_count = media_overview.count_on_the_way(connection)
    return Overview(
        tuple(
            each
            for each in conflicts.find_open(session)
            if conflicts.may_settle(session, each.conflict)
        ),
        tuple(parked.find_parked(session)),
        tuple(waiting),
        tuple(confirmed),
        count,
        tuple(files),
        files_count,
    )
