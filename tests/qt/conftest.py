"""What tests of screens share: the look, lanes, commands, and walkers over widgets."""

import gc
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import PySide6
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, QRect, QSize, Qt, QTranslator
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.qt.counted_lanes import CountedLanes
from trafficdesk.journal import Journal
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.keyboard import Keyboard
from trafficdesk.qt.plurals import load_plurals
from trafficdesk.qt.pseudo import CLOSE, OPEN, PseudoTranslator
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.theme.fonts import load_fonts
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import ElidedLabel, KeycapLabel

SIZES = (QSize(1280, 720), QSize(1920, 1080))
INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
_KEYS = re.compile(
    r"\b(Ctrl|Alt|Shift|Meta|Enter|Return|Esc|Space|Tab|Backspace|Del|Delete|Up|Down|Left|Right"
    r"|PgUp|PgDown|Home|End|F\d{1,2}|[A-Z])\b"
)
_FORM_KEYS = {"Enter", "Ctrl Enter", "Esc"}  # of forms, whoever has the keyboard there
CUT = "\N{HORIZONTAL ELLIPSIS}"
_BRACKETED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def _end(translator: QTranslator) -> None:
    """Destroy a translator now.

    Left to the garbage collector it may be destroyed while another translator, written in Python,
    is being asked: Qt then waits for a lock that the same thread holds.
    """
    QCoreApplication.removeTranslator(translator)
    shiboken6.delete(translator)


def _destroy_windows(kept: list[QWidget]) -> None:
    """Destroy what has no parent and is not among ``kept``.

    A part that was never shown waits for the garbage collector; meanwhile every look would be put
    in force on the parts of all tests before.
    """
    for widget in QApplication.topLevelWidgets():
        if widget.parent() is None and widget not in kept:
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """Give every test of a screen the desk's own light look at 100 %.

    As at a desk, Python does not collect garbage inside a call of Qt; here, between two tests.
    """
    gc.disable()
    qapp.setStyle("Fusion")
    load_fonts()
    kept = QApplication.topLevelWidgets()
    look = Appearance()
    look.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    plurals = load_plurals()
    QCoreApplication.installTranslator(plurals)
    yield look
    _destroy_windows(kept)
    _end(plurals)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    look.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    gc.enable()


@pytest.fixture
def windows_shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the kinds of widgets that are shown as windows of their own from now on."""
    seen: list[str] = []
    set_really = QWidget.setVisible

    def show(widget: QWidget) -> None:
        set_visible(widget, visible=True)

    def set_visible(widget: QWidget, visible: bool) -> None:  # noqa: FBT001 - Qt's own signature
        if visible and widget.isWindow():
            seen.append(type(widget).__name__)
        set_really(widget, visible)

    monkeypatch.setattr(QWidget, "show", show)
    monkeypatch.setattr(QWidget, "setVisible", set_visible)
    return seen


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    """Return settings in an empty folder."""
    return SettingsFile(tmp_path / "settings.json")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Return a journal in an empty folder; its thread is joined afterwards."""
    kept = Journal(tmp_path / "journal.log")
    yield kept
    kept.close()


@pytest.fixture
def lanes(appearance: Appearance) -> Iterator[CountedLanes]:
    """Return running lanes; their threads are joined afterwards."""
    running = CountedLanes(appearance)
    yield running
    running.shut_down()


@pytest.fixture
def commands(settings_file: SettingsFile) -> Iterator[Commands]:
    """Return a registry whose keys act on the application."""
    registry = Commands(settings_file)
    keyboard = Keyboard(registry)
    keyboard.install()
    yield registry
    keyboard.remove()


def _shown(root: QWidget, kinds: type | tuple[type, ...] = QWidget) -> list[QWidget]:
    every = [root, *root.findChildren(QWidget)]
    return [w for w in every if isinstance(w, kinds) and w.isVisible()]


def _settle() -> None:
    """Let nested layouts pass their sizes upwards, one level a round."""
    for _ in range(4):
        QApplication.processEvents()


