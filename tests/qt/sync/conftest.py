"""Desks in their real window, enrolled with a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.server.conftest import _template, clone_database, cluster, database_url, live
from tests.server.live import Live
from tests.server.world import PASSWORD, Person, World
from tests.system.sync.desks import LIGHT, SyncedDesk, join
from tests.system.sync.fault_proxy import Road
from trafficdesk.app import furnish_desk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.sync.panel import SyncPanel
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.join_page import JoinPage
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.qt.unlock.set_up_page import SetUpPage
from trafficdesk.security import key_slots
from trafficdesk.security.device import new_device
from trafficdesk.security.key_slots import Holder
from trafficdesk.services import board, founding, review
from trafficdesk.services.desk import Home, Joined
from trafficdesk.services.outcomes import Outcome
from trafficdesk.store import outbox, reports
from trafficdesk.store.queues import PageRequest
from trafficdesk.sync import link
from trafficdesk.sync.enrolling import enrol
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.wire.accounts import SignInRequest

__all__ = ["_template", "clone_database", "cluster", "database_url", "live"]


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone on the shared server."""
    return World(live)


@pytest.fixture
def other(world: World, tmp_path: Path) -> Iterator[SyncedDesk]:
    """Another desk of the agency, driven by hand."""
    desk = join(world, world.person(Role.OFFICER, "Kumar S"), tmp_path / "other")
    yield desk
    desk.close()


def found(world: World, person: Person, folder: Path, url: str) -> Profile:
    """Found a desk that is enrolled; ``url``: where it looks for its server."""
    profile = Profile(folder)
    folder.mkdir()
    line = Line(ServerAddress(url))
    device = new_device()
    brought = enrol(
        line, device, world.token(), SignInRequest(login=person.login, password=PASSWORD)
    )
    line.close()
    home = Home(brought.city, brought.station, brought.desk_code)
    joined = Joined(device, link.as_facts(brought.link, brought.marks))
    made = founding.JoinedDesk(brought.officer, PASSWORD, home, joined)
    prepared = founding.prepare(profile, made, LIGHT)
    assert isinstance(prepared, founding.Prepared)
    prepared.unlocked.key.wipe()
    founding.publish(profile)
    return profile


class Window:
    """The running program on one profile."""

    def __init__(self, profile: Profile, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self._profile = profile
        self.application = DeskApplication(profile, furnish_desk)
        self.application.start()
        self.application.window.resize(1280, 720)
        self.wait(lambda: isinstance(self.shown(), UnlockScreen | SetUpPage | JoinPage))
        self.application.window.activateWindow()

    def shown(self) -> object:
        """Return what the gate shows."""
        gate = self.application.gate
        return gate.screen_shown() if gate else None

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the window live until something holds."""
        self.qtbot.waitUntil(holds)

    def unlock(self) -> Sitting:
        """Unlock by the password."""
        screen = self.shown()
        assert isinstance(screen, UnlockScreen)
        QTest.keyClicks(screen.password.field.edit, PASSWORD)
        with self.qtbot.waitSignal(self.application.unlocked):
            QTest.keyClick(screen.password.field.edit, Qt.Key.Key_Return)
        assert self.application.sitting is not None
        return self.application.sitting

    @property
    def sitting(self) -> Sitting:
        """The present sitting."""
        assert self.application.sitting is not None
        return self.application.sitting

    def pill(self) -> str:
        """Return what the pill says."""
        return self.sitting.view.top_bar.pill.words()

    def wait_for_pill(self, words: str) -> None:
        """Let the window live until the pill says this."""
        try:
            self.wait(lambda: self.pill() == words)
        except Exception as error:
            raise AssertionError(f"the pill says {self.pill()!r}, not {words!r}") from error

    def panel(self) -> SyncPanel:
        """Open the panel by its key and return it."""
        self.sitting.view.open_outbox()
        panel = self.sitting.view.overlays.current()
        assert isinstance(panel, SyncPanel)
        self.wait(lambda: panel.overview is not None)
        return panel

    def pks(self) -> list[int]:
        """Return the numbers of the reports on this desk."""
        found = board.find_page(self.sitting.session, PageRequest(ReportFilter()))
        return [row.pk for row in found]

    def wait_until_sent(self) -> None:
        """Let the window live until nothing waits for the server or for anybody."""
        self.wait(lambda: self.counts() == (0, 0, 0, 0))

    def counts(self) -> outbox.Counts:
        """Return how many operations stand where."""
        with self.sitting.session.store.reading() as connection:
            return outbox.count(connection)

    def officer_ids(self) -> set[UUID]:
        """Return who has a key slot of this desk."""
        return {each.officer_id for each in self._holders()}

    def holder(self, officer_id: UUID) -> Holder:
        """Return an officer as their key slot names them."""
        return next(each for each in self._holders() if each.officer_id == officer_id)

    def _holders(self) -> list[Holder]:
        return [each.holder for each in key_slots.load(self._profile).slots.officers]

    def act(self, work: Callable[[], Outcome]) -> None:
        """Do something in the writer's line, as every screen does, and tell of it."""
        sitting, done = self.sitting, list[Outcome]()
        self.application.lanes.run(Lane.WRITER, work, done.append)
        self.wait(lambda: bool(done))
        assert done[0].is_done, done[0]
        self.application.equipment.changes.tell(done[0].changed)
        assert self.application.sitting is sitting

    def step(self, pk: int, move: Move) -> None:
        """Make a move with a report as it stands here."""
        session = self.sitting.session
        with session.store.reading() as connection:
            target = review.Target(pk, reports.get(connection, pk).revision)
        self.act(lambda: review.take_step(session, (target,), review.Step(move)))

    def close(self) -> None:
        """End the program."""
        self.application.window.close()
        QApplication.processEvents()


OpenDesk = Callable[[Profile], Window]


@pytest.fixture
def open_desk(qtbot: QtBot) -> Iterator[OpenDesk]:
    """Return a function that opens the program on a profile."""
    windows = list[Window]()

    def start(profile: Profile) -> Window:
        windows.append(Window(profile, qtbot))
        return windows[-1]

    yield start
    for window in windows:
        window.close()


@pytest.fixture
def road(world: World) -> Iterator[Road]:
    """The road from the desk in the window to its server."""
    made = Road(world.live.url)
    yield made
    made.close()


@pytest.fixture
def person(world: World) -> Person:
    """Whoever sits at the desk in the window."""
    return world.person(Role.SUPERVISOR)


@pytest.fixture
def profile(world: World, person: Person, road: Road, tmp_path: Path) -> Profile:
    """A desk enrolled with the server, not opened yet."""
    return found(world, person, tmp_path / "desk", road.url)


@pytest.fixture
def window(open_desk: OpenDesk, profile: Profile, other: SyncedDesk) -> Window:
    """The desk in its window, with a report of another desk on it."""
    other.file()
    other.sync()
    opened = open_desk(profile)
    opened.unlock()
    opened.wait(lambda: len(opened.pks()) == 1)
    opened.wait_for_pill("Online, all sent")
    return opened
