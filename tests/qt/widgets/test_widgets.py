"""The small widgets do their one thing by mouse and by keyboard, and say their name."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice, colour
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.choices import CheckRow, Choice, Toggle
from trafficdesk.qt.widgets.facts import EvidenceBar, PlateView, SeverityTag
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel, Label, SyncMark
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.widgets.messages import EmptyState, InlineMessage
from trafficdesk.qt.widgets.panels import ProgressRow, ScrollPanel, StackedPage
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip
from trafficdesk.qt.widgets.timeline import TimelineRow, TimelineView
from trafficdesk.qt.widgets.toast import Toast

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., QWidget]:
    """Return a way to put widgets on screen together."""
    windows: list[QWidget] = []

    def put(*widgets: QWidget) -> QWidget:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        window.resize(480, 360)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return put


def test_a_disabled_button_says_why(show: Callable[..., QWidget]) -> None:
    button = ActionButton("Cite", "C", Kind.PRIMARY)
    clicked: list[bool] = []
    button.clicked.connect(lambda: clicked.append(True))
    show(button)
    button.set_refusal("3 fields left")
    QTest.mouseClick(button, LEFT)
    assert clicked == []
    assert "3 fields left" in button.toolTip()
    assert button.accessibleDescription() == "3 fields left"
    button.set_refusal("")
    QTest.mouseClick(button, LEFT)
    assert len(clicked) == 1


def test_a_button_shows_its_key_in_its_tooltip() -> None:
    assert "(A)" in ActionButton("Approve", "A").toolTip()
    assert IconButton("copy", "Copy", "C").toolTip() == "Copy  (C)"
    assert IconButton("copy", "Copy", "C").accessibleName() == "Copy"


def test_the_focus_ring_lies_inside_the_control(show: Callable[..., QWidget]) -> None:
    button, other = ActionButton("Reject", "R"), ActionButton("Other")
    show(button, other)
    other.setFocus()
    before = button.grab().toImage().pixelColor(button.width() // 2, 1)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    after = button.grab().toImage().pixelColor(button.width() // 2, 1)
    assert after == colour("accent")
    assert before != after


@pytest.mark.parametrize("how", ["cross", "delete"])
def test_a_filter_is_removed_by_its_cross_or_by_delete(
    show: Callable[..., QWidget], how: str
) -> None:
    chip = Chip("Today", is_removable=True)
    removed: list[str] = []
    clicked: list[str] = []
    chip.removed.connect(lambda: removed.append("x"))
    chip.clicked.connect(lambda: clicked.append("x"))
    show(chip)
    if how == "cross":
        QTest.mouseClick(chip, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(chip.width() - 8, 12))
    else:
        chip.setFocus()
        QTest.keyClick(chip, Key.Key_Delete)
    assert (removed, clicked) == (["x"], [])


def test_the_rest_of_a_filter_opens_it(show: Callable[..., QWidget]) -> None:
    chip = Chip("Today", is_removable=True)
    clicked: list[str] = []
    chip.clicked.connect(lambda: clicked.append("x"))
    show(chip)
    QTest.mouseClick(chip, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(10, 12))
    assert clicked == ["x"]


def test_tabs_open_by_click_and_by_arrow_and_keep_the_open_one(
    show: Callable[..., QWidget],
) -> None:
    tabs = (
        Tab("new", "Unassigned", "Alt 1"),
        Tab("mine", "Mine", "Alt 2"),
        Tab("more", "Needs info"),
    )
    strip = TabStrip(tabs)
    opened: list[str] = []
    strip.opened.connect(opened.append)
    show(strip)
    assert (strip.open_id(), opened) == ("new", [])
    strip.setFocus()
    QTest.keyClick(strip, Key.Key_Right)
    assert (strip.open_id(), opened) == ("mine", ["mine"])
    strip.set_count("mine", "6")
    strip.set_tabs((*tabs, Tab("saved", "My search")))
    assert strip.open_id() == "mine"
    QTest.keyClick(strip, Key.Key_Left)
    assert opened == ["mine", "new"]


def test_arrows_follow_the_reading_direction(
    show: Callable[..., QWidget], qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    strip = TabStrip((Tab("new", "Unassigned"), Tab("mine", "Mine")))
    show(strip)
    QTest.keyClick(strip, Key.Key_Left)
    assert strip.open_id() == "mine"


def test_a_count_is_read_with_its_tab(show: Callable[..., QWidget]) -> None:
    strip = TabStrip((Tab("new", "Unassigned"),))
    show(strip)
    strip.set_count("new", "47")
    names = [w.accessibleName() for w in strip.findChildren(QWidget) if w.accessibleName()]
    assert names == ["Unassigned 47"]


def test_an_error_stands_below_its_field_until_it_is_edited(show: Callable[..., QWidget]) -> None:
    field = InputField("Plate")
    show(field)
    field.set_error("Write it as TN 37 BZ 4412.")
    assert field.error.isVisible()
    assert field.edit.accessibleDescription() == "Write it as TN 37 BZ 4412."
    QTest.keyClicks(field.edit, "T")
    assert not field.error.isVisible()


def test_a_password_is_never_shown_or_suggested() -> None:
    field = InputField("Password").hide_text()
    assert field.edit.echoMode() is field.edit.EchoMode.Password
    assert field.edit.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData


def test_check_and_toggle_switch_by_space_and_by_click(show: Callable[..., QWidget]) -> None:
    for widget in (CheckRow("Only my station"), Toggle("Follow the system")):
        show(widget)
        widget.setFocus()
        QTest.keyClick(widget, Key.Key_Space)
        assert widget.isChecked()
        QTest.mouseClick(
            widget, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(widget.width() - 4, 8)
        )
        assert not widget.isChecked()


def test_a_choice_tells_what_was_picked(show: Callable[..., QWidget]) -> None:
    choice = Choice("Theme", (("light", "Light"), ("dark", "Dark")))
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    show(choice)
    choice.choose("light")
    button = next(w for w in choice.findChildren(QWidget) if w.accessibleName() == "Theme: Dark")
    QTest.mouseClick(button, LEFT)
    assert (choice.chosen_id(), chosen) == ("dark", ["dark"])


def test_a_menu_runs_what_is_chosen_and_nothing_that_is_refused(qtbot: QtBot) -> None:
    done: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = Menu(
        (
            MenuItem("Newest", lambda: done.append("newest"), "N"),
            None,
            MenuItem("Assign", lambda: done.append("assign"), refusal="Not yours"),
        ),
        parent,
    )
    menu.actions()[0].trigger()
    menu.actions()[2].trigger()
    assert done == ["newest"]
    assert menu.actions()[2].toolTip() == "Not yours"
    assert menu.sizeHint().height() >= 2 * 32


def test_a_toast_offers_undo_once_and_then_goes(show: Callable[..., QWidget]) -> None:
    toast = Toast("Z")
    undone: list[str] = []
    toast.undone.connect(lambda: undone.append("x"))
    show(toast)
    toast.tell("Approved", "CBE-2026-000122")
    assert toast.isVisible()
    assert toast.accessibleName() == "Approved CBE-2026-000122"
    button = toast.findChild(QWidget)
    assert button is not None
    QTest.mouseClick(button, LEFT)
    assert undone == ["x"]
    assert not toast.isVisible()


def test_a_toast_goes_when_its_time_is_up(
    show: Callable[..., QWidget], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    toast = Toast()
    monkeypatch.setattr(toast, "_shown_ms", 30)
    show(toast)
    with qtbot.waitSignal(toast.expired):
        toast.tell("Approved")
    assert not toast.isVisible()


def test_severity_and_sync_are_said_in_words() -> None:
    assert SeverityTag(Severity.CRITICAL).accessibleName() == "Critical"
    assert SyncMark(SyncState.NOT_SENT).accessibleName() == "Not sent"
    assert EvidenceBar(92).accessibleName() == "Evidence 92 of 100"
    assert PlateView("TN 37 BZ 4412").accessibleName() == "TN 37 BZ 4412"


def test_a_low_score_borrows_no_severitys_colour(qtbot: QtBot) -> None:
    bar = EvidenceBar(40, 40, 8)
    qtbot.addWidget(bar)
    bar.resize(40, 8)
    inks = {bar.grab().toImage().pixelColor(x, 4).name() for x in range(2, 38)}
    forbidden = {colour(name).name() for name in ("critical", "severe", "moderate", "minor")}
    assert inks & forbidden == set()


def test_a_timeline_ends_each_line_with_the_word_of_its_mark(show: Callable[..., QWidget]) -> None:
    view = TimelineView()
    show(view)
    view.set_rows(
        (
            TimelineRow("20:47", "You opened it", "held on this desk", SyncState.NOT_SENT),
            TimelineRow("17:43", "Citizen sent it", "4 files", SyncState.CONFIRMED),
        )
    )
    names = [w.accessibleName() for w in view.findChildren(QWidget)]
    assert names == [
        "20:47, You opened it, held on this desk · Not sent",
        "17:43, Citizen sent it, 4 files · Confirmed",
    ]


def test_messages_have_one_action(show: Callable[..., QWidget]) -> None:
    acted: list[str] = []
    message, empty = InlineMessage(), EmptyState("No reports here", "", "Clear filters", "Esc")
    message.acted.connect(lambda: acted.append("again"))
    empty.acted.connect(lambda: acted.append("clear"))
    show(message, empty)
    assert not message.isVisible()
    message.tell("The photo could not be read.", "Your decision is safe.", "Try again")
    for root in (message, empty):
        QTest.mouseClick(root.findChildren(ActionButton)[0], LEFT)
    assert acted == ["again", "clear"]
    assert message.accessibleName() == "The photo could not be read. Your decision is safe."


def test_a_cut_label_keeps_its_whole_text_for_the_ear() -> None:
    label = ElidedLabel("Gandhipuram signal, Cross Cut Road, northbound")
    label.resize(40, 18)
    assert label.accessibleName() == "Gandhipuram signal, Cross Cut Road, northbound"


def test_labels_stand_at_the_leading_edge_in_both_directions(
    show: Callable[..., QWidget], qapp: QApplication
) -> None:
    label = Label("Plate")
    window = show(label)
    window.grab()
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert label.alignment() & Qt.AlignmentFlag.AlignRight


def test_pages_keep_their_state_while_another_shows(show: Callable[..., QWidget]) -> None:
    pages, first, second = StackedPage(), InputField("One"), InputField("Two")
    show(pages)
    pages.show_page(first)
    first.set_text("typed")
    pages.show_page(second)
    assert not first.isVisible()
    pages.show_page(first)
    assert first.text() == "typed"
    assert pages.count() == 2


def test_progress_is_said_and_can_be_cancelled(show: Callable[..., QWidget]) -> None:
    row = ProgressRow()
    cancelled: list[str] = []
    row.cancelled.connect(lambda: cancelled.append("x"))
    show(row)
    row.tell("Reading row 12 of 50", 0.24)
    assert "24%" in [label.text() for label in row.findChildren(Label)]
    QTest.mouseClick(row.findChildren(ActionButton)[0], LEFT)
    assert cancelled == ["x"]
    row.tell("Writing")
    row.hide()


def test_scroll_bars_hide_until_used(show: Callable[..., QWidget], qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    for number in range(40):
        column.addWidget(Label(f"Row {number}"))
    panel = ScrollPanel(content)
    window = show(panel)
    window.grab()
    bar = next(w for w in panel.children() if type(w).__name__ == "ThinScrollBar")
    assert isinstance(bar, QWidget)
    bar.hide()
    panel.verticalScrollBar().setValue(30)
    assert bar.isVisible()
    QTest.mouseClick(bar, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(5, bar.height() - 4))
    assert panel.verticalScrollBar().value() > 100
    qtbot.waitUntil(lambda: not bar.isVisible())


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_is_cut_off_at_any_text_size(
    show: Callable[..., QWidget],
    find_cut_off: Callable[[QWidget], list[str]],
    appearance: Appearance,
    percent: int,
    direction: Qt.LayoutDirection,
) -> None:
    QApplication.setLayoutDirection(direction)
    field = InputField("Password")
    window = show(
        ActionButton("Approve", "A", Kind.PRIMARY),
        Chip("Score 30+", is_removable=True),
        TabStrip((Tab("new", "Unassigned"), Tab("mine", "Mine"))),
        field,
        CheckRow("Only my station"),
        Choice("Theme", (("light", "Light"), ("dark", "Dark"))),
    )
    field.set_error("This is not the password. Two tries are left before the desk locks.")
    appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
    window.resize(640, 600)
    assert find_cut_off(window) == []


def test_the_walker_finds_words_that_are_cut_or_leave_their_place(
    qtbot: QtBot, find_cut_off: Callable[[QWidget], list[str]]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 100)
    whole, cut, gone = (Label(words) for words in ("Whole", "Cut", "Gone"))
    for label in (whole, cut, gone):
        label.setParent(window)
        label.adjustSize()
    cut.resize(8, cut.height())
    gone.move(280, 0)
    window.show()
    faults = find_cut_off(window)
    assert [fault.split()[0] for fault in faults] == ["'Cut'", "'Gone'"]
