"""Hands and eyes of the tour: keys, clicks, waiting for what must come, numbered pictures."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_S: Final = 60.0
SETTLE_S: Final = 0.35


class TourFault(Exception):  # noqa: N818 - a fault of the tour, told as a sentence
    """What the tour waited for did not come."""


@dataclass(slots=True)
class Walk:
    """One walk through a window; ``lines`` become the summary, ``shots`` the list of pictures."""

    window: QWidget
    folder: Path
    lines: list[str] = field(default_factory=list)
    shots: list[Path] = field(default_factory=list)

    def take_keyboard(self) -> None:
        """Make the window the one that keys go to. Raises ``TourFault``."""

        def is_active() -> bool:
            # A request made before the window is on screen is forgotten: ask until it is heard.
            self.window.activateWindow()
            return self.window.isActiveWindow()

        self.wait(is_active, "the window to become active")

    def say(self, line: str) -> None:
        """Note what was done."""
        self.lines.append(line)

    def press(self, keys: str) -> None:
        """Press a key as the keyboard would, such as ``A`` or ``Ctrl+K``."""
        self.take_keyboard()
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(keys))

    def type(self, text: str) -> None:
        """Type text into what has the focus."""
        self.take_keyboard()
        self.wait(QApplication.focusWidget, f"something to type {len(text)} letters into")
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget with the mouse, in its middle unless told otherwise."""
        where = at or widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    def wait(self, until: Callable[[], object], what: str) -> None:
        """Let the program work until something holds. Raises ``TourFault``."""
        end = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > end:
                raise TourFault(f"waited {PATIENCE_S:.0f} s in vain for {what}")
            QTest.qWait(10)

    def settle(self, seconds: float = SETTLE_S) -> None:
        """Let what is under way (pictures, layouts) come to rest."""
        QTest.qWait(round(seconds * 1000))

    def resize(self, size: QSize) -> None:
        """Give the window a size and let its layout follow."""
        self.window.resize(size)
        self.settle()

    def shoot(self, name: str) -> Path:
        """Take a numbered picture of the window."""
        self.settle()
        self.window.grab()  # the first grab settles layouts
        self.settle(0.05)
        path = self.folder / f"{len(self.shots) + 1:02d}-{name}.png"
        if not self.window.grab().save(str(path)):
            raise TourFault(f"the picture {path.name} could not be written")
        self.shots.append(path)
        return path
