"""Commands act by their keys where they hold, say why not, and can be given other keys."""

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.qt.commands import Command, Commands, KeyTaken, shown_key
from trafficdesk.qt.keyboard_places import us_key
from trafficdesk.qt.settings import SettingsFile

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Screen(QWidget):
    """A text field, a button and a plain area, with a log of what was done."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.done: list[str] = []
        self.reason = ""
        self.field, self.button, self.area = QLineEdit(), QPushButton("Press"), QWidget()
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        for widget in (self.field, self.button, self.area):
            column.addWidget(widget)
        self.button.clicked.connect(lambda: self.done.append("pressed"))
        make = self._command
        commands.add(
            [
                make("approve", "A", "review"),
                make("next", "J", "review", repeats=True),
                make("enlarge", "Space", "review"),
                make("palette", "Ctrl+K"),
                make("keys", "?"),
                make("back", "Esc", "review"),
                make("mine", "G, M", "review"),
                make("zoom", "A", "map"),
                make("fault", "F8", refusal=True),
            ],
            owner=self,
        )
        commands.activate("review")

    def _command(
        self,
        name: str,
        key: str,
        context: str = "global",
        *,
        repeats: bool = False,
        refusal: bool = False,
    ) -> Command:
        return Command(
            id=name,
            title=name.title(),
            group="Test",
            handler=lambda: self.done.append(name),
            keys=(key,),
            context=context,
            refusal=(lambda: self.reason) if refusal else None,
            repeats=repeats,
        )


@pytest.fixture
def screen(commands: Commands, qtbot: QtBot) -> Screen:
    made = Screen(commands)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.area.setFocus()
    return made


def test_a_letter_acts_while_no_text_field_has_the_focus(screen: Screen) -> None:
    QTest.keyClick(screen.area, Key.Key_A)
    assert screen.done == ["approve"]


def test_a_letter_typed_into_a_text_field_is_text(screen: Screen) -> None:
    screen.field.setFocus()
    QTest.keyClicks(screen.field, "Ja? 1")
    assert screen.field.text() == "Ja? 1"
    assert screen.done == []


def test_a_key_with_ctrl_acts_in_a_text_field_too(screen: Screen) -> None:
    screen.field.setFocus()
    QTest.keyClick(screen.field, Key.Key_K, CTRL)
    assert screen.done == ["palette"]


def test_a_text_field_keeps_its_own_editing_keys(screen: Screen, commands: Commands) -> None:
    commands.add([screen._command("all", "Ctrl+A")])
    screen.field.setText("TN 37")
    screen.field.setFocus()
    QTest.keyClick(screen.field, Key.Key_A, CTRL)
    assert screen.field.selectedText() == "TN 37"
    assert screen.done == []


def test_escape_leads_out_of_a_text_field(screen: Screen) -> None:
    screen.field.setFocus()
    QTest.keyClick(screen.field, Key.Key_Escape)
    assert screen.done == ["back"]


def test_space_presses_the_button_that_has_the_focus(screen: Screen) -> None:
    screen.button.setFocus()
    QTest.keyClick(screen.button, Key.Key_Space)
    assert screen.done == ["pressed"]
    screen.area.setFocus()
    QTest.keyClick(screen.area, Key.Key_Space)
    assert screen.done == ["pressed", "enlarge"]


def test_a_sign_is_itself_whatever_keys_type_it(screen: Screen) -> None:
    QTest.keyClick(screen.area, Key.Key_Question, SHIFT)
    assert screen.done == ["keys"]


def test_a_letter_with_shift_is_another_key(screen: Screen) -> None:
    QTest.keyClick(screen.area, Key.Key_A, SHIFT)
    assert screen.done == []


def _type(
    screen: Screen,
    text: str,
    scan: int,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    key: int | None = None,
) -> None:
    """Press a key whose layout types ``text``, as X11 tells it."""
    number = ord(text[0]) if key is None else key
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, number, modifiers, scan, 0, 0, text)
        QApplication.sendEvent(screen.area, event)


# What the layouts of Tamil, Hindi (InScript), Russian and Urdu type where a US keyboard has A.
@pytest.mark.parametrize("letter", ["ோ", "ो", "ф", "ش"])
def test_a_letter_of_another_script_counts_by_its_place(screen: Screen, letter: str) -> None:
    _type(screen, letter, 38)
    assert screen.done == ["approve"]


def test_keys_in_a_row_signs_and_ctrl_count_by_their_place_too(screen: Screen) -> None:
    _type(screen, "ப", 42)
    _type(screen, "ம", 58)
    _type(screen, "ய", 61, SHIFT)
    _type(screen, "க", 45, CTRL)
    assert screen.done == ["mine", "keys", "palette"]


def test_several_letters_from_one_key_count_by_its_place(screen: Screen) -> None:
    _type(screen, "க்ஷ", 44, key=int(Key.Key_unknown))
    assert screen.done == ["next"]


def test_a_latin_letter_counts_as_what_it_says_wherever_it_lies(screen: Screen) -> None:
    _type(screen, "a", 24, key=int(Key.Key_A))  # French: A where a US keyboard has Q
    _type(screen, "ö", 38, key=int(Key.Key_Odiaeresis))
    assert screen.done == ["approve"]


def test_a_letter_of_another_script_in_an_unknown_place_does_nothing(screen: Screen) -> None:
    _type(screen, "ோ", 0)
    assert screen.done == []


def test_a_letter_of_another_script_is_text_in_a_text_field(screen: Screen) -> None:
    screen.field.setFocus()
    event = QKeyEvent(QEvent.Type.KeyPress, 0x0B85, Qt.KeyboardModifier.NoModifier, 38, 0, 0, "அ")
    QApplication.sendEvent(screen.field, event)
    assert screen.done == []
    assert screen.field.text() == "அ"


@pytest.mark.parametrize(
    ("platform", "scan", "virtual", "sign"),
    [
        ("windows", 30, 0x41, "A"),
        ("windows", 53, 0xBF, "/"),
        ("windows", 0x135, 0, ""),
        ("cocoa", 0, 0, "A"),
        ("cocoa", 44, 44, "/"),
        ("xcb", 38, 0x0B85, "A"),
        ("wayland", 61, 0x0B85, "/"),
        ("xcb", 9, 0, ""),
    ],
)
def test_places_are_known_on_every_system(
    platform: str, scan: int, virtual: int, sign: str
) -> None:
    event = QKeyEvent(
        QEvent.Type.KeyPress, 0x0B85, Qt.KeyboardModifier.NoModifier, scan, virtual, 0, "அ"
    )
    assert us_key(event, platform) == (ord(sign) if sign else 0)


def test_two_keys_one_after_the_other_are_one_command(screen: Screen) -> None:
    QTest.keyClick(screen.area, Key.Key_G)
    QTest.keyClick(screen.area, Key.Key_M)
    assert screen.done == ["mine"]
    QTest.keyClick(screen.area, Key.Key_G)
    QTest.keyClick(screen.area, Key.Key_A)
    QTest.keyClick(screen.area, Key.Key_A)
    assert screen.done == ["mine", "approve"], "a wrong second key ends the pair"


def test_only_the_workspace_on_screen_hears_its_keys(screen: Screen, commands: Commands) -> None:
    commands.activate("map")
    QTest.keyClick(screen.area, Key.Key_A)
    QTest.keyClick(screen.area, Key.Key_J)
    assert screen.done == ["zoom"]


def test_under_an_overlay_nothing_else_acts(screen: Screen, commands: Commands) -> None:
    commands.push_overlay("unlock")
    for key, modifier in ((Key.Key_A, Qt.KeyboardModifier.NoModifier), (Key.Key_K, CTRL)):
        QTest.keyClick(screen.area, key, modifier)
    assert screen.done == []
    commands.pop_overlay("unlock")
    QTest.keyClick(screen.area, Key.Key_A)
    assert screen.done == ["approve"]


def test_a_command_that_cannot_be_done_says_why(screen: Screen, commands: Commands) -> None:
    told: list[str] = []
    commands.refused.connect(lambda _command, reason: told.append(reason))
    screen.reason = "3 fields left"
    assert not commands.run("fault")
    assert (told, screen.done) == (["3 fields left"], [])
    assert not commands.get("fault").is_enabled
    screen.reason = ""
    assert commands.run("fault")
    assert screen.done == ["fault"]


def test_another_key_is_kept_in_the_settings(
    screen: Screen, commands: Commands, settings_file: SettingsFile
) -> None:
    assert commands.remap("approve", ("Y",)) is None
    QTest.keyClick(screen.area, Key.Key_A)
    QTest.keyClick(screen.area, Key.Key_Y)
    assert screen.done == ["approve"]
    assert settings_file.values.keys == {"approve": ("Y",)}
    assert commands.remap("approve", ("A",)) is None
    assert settings_file.values.keys == {}, "a default key needs no entry"


@pytest.mark.parametrize(
    ("command", "key", "holder"),
    [
        ("approve", "J", "next"),
        ("approve", "Ctrl+K", "palette"),
        ("palette", "A", "approve"),
        ("approve", "G", "mine"),
        ("approve", "G, M, A", "mine"),
    ],
)
def test_a_key_that_is_taken_where_both_could_act_is_refused(
    screen: Screen, commands: Commands, command: str, key: str, holder: str
) -> None:
    before = commands.keys_of(command)
    taken = commands.remap(command, (key,))
    assert isinstance(taken, KeyTaken)
    assert taken.by.id == holder
    assert commands.keys_of(command) == before
    assert screen.done == []


def test_two_workspaces_may_have_the_same_key(screen: Screen, commands: Commands) -> None:
    assert commands.remap("zoom", ("J",)) is None
    assert commands.remap("next", ("J",)) is None
    assert screen.done == []


def test_commands_go_with_their_screen(commands: Commands) -> None:
    screen = Screen(commands)
    assert commands.find("approve") is not None
    shiboken6.delete(screen)
    assert commands.all() == []


def test_a_screen_made_anew_takes_its_commands_over(commands: Commands) -> None:
    done: list[str] = []
    old, new = QObject(), QObject()
    command = Command("go", "Go", "Test", lambda: done.append("old"))
    commands.add([command], owner=old)
    commands.add([Command("go", "Go", "Test", lambda: done.append("new"))], owner=new)
    shiboken6.delete(old)
    assert commands.run("go")
    assert done == ["new"]
    shiboken6.delete(new)
    assert commands.find("go") is None


def test_one_name_stands_for_one_command(commands: Commands) -> None:
    command = Command("go", "Go", "Test", lambda: None)
    with pytest.raises(ValueError, match="twice"):
        commands.add([command, command])


@pytest.mark.parametrize(
    ("key", "caps"),
    [
        ("A", ("A",)),
        ("Ctrl+K", ("Ctrl K",)),
        ("Ctrl+Shift+D", ("Ctrl Shift D",)),
        ("G, M", ("G", "M")),
        ("Ctrl++", ("Ctrl +",)),
        ("", ()),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_keys_are_shown_as_people_read_them(key: str, caps: tuple[str, ...]) -> None:
    assert shown_key(key) == caps
