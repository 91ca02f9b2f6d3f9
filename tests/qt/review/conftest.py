"""A review workspace on a real encrypted store, with reports to review."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.counted_lanes import CountedLanes
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import NewReport, Place, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Source, VehicleType, Violation
from trafficdesk.maps.gazetteer import FoundPlace
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.review.decision_panel import DecisionPanel
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.review.workspace import ID, ReviewWorkspace
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.services.intake import file_report
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session
from trafficdesk.store import bulk, facts, reports
from trafficdesk.store.reports import ReportInsert

ZONE = ZoneInfo("Asia/Kolkata")
FileReport = Callable[..., Report]
NORMAL = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def file(session: Session) -> FileReport:
    """File a report at the test desk and return it as it stands."""

    def make(photos: tuple[Examined, ...] = (), **values: Any) -> Report:  # noqa: ANN401 - any field of the record
        with session.store.reading() as connection:
            home = (facts.home_city_id(connection), facts.home_station_id(connection))
        now = session.clock()
        given: dict[str, Any] = {
            "violations": (Violation.SIGNAL_JUMP,),
            "severity": Severity.SEVERE,
            "place": Place(76.9674, 11.0183),
            "occurred_at": now - timedelta(hours=1),
            "reported_at": now,
            "city_id": home[0],
            "station_id": home[1],
            "plate": "TN 37 BZ 4412",
            "vehicle_type": VehicleType.CAR,
            "description": "White car went through when the lamp was fully red.",
            "area": "Gandhipuram",
        }
        filed = file_report(session, NewReport(**(given | values)), photos)
        assert filed.outcome.is_done, filed
        return reread(session, filed.pk)

    return make


def reread(session: Session, pk: int) -> Report:
    """Return a report as it stands in the store."""
    with session.store.reading() as connection:
        return reports.get(connection, pk)


def words_in(panel: QWidget) -> list[str]:
    """Return every text that a panel shows."""
    children = panel.findChildren(QWidget)
    return [child.text() for child in children if isinstance(child, QLabel | ElidedLabel)]


@pytest.fixture
def file_many(session: Session, file: FileReport) -> Callable[[int], list[Report]]:
    """File reports, a minute apart; the list shows the last one first."""

    def make(count: int) -> list[Report]:
        now = session.clock()
        return [
            file(
                plate=f"TN37AA{i:04d}",
                reported_at=now - timedelta(minutes=count - i),
                occurred_at=now - timedelta(hours=2),
            )
            for i in range(count)
        ]

    return make


def _row(i: int, now_ms: int, city: UUID, station: UUID) -> ReportInsert:
    kinds = list(Violation)
    return ReportInsert(
        id=new_id().bytes,
        version=1,
        reference=f"CBE-2025-{i:06d}",
        status=ReportStatus.PENDING,
        severity=1 + i * 7 % 4,
        violation=kinds[i * 11 % len(kinds)],
        more_violations=0,
        lon=76.95 + i * 37 % 100 / 5_000,
        lat=11.0 + i * 53 % 100 / 5_000,
        accuracy_m=10.0,
        address="Cross Cut Road",
        area="Gandhipuram",
        ward_id=None,
        city_id=city.bytes,
        station_id=station.bytes,
        occurred_ms=now_ms - i * 60_000 - 3_600_000,
        reported_ms=now_ms - i * 60_000 - 3_000_000,
        plate=f"TN38BB{i % 10_000:04d}",
        vehicle_type=VehicleType.CAR,
        vehicle_text="",
        description="",
        source=Source.APP,
        reporter_id=None,
        score=i * 31 % 101,
        created_ms=now_ms,
        updated_ms=now_ms,
    )


@pytest.fixture
def load_rows(session: Session) -> Callable[[int], None]:
    """Load that many pending reports at once, a minute apart."""

    def load(count: int) -> None:
        now_ms = to_ms(session.clock())
        with session.store.writing() as connection:
            city, station = facts.home_city_id(connection), facts.home_station_id(connection)
            bulk.load(connection, (_row(i, now_ms, city, station) for i in range(count)))

    return load


@dataclass
class Desk:
    """A workspace on screen, and hands to work it with."""

    work: ReviewWorkspace
    lanes: CountedLanes
    commands: Commands
    changes: Changes
    refused: list[tuple[Command, str]] = field(default_factory=list)

    def press(self, keys: str, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press letters one after the other, where the keyboard is now."""
        for each in keys:
            QTest.keyClicks(self._focused(), each, modifiers)

    def hit(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press a key that is no letter."""
        QTest.keyClick(self._focused(), key, modifiers)

    def panel(self) -> DecisionPanel | None:
        """Return the open panel."""
        return self.work.slot.panel

    def _focused(self) -> Any:  # noqa: ANN401 - any widget
        return QApplication.focusWidget() or self.work.column.list

    def settle(self) -> None:
        """Wait until nothing is on its way and the list is up to date. Fails after 30 s."""
        deadline = time.monotonic() + 30
        quiet = 0
        while quiet < 10:
            assert time.monotonic() < deadline, "it does not come to rest"
            QTest.qWait(10)
            is_quiet = self.lanes.is_idle and not self.work.deciding.pending
            quiet = quiet + 1 if is_quiet else 0

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so that comes after a list was read again. Fails after 10 s."""
        deadline = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < deadline, "it did not come"
            QTest.qWait(10)

    @property
    def current(self) -> str:
        """The reference on screen."""
        return self.work.detail.head.reference.text()

    @property
    def listed(self) -> list[str]:
        """The references in the list, as far as they are in memory."""
        model = self.work.column.model
        rows = [model.row(place) for place in range(model.count())]
        return [row.reference for row in rows if row is not None]

    @property
    def toast(self) -> str:
        """What the note in the foot says, if it shows."""
        toast = self.work.column.toast
        return toast.text() if toast.isVisible() else ""


OpenDesk = Callable[..., Desk]


def _found(_text: str) -> list[FoundPlace]:
    return []


@pytest.fixture
def open_desk(
    qtbot: QtBot, lanes: CountedLanes, commands: Commands, session: Session
) -> Iterator[OpenDesk]:
    """Open the review for an officer, 1280 px wide as in the desk's window."""
    opened: list[ReviewWorkspace] = []

    def make(signed_in: Session = session, size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        changes = Changes()
        gear = ReviewGear(signed_in, lanes, changes, commands, ZONE, lambda: None, _found)
        work = ReviewWorkspace(gear)
        opened.append(work)
        qtbot.addWidget(work)
        commands.activate(ID)
        work.resize(size)
        work.show()
        qtbot.waitActive(work).__enter__()
        qtbot.waitUntil(lambda: work.column.model.is_loaded)
        work.column.list.setFocus()
        desk = Desk(work, lanes, commands, changes)
        commands.refused.connect(lambda command, why: desk.refused.append((command, why)))
        desk.settle()
        return desk

    yield make
    for work in opened:
        work.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
