"""How alerts are heard: now and then while they wait, and insistently once they are escalated."""

from enum import IntEnum
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from trafficdesk.qt.later import later
from trafficdesk.qt.settings import SettingsFile

_EVERY_MS: Final = 4000
_INSISTENT_EVERY_MS: Final = 1500
_STROKES: Final = 3  # of an insistent bell
_STROKE_MS: Final = 180


class Urgency(IntEnum):
    """How much has to be heard."""

    NOTHING = 0
    CALLING = 1
    INSISTENT = 2


class AlertSound(QObject):
    """Sounds until it is told that nothing waits; ``sounded`` at each stroke.

    The sound is the system's own: it needs no sound server of ours, and where there is none the
    screen and the window's mark in the task bar still say it. It has no loudness: what is escalated
    is heard more often, three strokes at a time, and whether or not the setting lets alerts be
    heard.
    """

    sounded = Signal()

    def __init__(self, settings: SettingsFile, of: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._of = of
        self._strokes = 0
        self.urgency = Urgency.NOTHING
        self.bell = QTimer(self)
        self.bell.timeout.connect(self.ring)
        self._again = later(self, _STROKE_MS, self._strike)

    def tell(self, urgency: Urgency) -> None:
        """Say how much has to be heard from now on; what is more urgent is heard at once."""
        before, self.urgency = self.urgency, urgency
        if urgency is Urgency.NOTHING:
            self.end()
        elif urgency is not before:
            is_insistent = urgency is Urgency.INSISTENT
            self.bell.start(_INSISTENT_EVERY_MS if is_insistent else _EVERY_MS)
            if urgency > before:
                self.ring()

    @Slot()
    def end(self) -> None:
        """Be silent."""
        self.urgency = Urgency.NOTHING
        self.bell.stop()
        self._again.stop()

    @Slot()
    def ring(self) -> None:
        """Be heard once, if it may be."""
        is_insistent = self.urgency is Urgency.INSISTENT
        if is_insistent or self._settings.values.alert_sound:
            self._strokes = _STROKES if is_insistent else 1
            QApplication.alert(self._of.window())
            self._strike()

    def _strike(self) -> None:
        QApplication.beep()
        self.sounded.emit()
        self._strokes -= 1
        if self._strokes > 0:
            self._again.start()
