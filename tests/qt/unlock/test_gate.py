"""Whatever state the profile is in, the gate says what to do next, in every language and size."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.unlock.conftest import ADMIN, NEWCOMER, OFFICER, SUPERVISOR, Gate
from trafficdesk.profile import Profile
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.unlock.set_up_page import FaultPage, RecoveryCodePage, SetUpPage
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.services.demo.marker import DemoMark, write_mark
from trafficdesk.services.desk import open_session
from trafficdesk.services.founding import initials_of

OpenGate = Callable[[], Gate]
NAMES = tuple(
    word
    for each in (ADMIN, SUPERVISOR, OFFICER, NEWCOMER)
    for word in (each.name, each.rank, each.initials)
)


def _fill(page: SetUpPage, **texts: str) -> None:
    wanted = {
        "officer": "Revathi M",
        "rank": "Inspector",
        "station": "Gandhipuram",
        "city": "Coimbatore",
        "code": "cbe",
        "password": "correct-horse-9",
        "again": "correct-horse-9",
    }
    for name, text in (wanted | texts).items():
        getattr(page, name).set_text(text)


def test_a_new_desk_is_set_up_and_opens(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, SetUpPage)
    _fill(page)
    page.button.click()
    qtbot.waitUntil(lambda: isinstance(shown.gate.screen_shown(), RecoveryCodePage))
    code = shown.gate.screen_shown()
    assert isinstance(code, RecoveryCodePage)
    assert not code.button.isEnabled(), "first the code must be kept"
    assert len(code.code.text().split()) == 13
    assert not profile.key_slots.exists(), "until the code is kept there is no desk to lose it"
    code.check.click()
    code.button.click()
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)
    session = open_session(profile, shown.unlocked[0].key, shown.unlocked[0].holder)
    assert session.officer.name == "Revathi M"
    session.store.close()
    session.data_key.wipe()


@pytest.mark.parametrize(
    ("texts", "field", "sentence"),
    [
        ({"officer": " "}, "officer", "Fill this in."),
        ({"code": "C-1"}, "code", "Use 2 to 4 letters from A to Z."),
        ({"again": "another-one-1"}, "again", "The two are not the same."),
        ({"password": "short", "again": "short"}, "password", "Use at least 8 characters."),
    ],
)
def test_mistakes_at_set_up_are_told_at_their_field(
    open_gate: OpenGate,
    qtbot: QtBot,
    texts: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, SetUpPage)
    _fill(page, **texts)
    page.button.click()
    qtbot.waitUntil(lambda: getattr(page, field).error.text() == sentence)
    assert page.button.isEnabled()


def test_a_set_up_that_fails_leaves_no_keys_behind(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, SetUpPage)
    profile.folder.mkdir(parents=True, exist_ok=True)
    profile.founding.write_text("in the way")
    _fill(page)
    page.button.click()
    qtbot.waitUntil(lambda: bool(page.message.title()))
    assert not profile.key_slots.exists()
    assert page.button.isEnabled()


def test_a_desk_that_cannot_be_put_in_its_place_keeps_its_code_on_screen(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile
) -> None:
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, SetUpPage)
    _fill(page)
    page.button.click()
    qtbot.waitUntil(lambda: isinstance(shown.gate.screen_shown(), RecoveryCodePage))
    code = shown.gate.screen_shown()
    assert isinstance(code, RecoveryCodePage)
    profile.founded.write_text("in the way")
    code.check.click()
    code.button.click()
    qtbot.waitUntil(lambda: bool(code.message.title()))
    profile.founded.unlink()
    code.button.click()
    qtbot.waitUntil(lambda: len(shown.unlocked) == 1)


@pytest.mark.parametrize("left", ["device.json", "audit.anchor", "media/ab/abcd"])
def test_a_desk_that_lost_its_keys_and_its_database_is_never_set_up_anew(
    open_gate: OpenGate, profile: Profile, left: str
) -> None:
    path = profile.folder / left
    path.parent.mkdir(parents=True)
    path.write_bytes(b"what a backup may still need")
    page = open_gate().gate.screen_shown()
    assert isinstance(page, FaultPage)
    assert "key file is missing" in page.accessibleName()


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Revathi M", "RM"), ("Kumar", "KU"), ("Anbu Selvi Raj Kumar", "ASR"), ("  x y ", "XY")],
)
def test_initials_are_made_of_a_name(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize("content", [b"", b"{broken", b'{"format": 99}'])
@pytest.mark.usefixtures("staffed")
def test_a_damaged_key_file_is_told_with_what_to_do(
    open_gate: OpenGate, qtbot: QtBot, profile: Profile, content: bytes
) -> None:
    whole = profile.key_slots.read_bytes()
    profile.key_slots.write_bytes(content)
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, FaultPage)
    assert "TrafficDesk" in page.accessibleName() or "backup" in page.accessibleName()
    profile.key_slots.write_bytes(whole)
    with qtbot.waitSignal(shown.gate.ready):
        page.findChildren(ActionButton)[0].click()
    assert shown.screen.tiles.tiles()


def test_a_database_without_keys_is_never_set_up_anew(
    open_gate: OpenGate, profile: Profile
) -> None:
    profile.folder.mkdir(parents=True)
    profile.database.write_bytes(b"somebody's data")
    shown = open_gate()
    page = shown.gate.screen_shown()
    assert isinstance(page, FaultPage)
    assert "key file is missing" in page.accessibleName()
    assert str(profile.key_slots) in page.accessibleName()
    assert profile.database.read_bytes() == b"somebody's data"


@pytest.mark.usefixtures("staffed")
def test_a_demo_shows_its_password_and_no_other_desk_does(
    open_gate: OpenGate, profile: Profile
) -> None:
    plain = open_gate()
    texts = _texts(plain.window)
    assert not any("demo" in text for text in texts)
    write_mark(profile, DemoMark("desk-demo-2026", complete=True, reports=200))
    texts = _texts(open_gate().window)
    assert "This is a demo. Every password is desk-demo-2026" in texts


def _texts(root: QWidget) -> list[str]:
    return [w.accessibleName() for w in root.findChildren(QWidget) if w.isVisible()]


def _open_page(shown: Gate, page: str) -> None:
    if page in {"supervisor", "recovery"}:
        key = Qt.Key.Key_F2 if page == "supervisor" else Qt.Key.Key_F3
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        assert shown.screen.row() is getattr(shown.screen, page)


@pytest.mark.parametrize("page", ["set_up", "password", "supervisor", "recovery"])
def test_everything_has_a_name_and_a_way_by_keyboard(
    request: pytest.FixtureRequest,
    open_gate: OpenGate,
    find_unnamed: Callable[[QWidget], list[str]],
    find_unreachable: Callable[[QWidget], list[str]],
    page: str,
) -> None:
    if page != "set_up":
        request.getfixturevalue("staffed")
    shown = open_gate()
    _open_page(shown, page)
    assert find_unnamed(shown.window) == []
    assert find_unreachable(shown.window) == []


@pytest.mark.parametrize("page", ["set_up", "password", "supervisor", "recovery"])
def test_every_sentence_is_translated(
    request: pytest.FixtureRequest,
    pseudo_locale: object,
    find_untranslated: Callable[..., list[str]],
    page: str,
) -> None:
    assert pseudo_locale is not None
    if page != "set_up":
        request.getfixturevalue("staffed")
    shown = request.getfixturevalue("open_gate")()
    _open_page(shown, page)
    today = {label for label in _texts(shown.window) if label}
    assert today
    assert find_untranslated(shown.window, data=(*NAMES, *_dates())) == []


def _dates() -> tuple[str, ...]:
    from PySide6.QtCore import QDate, QLocale

    today = QDate.currentDate()
    return QLocale().toString(today, "dddd"), QLocale().toString(today, "MMMM")


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("page", ["set_up", "password", "supervisor", "recovery"])
def test_nothing_is_cut_off_at_any_text_size(
    request: pytest.FixtureRequest,
    open_gate: OpenGate,
    equipment: Equipment,
    find_cut_off: Callable[[QWidget], list[str]],
    page: str,
    percent: int,
) -> None:
    if page != "set_up":
        request.getfixturevalue("staffed")
    equipment.settings.change(text_percent=percent)
    shown = open_gate()
    _open_page(shown, page)
    shown.window.resize(1280, 720)
    assert find_cut_off(shown.window) == []


@pytest.mark.usefixtures("staffed")
def test_pictures_of_the_gate_can_be_taken(
    open_gate: OpenGate, screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    assert len(screenshots(open_gate().window, "unlock")) == 4
