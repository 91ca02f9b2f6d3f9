"""A version that is new to a profile tells it how far it came; one that failed is told of once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import PASSWORD, close, start, unlock, wait_for_gate
from trafficdesk.app import _forgive_version
from trafficdesk.journal import files_of
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.rail import Workspace
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.services.session import Session
from trafficdesk.store import migrations
from trafficdesk.updates import launched
from trafficdesk.updates.launched import Launched, note_launched
from trafficdesk.updates.trial import Trial, begin, load_trial, save_trial

NEW, BEFORE = "1.1.0", "1.0.0"


def furnish(_equipment: Equipment, sitting: Sitting) -> None:
    sitting.view.add_workspace(
        Workspace("review", "Review", "clipboard-check", "Ctrl+1", lambda: Panel("surface"))
    )


def _break(_equipment: Equipment, _sitting: Sitting) -> None:
    raise RuntimeError("a bug of the newer version")


@pytest.fixture
def trial(
    make_session: Callable[..., Session], profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> Profile:
    """A profile whose desk was just started in a newer version."""
    monkeypatch.setattr(launched, "_known", [])
    make_session()
    save_trial(profile.folder, begin(Trial(good=BEFORE), NEW))
    note_launched(Launched(NEW, profile.folder))
    return profile


@pytest.fixture
def start_desk(qtbot: QtBot) -> Iterator[Callable[..., DeskApplication]]:
    running: list[DeskApplication] = []

    def begin_desk(profile: Profile, furnishing: Callable[..., None] = furnish) -> DeskApplication:
        running.append(start(profile, furnishing, qtbot))
        return running[-1]

    yield begin_desk
    for each in running:
        close(each)


Start = Callable[..., DeskApplication]


def _stage(profile: Profile) -> str:
    return load_trial(profile.folder).stage


def test_a_desk_that_can_be_worked_at_proves_its_version(
    trial: Profile, start_desk: Start, qtbot: QtBot
) -> None:
    running = start_desk(trial)
    qtbot.waitUntil(lambda: _stage(trial) == "waiting")
    unlock(running, qtbot)
    held: list[str] = []
    running.lanes.run(Lane.WRITER, lambda: held.append(load_trial(trial.folder).good))
    qtbot.waitUntil(lambda: bool(held))
    assert held == [NEW], "whatever is written after the unlocking finds the version proved"


def test_a_desk_whose_workspaces_break_has_failed_also_if_it_is_closed_in_order(
    trial: Profile, start_desk: Start, qtbot: QtBot
) -> None:
    running = start_desk(trial, _break)
    edit = wait_for_gate(running, qtbot).password.field.edit
    QTest.keyClicks(edit, PASSWORD)
    with qtbot.captureExceptions() as caught:
        QTest.keyClick(edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(caught))
    close(running)
    assert load_trial(trial.folder).has_died
    assert load_trial(trial.folder).good == BEFORE


def test_a_desk_that_is_closed_at_its_unlock_screen_has_not_failed(
    trial: Profile, start_desk: Start
) -> None:
    close(start_desk(trial))
    assert _stage(trial) == "waiting"


def test_a_store_that_this_version_cannot_open_counts_but_a_newer_store_does_not(
    trial: Profile, start_desk: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start_desk(trial)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 1)  # as an older program knows
    edit = wait_for_gate(running, qtbot).password.field.edit
    QTest.keyClicks(edit, PASSWORD)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    screen = wait_for_gate(running, qtbot)
    qtbot.waitUntil(lambda: "newer TrafficDesk" in _said(screen))
    close(running)
    assert _stage(trial) == "waiting"


def _said(screen: Any) -> str:  # noqa: ANN401 - any widget with labels
    from trafficdesk.qt.widgets.labels import Label

    return " ".join(label.text() for label in screen.findChildren(Label))


def test_a_desk_that_opens_for_another_reason_not_is_forgiven(trial: Profile) -> None:
    assert load_trial(trial.folder).has_died
    _forgive_version()
    assert not load_trial(trial.folder).has_died


def test_the_officer_is_told_once_that_a_version_did_not_start(
    trial: Profile, start_desk: Start, qtbot: QtBot
) -> None:
    went_back = Trial(BEFORE, "good", BEFORE, failed=(NEW,), note=NEW)
    save_trial(trial.folder, went_back)
    note_launched(Launched(BEFORE, trial.folder))
    running = start_desk(trial)
    sitting = unlock(running, qtbot)
    assert sitting.view.banner.isVisible()
    assert NEW in sitting.view.banner.message.title()
    qtbot.waitUntil(lambda: not load_trial(trial.folder).note)
    assert not load_trial(trial.folder).note
    close(running)
    lines = "".join(path.read_text() for path in files_of(trial.journal))
    assert f"went_back version={NEW}" in lines
    assert json.loads((trial.folder / "update.json").read_text())["failed"] == [NEW]
