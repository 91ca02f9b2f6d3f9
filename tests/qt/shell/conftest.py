"""A desk with two small workspaces, in the real window."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.journal import Journal
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.shell.desk import DeskView, Who
from trafficdesk.qt.shell.outbox import OutboxPage, OutboxRow
from trafficdesk.qt.shell.rail import Workspace
from trafficdesk.qt.shell.top_bar import SyncSummary
from trafficdesk.qt.shell.window import MainWindow
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.qt.widgets.labels import Label

NAMES = ("SI Revathi M", "Gandhipuram", "RM", "Approve", "Zoom", "Review", "Map", "This report")
ROWS = (
    OutboxRow("Approve", "CBE-2026-000122", "12:02", SyncState.NOT_SENT),
    OutboxRow("Reject", "CBE-2026-000123", "12:05", SyncState.CONFLICT, "Sgt Weiss approved it."),
)


@pytest.fixture
def equipment(
    lanes: Lanes,
    commands: Commands,
    settings_file: SettingsFile,
    appearance: Appearance,
    journal: Journal,
) -> Equipment:
    settings_file.change(theme="light")
    return Equipment(lanes, Changes(), commands, settings_file, appearance, journal)


@dataclass
class Shown:
    """The window, the desk in it, and what the workspaces did."""

    window: MainWindow
    desk: DeskView
    done: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


def _page(name: str, made: list[str]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        made.append(name)
        page = QWidget()
        page.setObjectName(name)
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        note = QLineEdit()
        note.setObjectName(f"{name}-note")
        note.setAccessibleName("Approve")
        column = QVBoxLayout(page)
        column.addWidget(Label("Approve"))
        column.addWidget(note)
        return page

    return make


@pytest.fixture
def shown(equipment: Equipment, qtbot: QtBot) -> Shown:
    window = MainWindow(equipment)
    qtbot.addWidget(window)
    desk = DeskView(
        equipment,
        Who("SI Revathi M", "Gandhipuram", "RM"),
        lambda: OutboxPage(ROWS, 2, "Approve", "Map"),
    )
    shown = Shown(window, desk)
    for name, title, key, icon in (
        ("review", "Review", "Ctrl+1", "clipboard-check"),
        ("map", "Map", "Ctrl+2", "map"),
    ):
        desk.add_workspace(Workspace(name, title, icon, key, _page(name, shown.made)))
    equipment.commands.add(
        [
            Command(
                "approve",
                "Approve",
                "This report",
                lambda: shown.done.append("approve"),
                ("A",),
                "review",
            ),
            Command(
                "zoom", "Zoom", "This report", lambda: shown.done.append("zoom"), ("Z",), "map"
            ),
        ],
        owner=desk,
    )
    desk.set_sync(SyncSummary("Offline", 2, 1))
    desk.open_first()
    window.show_desk(desk)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.focus_workspace()
    return shown
