"""Reminds a crew that is out to say that it is well, before it is overdue."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from trafficdesk.qt.ages import clock
from trafficdesk.qt.own_unit.welfare_strip import WelfareStrip
from trafficdesk.qt.own_unit.words import say
from trafficdesk.services.own_unit import OwnUnit
from trafficdesk.services.session import Session

REMIND_BEFORE: Final = timedelta(minutes=5)
_TICK_MS: Final = 5_000


class Welfare(QObject):
    """Fills the strip; ``due`` once when the crew is asked, and once more when it is overdue."""

    due = Signal()

    def __init__(
        self, session: Session, strip: WelfareStrip, zone: ZoneInfo, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._zone = zone
        self._found: OwnUnit | None = None
        self.strip = strip
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self.look)

    def tell(self, found: OwnUnit | None) -> None:
        """Follow another unit, or what became of it."""
        self._found = found
        if found is None or found.welfare_due_at is None:
            self._clock.stop()
        else:
            self._clock.start()
        self.look()

    @Slot()
    def end(self) -> None:
        """Ask no more: the desk is locked."""
        self._clock.stop()

    @Slot()
    def look(self) -> None:
        """Ask, if it is time."""
        found = self._found
        due_at = None if found is None else found.welfare_due_at
        now = self._session.lease_clock()
        if found is None or due_at is None or now < due_at - REMIND_BEFORE:
            self.strip.hide()
            return
        is_late = now >= due_at
        words = (
            say("{unit} is overdue since {time}. Is the crew well?")
            if is_late
            else say("{unit}: is the crew well? Others are alarmed at {time}")
        )
        told = words.format(unit=found.unit.call_sign, time=clock(due_at, self._zone))
        if self.strip.ask(told, is_late=is_late):
            self.due.emit()
            QApplication.alert(self.strip.window())
