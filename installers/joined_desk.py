"""A demo desk that has joined a server: made, pointed at it, opened by code."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

# SQLCipher must be the first SQLite of the process.
import trafficdesk.store.driver  # noqa: F401
from trafficdesk.domain.demo import people
from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.joining import Invitation, Joining
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import add_officer
from trafficdesk.security.key_slots import Holder, load
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import board, founding
from trafficdesk.services.demo import joined
from trafficdesk.services.demo.build import DEMO_KDF, draw_areas
from trafficdesk.services.demo.marker import DemoMark, find_mark, write_mark
from trafficdesk.services.demo.progress import Watch
from trafficdesk.services.desk import close_session, open_session
from trafficdesk.services.founding import Prepared
from trafficdesk.services.session import Session
from trafficdesk.store import facts, outbox
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.engine import Engine, Listener
from trafficdesk.sync.line import Line, ServerAddress

_FEW = 16
_REFILL = 80  # reports, of which about a fifth waits for an officer
_ADMIN = people.OFFICERS[-1]


class JoinedDeskError(Exception):
    """The desk cannot be made or opened; the message says why."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one exchange came to: operations sent, those left, and the reports that are here."""

    sent: int
    left: int
    reports: int

    def __str__(self) -> str:
        """Return it as a sentence."""
        left = f", {self.left} left" if self.left else ""
        noun = "operation" if self.sent == 1 else "operations"
        return f"{self.sent} {noun} sent{left}; {self.reports} reports are here."


@dataclass(frozen=True, slots=True)
class JoinedDesk:
    """An open desk and its sync, which is run by hand."""

    session: Session
    engine: Engine

    def exchange(self) -> Exchanged:
        """Send and fetch all there is. Raises ``SyncError``."""
        waiting = self._waiting()
        self.engine.run_once()
        left = self._waiting()
        return Exchanged(waiting - left, left, self._reports())

    def refill(self) -> None:
        """Bring more reports when few wait for an officer, so that every tour has its ten."""
        if board.count_queues(self.session)[QueueName.UNASSIGNED] < _FEW:
            joined.tell_demo(self.session, Watch(), _REFILL)

    def _waiting(self) -> int:
        with self.session.store.reading() as connection:
            counts = outbox.count(connection)
        return counts.queued + counts.sent

    def _reports(self) -> int:
        with self.session.store.reading() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one())


def make(folder: Path, url: str, token: str, watch: Watch | None) -> Exchanged:
    """Make a desk in an empty folder; with a ``watch`` it brings the demo's reports to the server.

    It is made beside its place and then moved there: one that was interrupted is never opened.
    """
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    profile = Profile(making)
    invitation = Invitation(ServerAddress(url), token, _ADMIN.login, people.PASSWORD)
    prepared = Joining(profile).prepare(invitation, DEMO_KDF)
    if not isinstance(prepared, Prepared):
        raise JoinedDeskError(f"The demo's own password is refused: {prepared}")
    founding.publish(profile)
    with _opened(profile, prepared.unlocked) as desk:
        desk.engine.run_once()
        _let_everybody_in(desk)
        install_sketch(profile.packs)
        told = 0
        if watch is not None:
            told = joined.tell_demo(desk.session, watch)
            joined.tell_dispatch(desk.session)
            draw_areas(desk.session)
        done = desk.exchange()
    write_mark(profile, DemoMark(people.PASSWORD, complete=True, reports=told, joined=True))
    making.rename(folder)
    return done


def _let_everybody_in(desk: JoinedDesk) -> None:
    """Let every officer sign in here, at the server and at the desk; the administrator last."""
    for invented in people.OFFICERS:
        desk.engine.access.sign_in(invented.login, people.PASSWORD)
    session = desk.session
    for officer in joined.find_crew(session)[:-1]:
        holder = Holder(officer.id, officer.name, officer.initials, officer.rank, officer.role)
        add_officer(session.profile, session.key, holder, people.PASSWORD)


@contextmanager
def opened(folder: Path, url: str, login: str = _ADMIN.login) -> Iterator[JoinedDesk]:
    """Open a desk as one of its officers, signed in at the server, wherever that is now.

    Raises:
        JoinedDeskError: somebody else has it open, or it is no joined demo.
        SyncError: the sign-in does not go.
    """
    profile = Profile(folder)
    mark = find_mark(profile)
    if mark is None or not mark.joined:
        raise JoinedDeskError(f"{folder} holds no demo desk that joined a server.")
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        raise JoinedDeskError(f"The desk in {folder} is open already.")
    with lock, _opened(profile, _unlocked(profile, login), url) as desk:
        desk.engine.access.sign_in(login, people.PASSWORD)
        yield desk


def _unlocked(profile: Profile, login: str) -> Unlocked:
    name = next(officer.name for officer in people.OFFICERS if officer.login == login)
    for slot in load(profile).slots.officers:
        if slot.holder.name == name:
            found = unlock(profile, slot.holder.officer_id, people.PASSWORD, utc_now())
            if isinstance(found, Unlocked):
                return found
    raise JoinedDeskError(f"{name} does not open the desk in {profile.folder}.")


@contextmanager
def _opened(profile: Profile, unlocked: Unlocked, url: str = "") -> Iterator[JoinedDesk]:
    session = open_session(profile, unlocked.key, unlocked.holder)
    try:
        line = Line(ServerAddress(_point_at(session, url)))
        access = Access(line, session.store, session.device)
        quiet = Listener(_ignore, _ignore, lambda: None)
        engine = Engine(access, quiet, lambda: to_ms(session.clock()))
        try:
            yield JoinedDesk(session, engine)
        finally:
            engine.stop()
    finally:
        close_session(session, "lock")


def _point_at(session: Session, url: str) -> str:
    """Write the server's address of today into the desk; return it."""
    with session.store.writing() as connection:
        known = link.find_link(connection)
        if known is None:
            raise JoinedDeskError("This desk has no server.")
        if url in {"", known.base_url}:
            return known.base_url
        moved = msgspec.structs.replace(known, base_url=url)
        for name, value in link.as_facts(moved, link.get_marks(connection)).items():
            facts.put(connection, name, value)
    return url


def _ignore(_told: object) -> None:
    return
