"""The red strip under the top bar: what nobody has acknowledged yet, or a crew that is overdue."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.dispatch.alert import Alert
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton, with_key
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    Painted,
    edge_round,
    fill_round,
    keycap_size,
    paint_line,
    painter_on,
    placed,
)

HEIGHT_PX: Final = 44
_TICK_MS: Final = 1000
_INK: Final = "on_critical_fill"


class _BannerButton(PaintedButton):
    """A button on the red ground: filled with its ink, or without an edge; its key behind it."""

    def __init__(self, text: str, *, is_filled: bool, icon: str = "") -> None:
        super().__init__(text)
        self._key = ""
        self._is_filled = is_filled
        self._icon = icon
        self.setAccessibleName(text)

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setToolTip(with_key(self.accessibleName(), key))
        self.restyle()

    def set_icon(self, icon: str, name: str) -> None:
        """Show another icon and say what it does."""
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        if self._icon:
            return QSize(px(32), px(30))
        width = text_width(self.text(), 13, SEMIBOLD) + px(20)
        return QSize(width + (keycap_size(self._key).width() + px(8) if self._key else 0), px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        ink = colour("critical_fill" if self._is_filled else _INK)
        if self._is_filled:
            fill_round(painter, box, colour(_INK))
        if self._icon:
            side = px(18)
            spot = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
            paint_icon(painter, self._icon, spot, _INK)
        else:
            painter.setFont(font(13, SEMIBOLD))
            painter.setPen(ink)
            width = text_width(self.text(), 13, SEMIBOLD)
            words = QRect(px(10), 0, width, self.height())
            paint_line(painter, placed(self, words), self.text())
            if self._key:
                self._paint_key(painter, px(18) + width)
        if self.hasFocus() or self.underMouse():
            edge_round(painter, box.adjusted(1, 1, -1, -1), ink, 5, 2.0 if self.hasFocus() else 1.0)

    def _paint_key(self, painter: QPainter, x: int) -> None:
        cap = keycap_size(self._key)
        box = placed(self, QRect(x, (self.height() - cap.height()) // 2, *cap.toTuple()))
        ink = colour("critical_fill" if self._is_filled else _INK)
        edge_round(painter, QRectF(box), ink, 4)
        painter.setFont(font(11, SEMIBOLD))
        painter.setPen(ink)
        painter.drawText(box, CENTRED, self._key)


class AlertBanner(Painted):
    """Never closes by itself; ``show_wanted``, ``acknowledged``, ``heard_of`` carry the ``Alert``.

    An incident's is acknowledged; of a crew somebody has to say that it was heard of. These are two
    buttons with two keys, so that nobody who acknowledges says that a crew is well.
    ``sound_switched`` when its speaker was pressed.
    """

    show_wanted = Signal(object)
    acknowledged = Signal(object)
    heard_of = Signal(object)
    sound_switched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._alerts: tuple[Alert, ...] = ()
        self._now: datetime | None = None
        self.sound = _BannerButton("", is_filled=False, icon="volume-2")
        self.show_button = _BannerButton(say("Show"), is_filled=False)
        self.acknowledge = _BannerButton(say("Acknowledge"), is_filled=True)
        self.well = _BannerButton(say("Crew is well"), is_filled=True)
        self.set_sound(is_on=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addStretch(1)
        for button in self._buttons:
            row.addWidget(button)
        self.sound.clicked.connect(self.sound_switched)
        self.show_button.clicked.connect(self.ask_to_show)
        self.acknowledge.clicked.connect(self.ask_to_acknowledge)
        self.well.clicked.connect(self.ask_whether_well)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self.restyle()
        self.hide()

    @property
    def _buttons(self) -> tuple[_BannerButton, ...]:
        return self.sound, self.show_button, self.acknowledge, self.well

    @property
    def alert(self) -> Alert | None:
        """The alert on screen, the worst of those that wait."""
        return self._alerts[0] if self._alerts else None

    @property
    def clock(self) -> QTimer:
        """Ticks every second while it is on screen."""
        return self._clock

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(HEIGHT_PX))
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(HEIGHT_PX))

    def tell(self, alerts: tuple[Alert, ...], now: datetime) -> None:
        """Show what waits; a new one is read aloud, and once more when it is escalated."""
        known = {(each.id, each.is_escalated) for each in self._alerts}
        self._alerts, self._now = alerts, now
        self.setVisible(bool(alerts))
        is_of_crew = bool(alerts) and alerts[0].is_of_crew
        self.acknowledge.setVisible(not is_of_crew)
        self.well.setVisible(is_of_crew)
        self.setAccessibleName(self.words())
        if alerts and not self._clock.isActive():
            self._clock.start()
        if any((each.id, each.is_escalated) not in known for each in alerts):
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def tick(self, now: datetime) -> None:
        """Show how long it waits by now."""
        self._now = now
        self.update()

    def set_sound(self, *, is_on: bool) -> None:
        """Show whether it is heard."""
        words = say("Sound is on. Switch it off") if is_on else say("Sound is off. Switch it on")
        self.sound.set_icon("volume-2" if is_on else "volume-off", words)

    def words(self) -> str:
        """Return everything it says."""
        return "  ".join(filter(None, self._parts()))

    def _parts(self) -> tuple[str, str, str]:
        alert = self.alert
        if alert is None or self._now is None:
            return "", "", ""
        first = alert.heading()
        if len(self._alerts) > 1:
            first = say("{first} · 1 of {count}").format(first=first, count=len(self._alerts))
        waited = alert.waiting(self._now)
        return first, alert.what, " · ".join(filter(None, (alert.detail, waited)))

    def ask_to_show(self) -> None:
        """Ask for what it is about to be shown."""
        if self.alert is not None:
            self.show_wanted.emit(self.alert)

    def ask_to_acknowledge(self) -> None:
        """Ask for the alert to be acknowledged."""
        if self.alert is not None and not self.alert.is_of_crew:
            self.acknowledged.emit(self.alert)

    def ask_whether_well(self) -> None:
        """Ask for it to be noted that the crew was heard of."""
        if self.alert is not None and self.alert.is_of_crew:
            self.heard_of.emit(self.alert)

    def hideEvent(self, event: QHideEvent) -> None:
        if not self._alerts:
            self._clock.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("critical_fill"))
        first, what, detail = self._parts()
        mark = placed(self, QRect(px(16), 0, px(18), self.height()))
        centre = QPointF(mark.x() + mark.width() / 2, mark.y() + mark.height() / 2)
        paint_severity(painter, Severity.CRITICAL, centre, px(9), colour(_INK))
        x = px(44)
        room = self._room_for_words()
        looks = ((first, 15, SEMIBOLD, 16), (what, 13, SEMIBOLD, 16), (detail, 13, MEDIUM, 0))
        painter.setPen(colour(_INK))
        for words, size, weight, gap in looks:
            width = min(text_width(words, size, weight), room - x)
            if width <= px(24):
                break
            painter.setFont(font(size, weight))
            paint_line(painter, placed(self, QRect(x, 0, width, self.height())), words)
            x += width + px(gap)

    def _room_for_words(self) -> int:
        shown = (each for each in self._buttons if not each.isHidden())
        taken = sum(each.sizeHint().width() + 8 for each in shown)
        return self.width() - taken - px(20)
