"""The conflict desk on a real encrypted store, with conflicts as the server's pages bring them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import ZONE, file
from tests.services.conflict_rows import Met, Opened, add_officer, open_conflict
from trafficdesk.domain.records import Officer, Report
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.conflicts.conflict_commands import CONTEXT
from trafficdesk.qt.conflicts.merge_table import TableRow
from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services.session import Session
from trafficdesk.store import reports

__all__ = ["file"]

NORMAL = Qt.KeyboardModifier.NoModifier
FileReport = Callable[..., Report]
MakeConflict = Callable[..., Opened]


@pytest.fixture
def kumar(session: Session) -> Officer:
    """An officer at another desk."""
    return add_officer(session, "Kumar S")


@pytest.fixture
def conflict(session: Session, kumar: Officer, file: FileReport) -> MakeConflict:
    """Let a conflict arrive about a report of its own, or about ``report``."""

    def make(
        mine: dict[str, object],
        theirs: dict[str, object],
        report: Report | None = None,
        **more: Any,  # noqa: ANN401 - any field of Met
    ) -> Opened:
        about = report or file()
        return open_conflict(session, Met(about, mine, theirs, kumar.id, **more))

    return make


@dataclass
class Desk:
    """The workspace on screen, and hands to work it with."""

    work: ConflictsWorkspace
    commands: Commands
    changes: Changes
    session: Session
    qtbot: QtBot
    refused: list[tuple[Command, str]] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)

    def press(self, keys: str, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press letters one after the other, where the keyboard is now."""
        for each in keys:
            QTest.keyClicks(self._focused(), each, modifiers)

    def hit(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NORMAL) -> None:
        """Press a key that is no letter."""
        QTest.keyClick(self._focused(), key, modifiers)

    def _focused(self) -> Any:  # noqa: ANN401 - any widget
        return QApplication.focusWidget() or self.work.column.list

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the screen live until something holds."""
        self.qtbot.waitUntil(holds)

    def wait_for_open(self, count: int) -> None:
        """Wait until so many conflicts are listed as open."""
        self.wait(lambda: len(self.work.listed.open) == count and not self.work.writing.is_busy)

    def rows(self) -> dict[str, TableRow]:
        """Return the table's rows by their keys."""
        return {row.key: row for row in self.work.page.table.table.rows}

    @property
    def current(self) -> str:
        """The key of the current row."""
        row = self.work.page.table.current_row()
        return "" if row is None else row.key

    @property
    def toast(self) -> str:
        """What the note in the foot says, if it shows."""
        toast = self.work.column.toast
        return toast.text() if toast.isVisible() else ""

    @property
    def shown(self) -> UUID | None:
        """The conflict on screen."""
        view = self.work.page.view
        return None if view is None else view.detail.conflict.id

    def report(self, pk: int) -> Report:
        """Return a report as it stands."""
        with self.session.store.reading() as connection:
            return reports.get(connection, pk)


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(
    qtbot: QtBot, lanes: Lanes, commands: Commands, session: Session
) -> Iterator[OpenDesk]:
    """Open the conflict desk for an officer, 1280 px wide as in the desk's window."""
    opened: list[ConflictsWorkspace] = []

    def make(signed_in: Session = session, size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        changes = Changes()
        gear = ReviewGear(signed_in, lanes, changes, commands, ZONE, lambda: None, lambda _: [])
        work = ConflictsWorkspace(gear)
        opened.append(work)
        qtbot.addWidget(work)
        commands.activate(CONTEXT)
        work.resize(size)
        work.show()
        qtbot.waitActive(work).__enter__()
        work.column.list.setFocus()
        desk = Desk(work, commands, changes, signed_in, qtbot)
        commands.refused.connect(lambda command, why: desk.refused.append((command, why)))
        work.report_opened.connect(desk.opened.append)
        desk.wait(lambda: work.is_loaded)
        QTest.qWait(50)
        return desk

    yield make
    for work in opened:
        work.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