def _is_inner(widget: QWidget) -> bool:
    """Tell whether Qt itself put this widget inside another (a spin box's line, a clear button)."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractSpinBox)


@pytest.fixture
def find_unnamed() -> Callable[[QWidget], list[str]]:
    """Return a walker that lists visible interactive widgets without an accessible name."""

    def walk(root: QWidget) -> list[str]:
        faults = []
        for widget in _shown(root, INTERACTIVE):
            name = widget.accessibleName()
            if not name and isinstance(widget, QAbstractButton):
                name = widget.text()
            if not name.strip() and not _is_inner(widget):
                faults.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
        return faults

    return walk


@pytest.fixture
def find_unreachable() -> Callable[[QWidget], list[str]]:
    """Return a walker that lists visible enabled interactive widgets that Tab never reaches.

    A widget marked ``setProperty("has_command", True)`` is reached by its command's key instead.
    """

    def walk(root: QWidget) -> list[str]:
        reached = {root.focusProxy() or root}
        widget = root.nextInFocusChain()
        while widget is not None and widget is not root:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                reached.add(widget)
            widget = widget.nextInFocusChain()
        return [
            f"{type(w).__name__} {w.accessibleName()!r}"
            for w in _shown(root, INTERACTIVE)
            if w.isEnabled()
            and w not in reached
            and not _is_inner(w)
            and not w.property("has_command")
        ]

    return walk


@pytest.fixture
def find_cut_off() -> Callable[[QWidget], list[str]]:
    """Return a walker that lists words that do not fit their widget or leave the window.

    Text made to be elided is left out; what lies in a scroll area may lie outside its view.
    """

    def walk(root: QWidget) -> list[str]:
        _settle()
        faults = []
        for widget in _shown(root, (QLabel, QAbstractButton)):
            if isinstance(widget, ElidedLabel) or not _words(widget):
                continue
            needed = widget.sizeHint()
            is_wrapped = isinstance(widget, QLabel) and widget.wordWrap()
            height = widget.heightForWidth(widget.width()) if is_wrapped else needed.height()
            is_narrow = not is_wrapped and widget.width() < needed.width() - 1
            if is_narrow or widget.height() < height - 1:
                faults.append(f"{_words(widget)!r} {widget.size().toTuple()} < {needed.toTuple()}")
            if _leaves(widget, root):
                faults.append(f"{_words(widget)!r} leaves {type(widget.parent()).__name__}")
        return faults

    return walk


def _leaves(widget: QWidget, root: QWidget) -> bool:
    """Tell whether some of a widget lies outside a parent, up to what is scrolled."""
    inner = widget
    while inner is not root and (parent := inner.parentWidget()) is not None:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return False
        box = QRect(widget.mapTo(parent, QPoint()), widget.size())
        if not parent.rect().contains(box):
            return True
        inner = parent
    return False


@pytest.fixture
def find_stray_keys(commands: Commands) -> Callable[[QWidget], list[str]]:
    """Return a walker that lists keys that stand on widgets, shown or not, and no command has."""

    def walk(root: QWidget) -> list[str]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        own = {commands.first_key(command.id) for command in commands.all()}
        every = [root, *root.findChildren(QWidget)]
        keys = {(type(w).__name__, key) for w in every for key in _keys_on(w)}
        return sorted(f"{kind}: {key}" for kind, key in keys if key not in own | _FORM_KEYS)

    return walk


def _keys_on(widget: QWidget) -> set[str]:
    in_tooltip = re.search(r"  \((.+)\)$", widget.toolTip().split("\n", 1)[0])
    on_cap = widget.key() if isinstance(widget, ActionButton | KeycapLabel) else ""
    return {on_cap, in_tooltip[1] if in_tooltip else ""} - {""}


def _words(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _texts(widget: QWidget) -> list[str]:
    texts = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    texts += [_words(widget)]
    if isinstance(widget, ElidedLabel):
        texts.append(widget.text())
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        texts.append(widget.placeholderText())
    texts += [a.text() for a in widget.actions() if isinstance(a, QAction)]
    return texts


@pytest.fixture(scope="session")
def words_of_threads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the words that Qt's image reader asks for in whatever thread reads an image."""
    source = tmp_path_factory.mktemp("words") / "image-reader.ts"
    told = "<source>Unknown error</source><translation>Unknown error</translation>"
    source.write_text(
        '<TS version="2.1" language="en"><context><name>QImageReader</name>'
        f"<message>{told}</message></context></TS>"
    )
    target = source.with_suffix(".qm")
    tool = Path(PySide6.__file__).parent / "lrelease"
    subprocess.run([tool, "-silent", source, "-qm", target], check=True)
    return target


