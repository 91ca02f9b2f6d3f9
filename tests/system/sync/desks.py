"""A desk enrolled with a live server, driven through its own services and its own sync."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.server.world import PASSWORD, Person, World
from tests.system.sync.faulty_line import DeafLine, Faults, FaultyLine
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport, Place, Report
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import RejectionReason, Severity
from trafficdesk.profile import Profile
from trafficdesk.security.device import new_device
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services import founding, intake, review
from trafficdesk.services.desk import Home, Joined, open_session
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session
from trafficdesk.store import outbox, reports
from trafficdesk.store.engine import Store
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.engine import Engine, Listener
from trafficdesk.sync.enrolling import enrol
from trafficdesk.sync.errors import LineError
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.status import Status
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.accounts import SignInRequest

LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)


@dataclass
class SyncedDesk:
    """One desk: its session, and its sync run by hand, one exchange at a time."""

    session: Session
    engine: Engine
    statuses: list[Status] = field(default_factory=list)
    overtaken: set[int] = field(default_factory=set)
    outdone: set[UUID] = field(default_factory=set)

    def sync(self) -> None:
        """Make one whole exchange on this thread."""
        self.engine.run_once()

    def lose_an_answer(self) -> None:
        """Make an exchange whose push is answered, and the answer lost."""
        line = self.engine.access.line
        self.engine.access.line = DeafLine(line.address)
        line.close()
        with pytest.raises(LineError):
            self.sync()

    def set_clock(self, off: timedelta) -> None:
        """Let this desk's clock be off from now on."""
        self.session.clock = lambda: utc_now() + off

    def file(self, **values: object) -> Report:
        """File a report."""
        return self.file_with(**values)

    def file_with(self, *photos: Examined, **values: object) -> Report:
        """File a report with photos."""
        session = self.session
        with session.store.reading() as connection:
            home = link.find_link(connection)
        assert home is not None
        now = session.clock()
        given: dict[str, object] = {
            "violations": ("no_helmet",),
            "severity": Severity.MODERATE,
            "place": Place(76.97, 11.02),
            "occurred_at": now,
            "reported_at": now,
            "city_id": home.home_city_id,
            "station_id": home.home_station_id,
            "plate": "TN37BZ4412",
        }
        report = NewReport(**{**given, **values})  # type: ignore[arg-type]  # any field
        filed = intake.file_report(session, report, photos)
        assert filed.pk, filed.outcome
        return self.report(self.id_of(filed.pk))

    def id_of(self, pk: int) -> UUID:
        """Return the id of a report by its number here."""
        with self.session.store.reading() as connection:
            return reports.get(connection, pk).id

    def report(self, report_id: UUID) -> Report:
        """Return a report as it stands here."""
        found = self.find(report_id)
        assert found is not None
        return found

    def find(self, report_id: UUID) -> Report | None:
        """Return a report if it is here."""
        with self.session.store.reading() as connection:
            return reports.find_by_id(connection, report_id)

    def step(self, report_id: UUID, move: Move, note: str = "") -> Outcome:
        """Make a move with a report as it stands here."""
        report = self.report(report_id)
        reason = RejectionReason.NO_OFFENCE if move is Move.REJECT else None
        target = review.Target(report.pk, report.revision)
        outcome = review.take_step(self.session, (target,), review.Step(move, note, reason))
        assert outcome.is_done, outcome
        return outcome

    def correct(self, report_id: UUID, **values: object) -> Outcome:
        """Correct facts of a report."""
        report = self.report(report_id)
        target = review.Target(report.pk, report.revision)
        outcome = review.correct(self.session, target, values)
        assert outcome.is_done, outcome
        return outcome

    def counts(self) -> outbox.Counts:
        """Return how many operations stand where."""
        with self.session.store.reading() as connection:
            return outbox.count(connection)

    def close(self) -> None:
        """Lock the desk."""
        self.engine.stop()
        self.session.close()


def join(world: World, person: Person, folder: Path) -> SyncedDesk:
    """Enrol a new desk as a person would, and open it."""
    return join_at(world.live.url, world.token(), person.login, folder)


def join_at(url: str, token: str, login: str, folder: Path) -> SyncedDesk:
    """Enrol a new desk with a server by its address, and open it."""
    profile = Profile(folder)
    folder.mkdir()
    line = Line(ServerAddress(url))
    device = new_device()
    enrolment = enrol(line, device, token, SignInRequest(login=login, password=PASSWORD))
    home = Home(enrolment.city, enrolment.station, enrolment.desk_code)
    joined = Joined(device, link.as_facts(enrolment.link, enrolment.marks))
    prepared = founding.prepare(
        profile, founding.JoinedDesk(enrolment.officer, PASSWORD, home, joined), LIGHT
    )
    assert isinstance(prepared, founding.Prepared)
    founding.publish(profile)
    session = open_session(profile, prepared.unlocked.key, prepared.unlocked.holder)
    return open_desk(session, line)


def open_desk(session: Session, line: Line) -> SyncedDesk:
    """Return a desk whose sync is run by hand."""
    statuses, overtaken, outdone = list[Status](), set[int](), set[UUID]()

    def hear(status: Status) -> None:
        statuses.append(status)
        if status.skew_ms is not None:
            session.skew = timedelta(milliseconds=status.skew_ms)

    def touch(touched: Touched) -> None:
        overtaken.update(touched.overtaken)
        outdone.update(touched.outdone)

    access = Access(line, session.store, session.device)
    listener = Listener(hear, touch, lambda: None)
    engine = Engine(access, listener, lambda: to_ms(session.clock()))
    return SyncedDesk(session, engine, statuses, overtaken, outdone)


def reopen(desk: SyncedDesk, faults: Faults) -> SyncedDesk:
    """Drop a desk as it is and open it again from its disk, as after a kill."""
    before = desk.session
    with SecretKey(before.key.reveal()) as key:
        before.store.close()
        store = Store.open(before.profile.database, key.hex())
    line = FaultyLine(desk.engine.access.line.address, faults)
    desk.engine.access.line.close()
    return open_desk(replace(before, store=store), line)
