"""Shows an object the keys, or every touch, of all windows without filtering the application.

A filter on the application would be simpler. But QtWebEngine's own objects carry no type
information, PySide asks for it before it calls such a filter, and the program dies. So no Python
object may ever be an event filter of the application.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class KeyWatch(QObject):
    """Filters the widget that has the focus and its window, wherever the focus goes."""

    def __init__(self, seer: QObject) -> None:
        super().__init__(seer)
        self._seer = seer
        self._watched: list[QObject] = []
        self._is_on = False

    def start(self) -> None:
        """Begin; of two that watch, the one that began last is asked first."""
        app = QApplication.instance()
        if self._is_on or not isinstance(app, QApplication):
            return
        self._is_on = True
        app.focusChanged.connect(self._follow_focus)
        app.focusWindowChanged.connect(self._follow_window)
        self._watch(QApplication.focusWidget(), QApplication.activeWindow())

    def stop(self) -> None:
        """Stop."""
        app = QApplication.instance()
        if not self._is_on or not isinstance(app, QApplication):
            return
        self._is_on = False
        app.focusChanged.disconnect(self._follow_focus)
        app.focusWindowChanged.disconnect(self._follow_window)
        self._watch(None, None)

    @Slot("QWidget*", "QWidget*")
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        self._watch(now, QApplication.activeWindow())

    @Slot("QWindow*")
    def _follow_window(self, _window: QWindow | None) -> None:
        self._watch(QApplication.focusWidget(), QApplication.activeWindow())

    def _watch(self, focused: QWidget | None, window: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self._seer)
        wanted = [focused, focused.window() if focused is not None else None, window]
        self._watched = []
        for each in wanted:
            if each is not None and each not in self._watched:
                each.installEventFilter(self._seer)
                self._watched.append(each)


class TouchWatch(QObject):
    """Filters every window of the program, where keys and mouse come in before any widget."""

    def __init__(self, seer: QObject) -> None:
        super().__init__(seer)
        self._seer = seer
        self._watched: list[QWindow] = []
        self._is_on = False

    def start(self) -> None:
        """Begin."""
        app = QGuiApplication.instance()
        if self._is_on or not isinstance(app, QGuiApplication):
            return
        self._is_on = True
        app.focusWindowChanged.connect(self._follow)
        for widget in QApplication.topLevelWidgets():
            self._watch(widget.windowHandle())

    def stop(self) -> None:
        """Stop."""
        app = QGuiApplication.instance()
        if not self._is_on or not isinstance(app, QGuiApplication):
            return
        self._is_on = False
        app.focusWindowChanged.disconnect(self._follow)
        for window in self._watched:
            if isValid(window):
                window.removeEventFilter(self._seer)
        self._watched = []

    @Slot("QWindow*")
    def _follow(self, window: QWindow | None) -> None:
        self._watch(window)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and window not in self._watched:
            window.installEventFilter(self._seer)
            self._watched.append(window)
