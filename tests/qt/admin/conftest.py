"""The administration on a real desk: its slots, its store, its lanes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Role
from trafficdesk.journal import Journal
from trafficdesk.profile import Profile
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.security.key_slots import holders
from trafficdesk.services.session import Session
from trafficdesk.store import officers

MakeWorkspace = Callable[..., AdminWorkspace]


@dataclass
class ChosenFile:
    """Stands where the system's file dialog would: the officer has chosen this file."""

    path: Path | None = None

    def to_open(self, _parent: QWidget, _title: str, _pattern: str) -> Path | None:
        return self.path

    def to_save(self, _parent: QWidget, _title: str, _name: str, _kinds: str = "") -> Path | None:
        return self.path


@pytest.fixture
def picker() -> ChosenFile:
    return ChosenFile()


@pytest.fixture
def choose_file(picker: ChosenFile) -> Callable[[Path], None]:
    """Return what lets the officer choose a file when they are asked next."""

    def choose(path: Path) -> None:
        picker.path = path

    return choose


@pytest.fixture
def equipment(
    lanes: Lanes,
    commands: Commands,
    settings_file: SettingsFile,
    appearance: Appearance,
    journal: Journal,
) -> Equipment:
    return Equipment(lanes, Changes(appearance), commands, settings_file, appearance, journal)


@pytest.fixture
def admin(make_session: Callable[..., Session], profile: Profile) -> Session:
    """Return the session of the administrator who set the desk up."""
    session = make_session(Role.ADMIN)
    boss = holders(profile)[0]
    with session.store.writing() as connection:
        # Whose session it was has no password here: they would stand in the list of officers.
        officers.mark_removed(connection, session.officer.id, 1)
        return replace(session, officer=officers.get(connection, boss.officer_id))


@pytest.fixture
def make_workspace(qtbot: QtBot, equipment: Equipment, picker: ChosenFile) -> MakeWorkspace:
    """Show the workspace of a session, as large as beside the rail of a small window."""

    def make(session: Session, size: QSize = QSize(1216, 672)) -> AdminWorkspace:  # noqa: B008 - never changed
        workspace = AdminWorkspace(session, equipment, picker)
        qtbot.addWidget(workspace)
        equipment.commands.activate("admin")
        workspace.resize(size)
        workspace.show()
        return workspace

    return make
