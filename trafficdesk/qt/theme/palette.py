"""The look that holds now: theme, text size, density; read at paint time, changed at run time."""

from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from trafficdesk.qt.theme.tokens import DARK, LIGHT


class ThemeChoice(StrEnum):
    """What an officer may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """How tall rows are."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class _Now:
    """The values in force; only ``Appearance`` changes them."""

    tokens: dict[str, str] = LIGHT
    colours: Final[dict[str, QColor]] = {}
    percent: int = 100
    density: Density = Density.COMFORTABLE


def colour(token: str) -> QColor:
    """Return the colour of a token in the theme that holds now. Raises ``KeyError``."""
    found = _Now.colours.get(token)
    if found is None:
        found = _Now.colours[token] = QColor(_Now.tokens[token])
    return found


def px(length_px: float) -> int:
    """Return a length of the 4 px grid at the text scale that holds now."""
    return round(length_px * _Now.percent / 100)


def text_percent() -> int:
    """Return the text scale, 100 to 150."""
    return _Now.percent


def density() -> Density:
    """Return how tall rows are now."""
    return _Now.density


def is_dark() -> bool:
    """Tell whether the dark theme holds."""
    return _Now.tokens is DARK


@runtime_checkable
class Restyled(Protocol):
    """A widget that keeps fonts, sizes or colours in Qt's own properties and sets them anew."""

    def restyle(self) -> None:
        """Take fonts, sizes and colours from the look that holds now."""


class Appearance(QObject):
    """Switches theme, text size and density of the whole application at once."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = ThemeChoice.SYSTEM
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> ThemeChoice:
        """What the officer chose; ``is_dark`` tells what came of it."""
        return self._choice

    def apply(self, choice: ThemeChoice, percent: int, rows: Density) -> None:
        """Put a look in force and repaint every window."""
        self._choice = choice
        _Now.tokens = DARK if self._wants_dark() else LIGHT
        _Now.percent = max(100, min(150, percent))
        _Now.density = rows
        self._put_in_force()

    @Slot()
    def _follow_system(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self.apply(self._choice, _Now.percent, _Now.density)

    def _wants_dark(self) -> bool:
        if self._choice is ThemeChoice.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._choice is ThemeChoice.DARK

    def _put_in_force(self) -> None:
        from trafficdesk.qt.theme.fonts import font

        _Now.colours.clear()
        QApplication.setPalette(_qt_palette())
        QApplication.setFont(font(13))
        for widget in QApplication.allWidgets():
            if isinstance(widget, Restyled):
                widget.restyle()
            widget.update()
        self.changed.emit()


def _qt_palette() -> QPalette:
    """Return the tokens in the roles that Qt's own widgets read."""
    palette = QPalette()
    role = QPalette.ColorRole
    for each, token in (
        (role.Window, "bg"),
        (role.Base, "surface"),
        (role.AlternateBase, "surface2"),
        (role.Button, "surface"),
        (role.ToolTipBase, "inv"),
        (role.ToolTipText, "inv_text"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.PlaceholderText, "text3"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.Accent, "accent"),
        (role.Mid, "line2"),
        (role.Light, "line"),
        (role.Midlight, "line"),
        (role.Dark, "line2"),
    ):
        palette.setColor(each, colour(token))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, colour("text3"))
    return palette
