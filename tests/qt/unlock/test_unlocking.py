"""Officers get in by keyboard; wrong passwords count, lock, and are helped in place."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.unlock.conftest import ADMIN, NEWCOMER, OFFICER, PASSWORDS, SUPERVISOR, Gate
from tests.security.memory_keyring import MemoryKeyring
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.unlock import flow
from trafficdesk.qt.unlock.rows import clock_words
from trafficdesk.security.enrolment import SetUp
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keyring_slot import enable_keyring
from trafficdesk.security.unlock import Unlocked, unlock

Key = Qt.Key
OpenGate = Callable[[], Gate]

pytestmark = pytest.mark.usefixtures("staffed")


def _press(key: Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QTest.keyClick(target, key)


def _choose(shown: Gate, holder: Holder) -> None:
    tile = next(t for t in shown.screen.tiles.tiles() if t.holder == holder)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)


def _try(shown: Gate, password: str) -> None:
    QTest.keyClicks(shown.screen.password.field.edit, password)
    _press(Key.Key_Return)


def _wrong_tries(shown: Gate, qtbot: QtBot, count: int) -> None:
    password = shown.screen.password
    for _ in range(count):
        _try(shown, "not-the-password")
        qtbot.waitUntil(lambda: password.button.isEnabled() or not password.isVisible())


def test_an_officer_gets_in_by_keyboard_alone(
    open_gate: OpenGate, qtbot: QtBot, settings_file: SettingsFile
) -> None:
    shown = open_gate()
    index = [t.holder for t in shown.screen.tiles.tiles()].index(OFFICER)
    _press(Key(int(Key.Key_1) + index))
    _try(shown, PASSWORDS[OFFICER])
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)
    assert shown.unlocked[0].holder == OFFICER
    assert shown.screen.password.field.text() == "", "the password is not left on screen"
    assert settings_file.recall("last_officer", str, "") == str(OFFICER.officer_id)


def test_whoever_was_here_last_is_marked(open_gate: OpenGate, settings_file: SettingsFile) -> None:
    settings_file.remember("last_officer", str(SUPERVISOR.officer_id))
    shown = open_gate()
    assert [t.holder for t in shown.screen.tiles.tiles() if t.isChecked()] == [SUPERVISOR]


def test_arrows_move_between_officers_and_enter_takes_one(open_gate: OpenGate) -> None:
    shown = open_gate()
    tiles = shown.screen.tiles.tiles()
    _press(Key.Key_Right)
    _press(Key.Key_Return)
    assert [t.isChecked() for t in tiles].index(True) == 1
    assert shown.screen.password.field.edit.hasFocus()


def test_a_wrong_password_says_how_many_tries_are_left(open_gate: OpenGate, qtbot: QtBot) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _wrong_tries(shown, qtbot, 4)
    said = shown.screen.password.field.edit.accessibleDescription()
    assert said == "That is not the password. 1 try left."
    assert shown.screen.password.field.edit.hasFocus()
    assert shown.unlocked == []


def test_five_wrong_passwords_lock_one_officer_and_nobody_else(
    open_gate: OpenGate, qtbot: QtBot
) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _wrong_tries(shown, qtbot, 5)
    assert shown.screen.row() is shown.screen.locked
    tile = next(t for t in shown.screen.tiles.tiles() if t.holder == OFFICER)
    # The count-down runs while five passwords are weighed.
    assert re.search(r"Locked, (10:00|9:5\d) left", tile.accessibleName())
    _choose(shown, SUPERVISOR)
    _try(shown, PASSWORDS[SUPERVISOR])
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)
    assert shown.unlocked[0].holder == SUPERVISOR


def test_a_lock_out_is_still_there_after_a_restart(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    for _ in range(5):
        unlock(profile, OFFICER.officer_id, "not-the-password", utc_now())
    shown = open_gate()
    _choose(shown, OFFICER)
    assert shown.screen.row() is shown.screen.locked
    tile = next(t for t in shown.screen.tiles.tiles() if t.holder == OFFICER)
    qtbot.waitUntil(lambda: "9:5" in tile.accessibleName())


def test_the_password_comes_back_when_a_lock_out_has_run_down(
    open_gate: OpenGate, qtbot: QtBot
) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    shown.screen.show_lock(OFFICER, utc_now() + timedelta(milliseconds=300))
    qtbot.waitUntil(lambda: shown.screen.row() is shown.screen.password)
    tile = next(t for t in shown.screen.tiles.tiles() if t.holder == OFFICER)
    assert "Locked" not in tile.accessibleName()


def test_nobody_is_let_in_for_somebody_else(open_gate: OpenGate, qtbot: QtBot) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _try(shown, PASSWORDS[OFFICER])
    _choose(shown, SUPERVISOR)
    qtbot.wait(300)
    assert shown.unlocked == []


def test_a_supervisor_gives_a_locked_out_officer_a_new_password(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _wrong_tries(shown, qtbot, 5)
    _press(Key.Key_F2)
    row = shown.screen.supervisor
    assert shown.screen.row() is row
    for field, text in (
        (row.proof, PASSWORDS[SUPERVISOR]),
        (row.password, "brand-new-5"),
        (row.again, "brand-new-5"),
    ):
        QTest.keyClicks(field.edit, text)
    _press(Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown.helped) == 1)
    assert shown.helped[0].officer.officer_id == OFFICER.officer_id
    assert shown.screen.row() is shown.screen.password
    assert shown.screen.message.title() == "Anbu Selvi has a new password."
    opened = unlock(profile, OFFICER.officer_id, "brand-new-5", utc_now())
    assert isinstance(opened, Unlocked)
    opened.key.wipe()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            ("wrong-one", "brand-new-5", "brand-new-5"),
            "proof",
            "That is not the password. 4 tries left.",
        ),
        (("super-pass-2", "short", "short"), "password", "Use at least 8 characters."),
        (("super-pass-2", "brand-new-5", "brand-new-6"), "again", "The two are not the same."),
        (("", "brand-new-5", "brand-new-5"), "proof", "Fill this in."),
    ],
)
def test_a_supervisors_mistakes_are_told_at_their_field(
    open_gate: OpenGate,
    qtbot: QtBot,
    typed: tuple[str, str, str],
    field: str,
    sentence: str,
) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _press(Key.Key_F2)
    row = shown.screen.supervisor
    for each, text in zip((row.proof, row.password, row.again), typed, strict=True):
        each.set_text(text)
    row.button.click()
    qtbot.waitUntil(lambda: getattr(row, field).error.text() == sentence)
    _press(Key.Key_Escape)
    assert shown.screen.row() is shown.screen.password
    assert shown.helped == []


def test_the_recovery_code_gives_a_new_password(
    open_gate: OpenGate, qtbot: QtBot, staffed: SetUp
) -> None:
    assert staffed.recovery_code is not None
    shown = open_gate()
    _choose(shown, ADMIN)
    _press(Key.Key_F3)
    row = shown.screen.recovery
    first = staffed.recovery_code[0]
    wrong = ("A" if first != "A" else "B") + staffed.recovery_code[1:]
    row.proof.set_text(wrong)
    row.password.set_text("brand-new-5")
    row.again.set_text("brand-new-5")
    row.button.click()
    qtbot.waitUntil(lambda: "group 1" in row.proof.error.text())
    row.proof.set_text(staffed.recovery_code)
    row.button.click()
    qtbot.waitUntil(lambda: len(shown.recovered) == 1)
    assert shown.recovered[0].holder.officer_id == ADMIN.officer_id


def test_a_given_password_must_be_replaced_by_ones_own(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    shown = open_gate()
    _choose(shown, NEWCOMER)
    _try(shown, PASSWORDS[NEWCOMER])
    qtbot.waitUntil(lambda: shown.screen.row() is shown.screen.own)
    assert shown.unlocked == []
    row = shown.screen.own
    for text, sentence in (
        (PASSWORDS[NEWCOMER], "Choose another than before."),
        ("ravikumar99", "A name is too easy to guess."),
    ):
        row.password.set_text(text)
        row.again.set_text(text)
        row.button.click()
        qtbot.waitUntil(lambda expected=sentence: row.password.error.text() == expected)  # type: ignore[misc] # a lambda's default binds
    row.password.set_text("my-very-own-6")
    row.again.set_text("my-very-own-6")
    row.button.click()
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)
    opened = unlock(profile, NEWCOMER.officer_id, "my-very-own-6", utc_now())
    assert isinstance(opened, Unlocked)
    assert not opened.must_change_password
    opened.key.wipe()


def test_a_recovery_code_that_was_typed_cannot_be_brought_back(
    open_gate: OpenGate, staffed: SetUp
) -> None:
    assert staffed.recovery_code is not None
    shown = open_gate()
    _choose(shown, ADMIN)
    field = shown.screen.recovery.proof
    for leave in (Key.Key_Escape, None):
        _press(Key.Key_F3)
        QTest.keyClicks(field.edit, staffed.recovery_code)
        assert field.text() == staffed.recovery_code
        if leave is not None:
            _press(leave)
        _press(Key.Key_F3)
        for _ in range(3):
            QTest.keyClick(field.edit, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            assert field.text() == ""


def test_whoever_leaves_before_choosing_their_own_password_leaves_no_open_desk(
    open_gate: OpenGate, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "OWN_PASSWORD_WAIT_MS", 300)
    shown = open_gate()
    _choose(shown, NEWCOMER)
    _try(shown, PASSWORDS[NEWCOMER])
    qtbot.waitUntil(lambda: shown.screen.row() is shown.screen.own)
    opened = shown.gate._flow._opened  # type: ignore[union-attr] # it is on screen
    assert opened is not None
    qtbot.waitUntil(lambda: shown.screen.row() is shown.screen.password)
    assert opened.key.is_wiped
    assert shown.unlocked == []


def test_a_wrong_password_is_not_told_to_the_officer_chosen_meanwhile(
    open_gate: OpenGate, qtbot: QtBot
) -> None:
    shown = open_gate()
    _choose(shown, OFFICER)
    _wrong_tries(shown, qtbot, 4)
    _try(shown, "not-the-password")
    _choose(shown, SUPERVISOR)
    QTest.keyClicks(shown.screen.password.field.edit, "super")
    tile = next(t for t in shown.screen.tiles.tiles() if t.holder == OFFICER)
    qtbot.waitUntil(lambda: "Locked" in tile.accessibleName())
    assert shown.screen.password.field.text() == "super"
    assert shown.screen.password.field.edit.accessibleDescription() == ""
    assert shown.screen.row() is shown.screen.password


def test_only_those_who_may_help_are_offered(open_gate: OpenGate) -> None:
    shown = open_gate()
    _choose(shown, ADMIN)
    _press(Key.Key_F2)
    assert shown.screen.row() is shown.screen.password, "no supervisor may help an administrator"
    assert "Meena Sundaram" in shown.screen.message.title()
    _choose(shown, SUPERVISOR)
    _press(Key.Key_F2)
    assert list(shown.screen.supervisor._by.values()) == [ADMIN.officer_id]


@pytest.fixture
def os_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_the_keyring_of_the_account_opens_the_desk_for_who_switched_it_on(
    open_gate: OpenGate, qtbot: QtBot, staffed: SetUp, profile: Profile, os_keyring: MemoryKeyring
) -> None:
    enable_keyring(profile, staffed.key, OFFICER.officer_id, utc_now(), allowed=True)
    shown = open_gate()
    row = shown.screen.password
    _choose(shown, SUPERVISOR)
    assert not row.keyring.isVisible()
    _press(Key.Key_F4)
    _choose(shown, OFFICER)
    kept = dict(os_keyring.entries)
    os_keyring.entries.clear()
    row.keyring.click()
    said = "The keyring did not open it. Use the password."
    qtbot.waitUntil(lambda: row.field.edit.accessibleDescription() == said)
    os_keyring.entries.update(kept)
    _press(Key.Key_F4)
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)
    assert shown.unlocked[0].holder == OFFICER


@pytest.mark.parametrize(
    ("seconds", "words"), [(600, "10:00"), (581.2, "9:42"), (0, "0:00"), (7390, "2:03:10")]
)
def test_what_is_left_is_said_as_a_clock(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words
