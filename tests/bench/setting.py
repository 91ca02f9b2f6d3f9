"""What a benchmark is given: a desk, its plain twin, and where to say what it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bench.bare import Bare, Statement, bare_engine, find_plain_copy
from tests.bench.profiles import copied, find_profile, signed_in
from tests.bench.recording import recorded
from trafficdesk.services.session import Session
from trafficdesk.store import queues
from trafficdesk.store.engine import Store
from trafficdesk.store.queues import PageRequest


@dataclass(frozen=True, slots=True)
class Setting:
    """One benchmark's surroundings; ``repeats`` is how often each case is measured.

    ``ran`` fills with what the desk runs on its store, where that is recorded.
    """

    session: Session
    bare: Bare
    rows: int
    repeats: int
    say: Callable[[str], None]
    ran: list[Statement] = field(default_factory=list)


@contextmanager
def on_cached_desk(rows: int, repeats: int, say: Callable[[str], None]) -> Iterator[Setting]:
    """Give the cached desk of a row count; it is only read."""
    profile = find_profile(rows, say)
    with signed_in(profile) as session, bare_engine(find_plain_copy(session)) as bare:
        yield Setting(session, bare, rows, repeats, say)


@contextmanager
def on_copied_desk(rows: int, repeats: int, say: Callable[[str], None]) -> Iterator[Setting]:
    """Give a copy of the cached desk that may be written to."""
    profile = find_profile(rows, say)
    with signed_in(profile) as session:
        find_plain_copy(session)
    with (
        copied(profile) as copy,
        recorded() as ran,
        signed_in(copy) as session,
        bare_engine(find_plain_copy(session)) as bare,
    ):
        yield Setting(session, bare, rows, repeats, say, ran)


def statements_of(session: Session, request: PageRequest) -> list[Statement]:
    """Return the statements that the desk finds a page with."""
    with recorded() as ran:
        store = Store.open(session.profile.database, session.key.hex())
        try:
            with store.reading() as connection:
                ran.clear()
                queues.find_page(connection, request)
                return list(ran)
        finally:
            store.close()
