"""A staffed desk with light key derivation, and the gate before it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Role
from trafficdesk.journal import Journal
from trafficdesk.profile import Profile
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.shell.window import MainWindow
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.qt.unlock.gate import UnlockGate
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.security.enrolment import SetUp, add_officer, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.recovery import Recovered
from trafficdesk.security.unlock import OfficerUnlocked, Unlocked

LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)
ADMIN = Holder(UUID(int=1), "Meena Sundaram", "MS", "Inspector", Role.ADMIN)
SUPERVISOR = Holder(UUID(int=2), "Karthik Velan", "KV", "Sub-inspector", Role.SUPERVISOR)
OFFICER = Holder(UUID(int=3), "Anbu Selvi", "AS", "Constable", Role.OFFICER)
NEWCOMER = Holder(UUID(int=4), "Ravi Kumar", "RK", "Constable", Role.OFFICER)
PASSWORDS = {
    ADMIN: "admin-pass-1",
    SUPERVISOR: "super-pass-2",
    OFFICER: "officer-pass-3",
    NEWCOMER: "given-pass-4",
}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "desk")


@pytest.fixture
def staffed(profile: Profile) -> Iterator[SetUp]:
    """Return a desk of four; the newcomer must choose a password of their own."""
    made = set_up(profile, ADMIN, PASSWORDS[ADMIN], kdf=LIGHT)
    assert isinstance(made, SetUp)
    for each in (SUPERVISOR, OFFICER, NEWCOMER):
        add_officer(profile, made.key, each, PASSWORDS[each], must_change=each is NEWCOMER)
    yield made
    made.key.wipe()


@dataclass
class Gate:
    """The gate on screen, and what came through it."""

    gate: UnlockGate
    window: MainWindow
    unlocked: list[Unlocked] = field(default_factory=list)
    helped: list[OfficerUnlocked] = field(default_factory=list)
    recovered: list[Recovered] = field(default_factory=list)

    @property
    def screen(self) -> UnlockScreen:
        shown = self.gate.screen_shown()
        assert isinstance(shown, UnlockScreen)
        return shown


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


@pytest.fixture
def open_gate(profile: Profile, equipment: Equipment, qtbot: QtBot) -> Iterator[Callable[[], Gate]]:
    """Return a way to put the gate of the profile on screen."""
    opened: list[Gate] = []

    def show() -> Gate:
        window = MainWindow(equipment)
        qtbot.addWidget(window)
        gate = UnlockGate(profile, equipment)
        made = Gate(gate, window)
        gate.unlocked.connect(made.unlocked.append)
        gate.helped.connect(made.helped.append)
        gate.recovered.connect(made.recovered.append)
        window.show_unlock(gate)
        window.show()
        window.activateWindow()
        with qtbot.waitSignal(gate.ready):
            pass
        qtbot.waitUntil(window.isActiveWindow)
        opened.append(made)
        return made

    yield show
    for made in opened:
        keys = [each.key for each in made.unlocked]
        keys += [each.key for each in made.helped]
        keys += [each.key for each in made.recovered]
        for key in keys:
            key.wipe()
