"""Alerts at a locked desk: those that stood at the lock, and those the open line still tells of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import shiboken6
from PySide6.QtCore import QCoreApplication, QDateTime, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.qt.dispatch.alert_sound import AlertSound, Urgency
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.later import later
from trafficdesk.qt.unlock.alert_note import AlertNote
from trafficdesk.sync.vigil import Vigil, Waiting

if TYPE_CHECKING:
    from trafficdesk.sync.live import Live

# So long a locked desk that hears nothing any more is heard itself: who else has acknowledged it
# meanwhile it cannot know.
HEARD_FOR_MS: Final = 10 * 60_000
_TICK_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """What of alerts outlives a sitting; ``skew`` is the server's clock less this desk's."""

    standing: Mapping[UUID, Waiting] = field(default_factory=dict)
    skew: timedelta = timedelta()
    is_in_charge: bool = False


class AlertWatch(QObject):
    """From a lock to the next unlocking: fills the note on the lock screen and sounds.

    It holds no key and no way to the store. Of each alert it knows an id and two times.
    """

    def __init__(self, equipment: Equipment, window: QWidget, kept: Kept, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = equipment.lanes.owned_by(self)
        self._skew, self._is_in_charge = kept.skew, kept.is_in_charge
        self._vigil = Vigil(kept.standing, lambda: self._lanes.call_home(self.show_now))
        self._live: Live | None = None
        self._deaf_since: QDateTime | None = QDateTime.currentDateTime()
        self._note: AlertNote | None = None
        self.sound = AlertSound(equipment.settings, window, self)
        self._hush = later(self, HEARD_FOR_MS, self._be_quiet)
        self._hush.start()
        self._is_quiet = False
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self.show_now)
        self._clock.start()

    def listen(self, live: "Live") -> None:
        """Hear on by the line that is open; the lock leaves it to this."""
        self._live, self._deaf_since = live, None
        self._hush.stop()
        live.linger(self._vigil.hear, lambda: self._lanes.call_home(self._lose))

    def make_note(self) -> AlertNote:
        """Return the strip for a new lock screen."""
        self._note = note = AlertNote()
        self.show_now()
        return note

    @property
    def is_listening(self) -> bool:
        """Tell whether the server is heard."""
        return self._live is not None and self._deaf_since is None

    def _lose(self) -> None:
        self._deaf_since = QDateTime.currentDateTime()
        self._hush.start()
        self.show_now()

    def _be_quiet(self) -> None:
        self._is_quiet = True
        self.show_now()

    @Slot()
    def show_now(self) -> None:
        """Show and sound what waits by now."""
        standing, now = self._vigil.standing, utc_now() + self._skew
        is_escalated = any(each.escalated_at and each.escalated_at <= now for each in standing)
        if self._note is not None and shiboken6.isValid(self._note):
            self._note.tell(*self._words(standing, is_escalated=is_escalated))
        urgency = Urgency.CALLING if standing else Urgency.NOTHING
        if is_escalated and self._is_in_charge:
            urgency = Urgency.INSISTENT
        self.sound.tell(Urgency.NOTHING if self._is_quiet else urgency)

    def _words(self, standing: tuple[Waiting, ...], *, is_escalated: bool) -> tuple[str, str]:
        if not standing:
            return "", ""
        title = QCoreApplication.translate(
            "AlertWatch", "%n alerts wait to be answered", "", len(standing)
        )
        since_ms = to_ms(standing[0].since - self._skew)
        since = QDateTime.fromMSecsSinceEpoch(since_ms).toString("HH:mm")
        parts = [self.tr("since {time}").format(time=since)]
        if is_escalated:
            parts.insert(0, self.tr("escalated"))
        if self._deaf_since is not None:
            deaf = self.tr("known at {time}; more is heard only after unlocking")
            parts.append(deaf.format(time=self._deaf_since.toString("HH:mm")))
        return title, " · ".join(parts)

    def end(self) -> None:
        """Hear nothing any more: somebody is at the desk, or it is shut down."""
        self._clock.stop()
        self._hush.stop()
        self.sound.end()
        if self._live is not None:
            self._live.stop(0)
        self.deleteLater()
