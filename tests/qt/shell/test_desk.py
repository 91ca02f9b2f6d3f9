"""The window around the workspaces: reached by keys, named for the ear, blank when locked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import Shown
from trafficdesk.qt.commands import Command
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.shell.command_palette import CommandPalette, Finder, Found
from trafficdesk.qt.shell.key_sheet import KeySheet
from trafficdesk.qt.shell.outbox import OutboxPanel
from trafficdesk.qt.shell.window import MainWindow
from trafficdesk.qt.theme.palette import is_dark, text_percent

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def _press(key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QTest.keyClick(target, key, modifier)


def _palette(shown: Shown) -> CommandPalette:
    panel = shown.desk.overlays.current()
    assert isinstance(panel, CommandPalette)
    return panel


def test_a_workspace_is_made_when_it_is_first_shown_and_kept(shown: Shown) -> None:
    assert shown.made == ["review"]
    _press(Key.Key_2, CTRL)
    _press(Key.Key_1, CTRL)
    _press(Key.Key_2, CTRL)
    assert shown.made == ["review", "map"]
    assert shown.desk.open_id() == "map"


def test_the_workspace_that_was_open_last_opens_first(
    shown: Shown, settings_file: SettingsFile
) -> None:
    shown.desk.open_workspace("map")
    assert settings_file.values.workspace == "map"
    shown.desk.open_first()
    assert shown.desk.open_id() == "map"


def test_only_the_workspace_on_screen_hears_its_letters(shown: Shown) -> None:
    _press(Key.Key_A)
    _press(Key.Key_Z)
    assert shown.done == ["approve"]
    shown.desk.open_workspace("map")
    _press(Key.Key_A)
    _press(Key.Key_Z)
    assert shown.done == ["approve", "zoom"]


def test_nothing_but_the_window_is_ever_a_window(windows_shown: list[str], shown: Shown) -> None:
    for opening in (shown.desk.open_palette, shown.desk.open_keys, shown.desk.open_outbox):
        opening()
    assert windows_shown == ["MainWindow"]


def test_slash_searches_and_escape_comes_back(shown: Shown, qtbot: QtBot) -> None:
    searched: list[str] = []
    shown.desk.searched.connect(searched.append)
    _press(Key.Key_Slash)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "TN 37")
    assert searched[-1] == "TN 37"
    with qtbot.waitSignal(shown.desk.search_submitted) as submitted:
        _press(Key.Key_Return)
    assert submitted.args == ["TN 37"]
    _press(Key.Key_Escape)
    assert searched[-1] == ""
    _press(Key.Key_Escape)
    assert QApplication.focusWidget() is shown.desk.find_made("review")


def test_the_palette_runs_what_is_typed_and_gives_the_focus_back(shown: Shown) -> None:
    _press(Key.Key_K, CTRL)
    palette = _palette(shown)
    QTest.keyClicks(palette.field.edit, "appr")
    _press(Key.Key_Return)
    assert shown.done == ["approve"]
    assert shown.desk.overlays.current() is None
    assert QApplication.focusWidget() is shown.desk.find_made("review")


def test_the_palette_offers_the_workspace_first_and_moves_by_arrows(shown: Shown) -> None:
    _press(Key.Key_K, CTRL)
    palette = _palette(shown)
    titles = [row.title for row in palette.model.rows]
    assert titles[:2] == ["This report", "Approve"]
    assert "Zoom" not in titles, "another workspace's commands are out of reach"
    before = palette.list.currentIndex().row()
    _press(Key.Key_Down)
    assert palette.model.rows[palette.list.currentIndex().row()].run is not None
    _press(Key.Key_Up)
    assert palette.list.currentIndex().row() == before


def test_letters_typed_into_the_palette_decide_nothing(shown: Shown) -> None:
    _press(Key.Key_K, CTRL)
    QTest.keyClicks(_palette(shown).field.edit, "aaa")
    assert shown.done == []
    _press(Key.Key_Escape)
    assert shown.desk.overlays.current() is None


def test_a_command_that_cannot_run_says_why_in_the_palette(
    shown: Shown, equipment: Equipment
) -> None:
    cite = Command(
        "cite",
        "Cite",
        "This report",
        lambda: shown.done.append("cite"),
        ("T",),
        "review",
        refusal=lambda: "Approve it first",
    )
    equipment.commands.add([cite])
    shown.desk.open_palette()
    palette = _palette(shown)
    QTest.keyClicks(palette.field.edit, "cite")
    row = next(row for row in palette.model.rows if row.title == "Cite")
    assert (row.detail, row.is_enabled) == ("Approve it first", False)
    _press(Key.Key_Return)
    assert shown.done == []


def test_the_palette_finds_reports_as_they_come(shown: Shown, qtbot: QtBot) -> None:
    opened: list[str] = []
    shown.desk.add_finder(
        Finder("Reports", lambda query: [Found(f"Report {query}", lambda: opened.append(query))])
    )
    shown.desk.open_palette()
    palette = _palette(shown)
    QTest.keyClicks(palette.field.edit, "zq")
    qtbot.waitUntil(lambda: "Report zq" in [row.title for row in palette.model.rows])
    assert palette.model.rows[0].title == "Reports"
    _press(Key.Key_Return)
    assert opened == ["zq"]


@pytest.mark.parametrize("key", [Key.Key_F1, Key.Key_Question])
def test_the_cheat_sheet_lists_every_command_with_its_keys(
    shown: Shown, equipment: Equipment, key: Key
) -> None:
    _press(key)
    sheet = shown.desk.overlays.current()
    assert isinstance(sheet, KeySheet)
    listed = {row.command.id for row in sheet.keys.rows}
    assert listed == {c.id for c in equipment.commands.all() if not c.is_hidden}
    names = {row.accessibleName() for row in sheet.keys.rows}
    assert {"Approve, A", "Zoom, Z", "All commands, Ctrl K"} <= names


def test_a_key_is_changed_in_the_cheat_sheet(
    shown: Shown, equipment: Equipment, settings_file: SettingsFile
) -> None:
    shown.desk.open_keys()
    sheet = shown.desk.overlays.current()
    assert isinstance(sheet, KeySheet)
    row = next(row for row in sheet.keys.rows if row.command.id == "approve")
    row.setFocus()
    _press(Key.Key_Return)
    _press(Key.Key_K, CTRL)
    assert "All commands" in sheet.message.title(), "a taken key is refused and its holder named"
    assert equipment.commands.keys_of("approve") == ("A",)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    _press(Key.Key_Y)
    assert settings_file.values.keys == {}, "a second key may follow"
    _press(Key.Key_Return)
    assert settings_file.values.keys == {"approve": ("Y",)}
    assert row.accessibleName() == "Approve, Y"
    _press(Key.Key_Escape)
    _press(Key.Key_Y)
    assert shown.done == ["approve"]


def test_escape_leaves_a_key_as_it_was(shown: Shown, equipment: Equipment) -> None:
    shown.desk.open_keys()
    sheet = shown.desk.overlays.current()
    assert isinstance(sheet, KeySheet)
    sheet.keys.rows[0].click()
    _press(Key.Key_Escape)
    assert shown.desk.overlays.current() is sheet, "it ends the asking, not the sheet"
    assert equipment.commands.keys_of("approve") == ("A",)


def test_the_outbox_lists_what_waits_and_why(shown: Shown, qtbot: QtBot) -> None:
    _press(Key.Key_J, CTRL)
    panel = shown.desk.overlays.current()
    assert isinstance(panel, OutboxPanel)
    qtbot.waitUntil(
        lambda: any("000123" in w.accessibleName() for w in panel.findChildren(QWidget))
    )
    names = [w.accessibleName() for w in panel.findChildren(QWidget)]
    assert "Reject, CBE-2026-000123, 12:05, Sgt Weiss approved it." in names
    _press(Key.Key_Escape)
    assert shown.desk.overlays.current() is None


def test_the_pill_says_what_waits_in_words(shown: Shown) -> None:
    pill = shown.desk.top_bar.pill
    assert pill.accessibleName() == "Outbox: Offline, 2 to send, 1 needs you"
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert isinstance(shown.desk.overlays.current(), OutboxPanel)


def test_a_click_beside_an_overlay_closes_it(shown: Shown) -> None:
    shown.desk.open_palette()
    place = shown.window.mapFromGlobal(shown.desk.mapToGlobal(QPoint(100, 500)))
    target = shown.window.childAt(place)
    assert target is not None
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)
    assert shown.desk.overlays.current() is None


def test_tab_stays_inside_an_overlay(shown: Shown) -> None:
    shown.desk.open_keys()
    sheet = shown.desk.overlays.current()
    assert sheet is not None
    for _ in range(40):
        _press(Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert sheet.isAncestorOf(focused)


def test_f6_goes_round_all_panes(shown: Shown) -> None:
    seen = []
    for _ in range(3):
        _press(Key.Key_F6)
        focused = QApplication.focusWidget()
        assert focused is not None
        panes = (shown.desk.top_bar, shown.desk.rail, shown.desk.pages)
        seen.append(next(i for i, pane in enumerate(panes) if pane.isAncestorOf(focused)))
    assert sorted(seen) == [0, 1, 2]


def test_theme_and_text_size_change_by_key_and_are_kept(
    shown: Shown, settings_file: SettingsFile
) -> None:
    _press(Key.Key_D, CTRL | Qt.KeyboardModifier.ShiftModifier)
    _press(Key.Key_Equal, CTRL)
    assert is_dark()
    assert text_percent() == 110
    assert (settings_file.values.theme, settings_file.values.text_percent) == ("dark", 110)
    assert shown.desk.isVisible()


def test_locking_blanks_the_window_and_silences_the_desk(
    shown: Shown, equipment: Equipment, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(shown.desk.lock_wanted):
        _press(Key.Key_L, CTRL)
    shown.desk.open_palette()
    shown.window.blank()
    assert not shown.desk.isVisible()
    picture = shown.window.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, 600, 7)}
    assert len(colours) == 1
    screen = QWidget()
    screen.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    shown.window.show_unlock(screen)
    _press(Key.Key_A)
    assert shown.done == []
    shown.window.close_desk()
    QApplication.sendPostedEvents(None, 52)
    assert equipment.commands.find("approve") is None


def test_the_windows_size_is_kept(
    shown: Shown, equipment: Equipment, settings_file: SettingsFile, qtbot: QtBot
) -> None:
    # The off-screen screen is 800 px wide, so that a wider window would not come back.
    shown.window.resize(960, 640)
    shown.window.close()
    assert settings_file.values.window
    again = MainWindow(equipment)
    qtbot.addWidget(again)
    assert again.size() == shown.window.size()


def test_a_setting_that_cannot_be_saved_is_told_in_place(
    shown: Shown, settings_file: SettingsFile
) -> None:
    settings_file.save_failed.emit(OSError("disk"))
    assert shown.desk.banner.isVisible()
    assert shown.desk.banner.message.title() == "Your settings could not be saved."


@pytest.mark.parametrize("place", ["desk", "palette", "keys", "outbox"])
def test_everything_has_a_name_and_a_way_by_keyboard(
    shown: Shown,
    find_unnamed: Callable[[QWidget], list[str]],
    find_unreachable: Callable[[QWidget], list[str]],
    place: str,
) -> None:
    root: QWidget = shown.window
    if place != "desk":
        getattr(shown.desk, f"open_{place}")()
        panel = shown.desk.overlays.current()
        assert panel is not None
        root = panel
    assert find_unnamed(root) == []
    assert find_unreachable(root) == []


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut_off(
    shown: Shown,
    equipment: Equipment,
    find_cut_off: Callable[[QWidget], list[str]],
    percent: int,
    direction: Qt.LayoutDirection,
) -> None:
    QApplication.setLayoutDirection(direction)
    equipment.settings.change(text_percent=percent)
    shown.window.resize(1280, 720)
    assert find_cut_off(shown.window) == []
    shown.desk.open_keys()
    assert find_cut_off(shown.window) == []
    shown.desk.open_outbox()
    assert find_cut_off(shown.window) == []


def test_pictures_of_the_desk_can_be_taken(
    shown: Shown, screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    paths = screenshots(shown.window, "desk")
    assert len(paths) == 4
    assert len({path.read_bytes() for path in paths}) == 4