@pytest.fixture
def pseudo_locale(words_of_threads: Path) -> Iterator[PseudoTranslator]:
    """Put the made-up language in force before a screen is made.

    It is written in Python. A thread that reads a photo would ask it while holding a lock of Qt,
    and wait for Python's lock, which another reader of photos holds and waits for Qt's: what
    those threads ask for is answered before it comes to that.
    """
    translator, compiled = PseudoTranslator(), QTranslator()
    assert compiled.load(str(words_of_threads))
    for each in (translator, compiled):  # the last one is asked first
        QCoreApplication.installTranslator(each)
    yield translator
    for each in (compiled, translator):
        _end(each)


def _without_data(text: str, data: tuple[str, ...]) -> str:
    """Return a text without names of people and places, the last of them perhaps cut short."""
    rest = text
    for each in sorted(data, key=len, reverse=True):
        rest = rest.replace(each, " ")
    if not rest.endswith(CUT):
        return rest
    starts = [each[:size] + CUT for each in data for size in range(len(each), 2, -1)]
    return rest.removesuffix(next((start for start in starts if rest.endswith(start)), ""))


def _calendar() -> tuple[str, ...]:
    """Return the short names of days and months, which the system's language gives."""
    names, short = QLocale(), QLocale.FormatType.ShortFormat
    days = [names.dayName(n, short) for n in range(1, 8)]
    return (*days, *(names.monthName(n, short) for n in range(1, 13)))


def _painted(root: QWidget) -> list[str]:
    """Return every text that widgets paint themselves, as far as they show it."""
    drawn: list[str] = []
    draw_really = QPainter.drawText

    def draw_text(painter: QPainter, *told: Any) -> Any:  # noqa: ANN401 - any of Qt's signatures
        drawn.extend(each for each in told if isinstance(each, str))
        return draw_really(painter, *told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", draw_text)
        root.grab()
    return drawn


def _outside_brackets(text: str) -> str:
    """Return what did not pass translation; one sentence may stand inside another."""
    if text.endswith(CUT):
        text += CLOSE * (text.count(OPEN) - text.count(CLOSE))
    rest, before = text, ""
    while rest != before:
        rest, before = _BRACKETED.sub(" ", rest), rest
    return rest


@pytest.fixture
def find_untranslated() -> Callable[..., list[str]]:
    """Return a walker that lists visible or painted words that did not pass translation.

    To be used with ``pseudo_locale``; ``data`` are texts that are no sentences of the product
    (names of people and places, plates, references).
    """

    def walk(root: QWidget, data: tuple[str, ...] = ()) -> list[str]:
        said = {(type(w).__name__, text) for w in _shown(root) for text in _texts(w)}
        said |= {("painted", text) for text in _painted(root)}
        faults = []
        for where, text in said:
            rest = _without_data(_outside_brackets(text), (*data, *_calendar()))
            if re.search(r"[^\W\d_]{2,}", _KEYS.sub(" ", rest)):
                faults.append(f"{where}: {text!r}")
        return sorted(faults)

    return walk


@pytest.fixture
def screenshots(tmp_path: Path, appearance: Appearance) -> Callable[[QWidget, str], list[Path]]:
    """Return a camera: pictures of a widget in both themes and sizes, under ``tmp_path``."""

    def shoot(widget: QWidget, name: str) -> list[Path]:
        paths = []
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            appearance.apply(choice, 100, Density.COMFORTABLE)
            for size in SIZES:
                widget.resize(size)
                _settle()
                path = tmp_path / f"{name}-{choice}-{size.width()}.png"
                assert widget.grab().save(str(path))
                paths.append(path)
        return paths

    return shoot
