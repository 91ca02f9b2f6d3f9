"""The analytics workspace on a real encrypted store, with two years of invented reports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import MakeSession
from tests.qt.review.conftest import ZONE
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    ReportStatus,
    Role,
    Severity,
    Source,
    VehicleType,
    Violation,
)
from trafficdesk.qt.analytics.analytics_commands import CONTEXT
from trafficdesk.qt.analytics.gear import AnalyticsGear
from trafficdesk.qt.analytics.overview_page import OverviewPage
from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import bulk, facts, tallies
from trafficdesk.store.reports import ReportInsert

NORMAL = Qt.KeyboardModifier.NoModifier
DAYS = 760
_PLACES = ((76.9674, 11.0183, "Cross Cut Road"), (76.9558, 11.0168, "Oppanakara Street"))
_STATUSES = (ReportStatus.PENDING, ReportStatus.APPROVED, ReportStatus.REJECTED)
Fill = Callable[..., None]
FileReport = Callable[[], None]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """Sign a supervisor in."""
    return make_session(Role.SUPERVISOR, "Latha R")


@pytest.fixture
def fill(session: Session) -> Fill:
    """Load that many reports, spread over so many days that end with today; 0 means just now."""

    def load(count: int, days: int = DAYS) -> None:
        rng = Random(7)  # noqa: S311 - invented reports, no secret
        now_ms = to_ms(session.clock())
        with session.store.writing() as connection:
            home = facts.home_city_id(connection).bytes, facts.home_station_id(connection).bytes
            rows = [_row(rng, n, now_ms, days, home) for n in range(count)]
            bulk.load(connection, rows)

    return load


@pytest.fixture
def file(session: Session) -> FileReport:
    """File a report now."""

    def make() -> None:
        with session.store.reading() as connection:
            home = facts.home_city_id(connection), facts.home_station_id(connection)
        now = session.clock()
        report = NewReport(
            violations=(Violation.SPEED,),
            severity=Severity.SEVERE,
            place=Place(76.9674, 11.0183),
            occurred_at=now,
            reported_at=now,
            city_id=home[0],
            station_id=home[1],
            vehicle_type=VehicleType.CAR,
            area="Gandhipuram",
        )
        assert file_report(session, report).outcome.is_done

    return make


def _row(
    rng: Random, number: int, now_ms: int, days: int, home: tuple[bytes, bytes]
) -> ReportInsert:
    lon, lat, address = _PLACES[rng.random() < 0.3]
    ago = timedelta(days=rng.random() * days)
    reported_ms = now_ms - ago // timedelta(milliseconds=1)
    seen_before_ms = 1_200_000 if days else 0  # just now is of one day, also soon after midnight
    return ReportInsert(
        id=new_id().bytes,
        version=1,
        reference=f"CBE-2025-{number:06d}",
        status=rng.choice(_STATUSES),
        severity=rng.randint(1, 4),
        violation=rng.choice((Violation.NO_HELMET, Violation.SPEED, Violation.SIGNAL_JUMP)),
        more_violations=0,
        lon=lon + rng.random() / 1000,
        lat=lat + rng.random() / 1000,
        accuracy_m=10.0,
        address=address,
        area="Gandhipuram",
        ward_id=None,
        city_id=home[0],
        station_id=home[1],
        occurred_ms=reported_ms - seen_before_ms,
        reported_ms=reported_ms,
        plate=f"TN38BB{number % 90:04d}",
        vehicle_type=VehicleType.CAR,
        vehicle_text="",
        description="",
        source=Source.APP,
        reporter_id=None,
        score=rng.randint(0, 100),
        created_ms=reported_ms,
        updated_ms=reported_ms,
    )


@dataclass
class Desk:
    """The workspace on screen, and hands to work it with."""

    work: AnalyticsWorkspace
    commands: Commands
    changes: Changes
    session: Session
    qtbot: QtBot
    drilled: list[ReportFilter] = field(default_factory=list)

    @property
    def overview(self) -> OverviewPage:
        """The first page."""
        page = self.work.pages["overview"]
        assert isinstance(page, OverviewPage)
        return page

    def hit(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press a key where the keyboard is now."""
        QTest.keyClick(self._focused(), key, modifiers)

    def _focused(self) -> Any:  # noqa: ANN401 - any widget
        return QApplication.focusWidget() or self.work

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the screen live until something holds."""
        self.qtbot.waitUntil(holds)

    def settle(self) -> None:
        """Wait until everything on screen is counted."""
        self.wait(lambda: self.work.choice is not None and self.work.is_settled)

    def wait_for_chart(self) -> None:
        """Wait until the chart is drawn."""
        self.wait(lambda: self.overview.chart.is_drawn)

    def open(self, page: str) -> None:
        """Open a page and wait until it is counted."""
        self.work.open_page(page)
        self.settle()

    def count(self, wanted: ReportFilter) -> int:
        """Return how many reports the review list would show."""
        with self.session.store.reading() as connection:
            return tallies.count(connection, wanted)


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(
    qtbot: QtBot, lanes: Lanes, commands: Commands, session: Session
) -> Iterator[OpenDesk]:
    """Open analytics, 1280 px wide as in the desk's window, and count the first page."""
    opened: list[AnalyticsWorkspace] = []

    def make(size: QSize = QSize(1216, 672), *, waits: bool = True) -> Desk:  # noqa: B008 - a constant
        changes = Changes()
        work = AnalyticsWorkspace(AnalyticsGear(session, lanes, changes, commands, ZONE))
        opened.append(work)
        qtbot.addWidget(work)
        commands.activate(CONTEXT)
        work.resize(size)
        work.show()
        qtbot.waitActive(work).__enter__()
        work.setFocus()
        desk = Desk(work, commands, changes, session, qtbot)
        work.drilled.connect(desk.drilled.append)
        if waits:
            desk.settle()
        return desk

    yield make
    for work in opened:
        work.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
