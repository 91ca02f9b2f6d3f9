"""Reports per day as bars, with the window of days that the map shows laid over them."""

from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Final

from PySide6.QtCore import QDate, QLocale, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.maps.time_window import (
    Span,
    bar_days,
    bars,
    moved,
    placed,
    step_days,
    stretched,
)
from trafficdesk.qt.theme.fonts import font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    Painted,
    edge_round,
    fill_round,
    paint_focus,
    painter_on,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BAR_PX: Final = 6
_GRIP_PX: Final = 8


class _Grip(Enum):
    NONE = 0
    FIRST = 1
    PAST = 2
    WHOLE = 3


def date_of(day: int) -> QDate:
    """Return the calendar date of a day counted since 1970."""
    date = (_EPOCH + timedelta(days=day)).date()
    return QDate(date.year, date.month, date.day)


def day_words(day: int, today: int) -> str:
    """Return a day as people say it: with its year when that is not this one."""
    date = date_of(day)
    is_this_year = date.year() == date_of(today).year()
    return QLocale().toString(date, "d MMM" if is_this_year else "d MMM yyyy")


class Histogram(Painted):
    """The bars; the window is dragged whole or by its ends, or moved with the arrow keys."""

    span_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[int, int] = {}
        self._shown = Span(0, 90)
        self._frame = self._shown
        self._span = self._shown
        self._today = 0
        self._grip = _Grip.NONE
        self._held = 0.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_days(self, counts: dict[int, int], frame: Span, shown: Span, today: int) -> None:
        """Draw these days."""
        self._counts, self._frame, self._shown, self._today = counts, frame, shown, today
        self.update()

    def set_span(self, span: Span) -> None:
        """Lay the window over these days, without telling anybody."""
        self._span = span
        words = self.tr("{first} to {last}").format(
            first=day_words(span.first, self._today), last=day_words(span.past - 1, self._today)
        )
        self.setAccessibleName(self.tr("Days shown: {days}").format(days=words))
        self.update()

    def is_dragged(self) -> bool:
        """Tell whether the window is being dragged now."""
        return self._grip is not _Grip.NONE

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(72))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(48))

    # Days and pixels. Time runs with the reading direction.

    def _plot(self) -> QRect:
        inset = px(_GRIP_PX)
        return QRect(inset, px(6), self.width() - 2 * inset, self.height() - px(6) - px(18))

    def _x(self, day: float) -> float:
        plot = self._plot()
        share = (day - self._shown.first) / self._shown.days
        share = 1 - share if self.isRightToLeft() else share
        return plot.x() + plot.width() * share

    def _day(self, x: float) -> float:
        plot = self._plot()
        share = (x - plot.x()) / max(1, plot.width())
        share = 1 - share if self.isRightToLeft() else share
        return self._shown.first + share * self._shown.days

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        plot = self._plot()
        window = self._window()
        tint = QColor(colour("accent"))
        tint.setAlphaF(0.10)
        painter.fillRect(window, tint)
        self._paint_bars(painter, plot)
        painter.fillRect(plot.x(), plot.bottom() + 1, plot.width(), 1, colour("line2"))
        self._paint_axis(painter, plot)
        for x in (window.left(), window.right()):
            self._paint_handle(painter, plot, x)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))

    def _window(self) -> QRectF:
        plot = QRectF(self._plot())
        a, b = self._x(self._span.first), self._x(self._span.past)
        return QRectF(min(a, b), plot.y(), abs(b - a), plot.height() + 1)

    def _paint_bars(self, painter: QPainter, plot: QRect) -> None:
        days = bar_days(self._shown, plot.width() // px(_BAR_PX))
        drawn = bars(self._counts, self._shown, days)
        most = max((n for _, n in drawn), default=0)
        if not most:
            return
        gap = 1 if plot.width() / max(1, len(drawn)) > 3 else 0
        for span, n in drawn:
            if not n:
                continue
            a, b = round(self._x(span.first)), round(self._x(span.past))
            height = max(2, round(plot.height() * n / most))
            middle = (span.first + span.past) / 2
            inside = self._span.first <= middle < self._span.past
            bar = QRect(min(a, b), plot.bottom() + 1 - height, max(1, abs(b - a) - gap), height)
            painter.fillRect(bar, colour("accent" if inside else "cluster_2"))

    def _paint_axis(self, painter: QPainter, plot: QRect) -> None:
        painter.setFont(font(11))
        painter.setPen(colour("text2"))
        top, height = plot.bottom() + px(2), px(16)
        is_today = self._shown.past == self._today + 1
        last = self.tr("Today") if is_today else day_words(self._shown.past - 1, self._today)
        taken = [
            self._paint_label(painter, plot, (self._shown.first, top, height), None),
            self._paint_label(painter, plot, (self._shown.past, top, height), last),
        ]
        for day in _ticks(self._shown):
            words = _tick_words(day, self._shown)
            width = text_width(words, 11)
            box = QRectF(self._x(day) - width / 2, top, width, height)
            if any(box.adjusted(-px(8), 0, px(8), 0).intersects(other) for other in taken):
                continue
            painter.fillRect(round(self._x(day)), plot.bottom() + 1, 1, px(4), colour("line2"))
            painter.drawText(box, CENTRED, words)
            taken.append(box)

    def _paint_label(
        self, painter: QPainter, plot: QRect, at: tuple[int, int, int], words: str | None
    ) -> QRectF:
        day, top, height = at
        told = words if words is not None else day_words(day, self._today)
        width = text_width(told, 11)
        x = self._x(day)
        left = plot.x() if x < plot.center().x() else plot.right() + 1 - width
        box = QRectF(left, top, width, height)
        painter.drawText(box, CENTRED, told)
        return box

    def _paint_handle(self, painter: QPainter, plot: QRect, x: float) -> None:
        painter.fillRect(QRectF(round(x) - 1, plot.y(), 2, plot.height() + 1), colour("accent"))
        width, height = px(10), px(20)
        box = QRectF(round(x) - width / 2, plot.center().y() - height / 2, width, height)
        fill_round(painter, box, colour("surface"), 4)
        edge_round(painter, box, colour("accent"), 4, 1.5)
        painter.setPen(QPen(colour("accent"), 1.2))
        for dx in (-1.5, 1.5):
            middle = box.center()
            painter.drawLine(
                QPointF(middle.x() + dx, middle.y() - px(4)),
                QPointF(middle.x() + dx, middle.y() + px(4)),
            )

    # Mouse and keys.

    def _grip_at(self, x: float) -> _Grip:
        reach = px(_GRIP_PX)
        first, past = abs(x - self._x(self._span.first)), abs(x - self._x(self._span.past))
        if min(first, past) <= reach:
            return _Grip.FIRST if first < past else _Grip.PAST
        return _Grip.WHOLE if self._window().contains(x, self._plot().y() + 1) else _Grip.NONE

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        self._grip = self._grip_at(x)
        if self._grip is _Grip.NONE:
            middle = round(self._day(x)) - self._span.days // 2
            self._change(placed(Span(middle, middle + self._span.days), self._frame))
            self._grip = _Grip.WHOLE
        self._held = self._day(x) - self._span.first

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._grip is _Grip.NONE:
            over = self._grip_at(x)
            shapes = {
                _Grip.NONE: Qt.CursorShape.ArrowCursor,
                _Grip.WHOLE: Qt.CursorShape.OpenHandCursor,
            }
            self.setCursor(shapes.get(over, Qt.CursorShape.SizeHorCursor))
            return
        day = round(self._day(x))
        if self._grip is _Grip.WHOLE:
            first = round(self._day(x) - self._held)
            self._change(moved(self._span, first - self._span.first, self._frame))
        elif self._grip is _Grip.FIRST:
            first = max(self._frame.first, min(day, self._span.past - 1))
            self._change(Span(first, self._span.past))
        else:
            past = min(self._frame.past, max(day, self._span.first + 1))
            self._change(Span(self._span.first, past))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was, self._grip = self._grip, _Grip.NONE
        if was is not _Grip.NONE:
            self.span_changed.emit(self._span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ahead = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left
        if event.key() not in {ahead, back}:
            super().keyPressEvent(event)
            return
        by = step_days(self._span) * (1 if event.key() == ahead else -1)
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._change((stretched if shifted else moved)(self._span, by, self._frame))

    def _change(self, span: Span) -> None:
        if span != self._span:
            self.set_span(span)
            self.span_changed.emit(span)


_MONTHS: Final = 31 * 3
_YEARS: Final = 365 * 3


def _ticks(shown: Span) -> list[int]:
    """Return the days that begin a month, a quarter or a year, as room asks."""
    found = []
    for day in range(shown.first, shown.past):
        date = date_of(day)
        if date.day() != 1:
            continue
        if shown.days > _YEARS and date.month() != 1:
            continue
        if shown.days > _MONTHS * 5 and date.month() % 3 != 1:
            continue
        found.append(day)
    return found


def _tick_words(day: int, shown: Span) -> str:
    if shown.days > _YEARS:
        return QLocale().toString(date_of(day), "yyyy")
    return QLocale().toString(date_of(day), "d MMM" if shown.days <= _MONTHS * 5 else "MMM yyyy")


def zone_of(offset_ms: int) -> timezone:
    """Return the desk's standard time as a fixed offset."""
    return timezone(timedelta(milliseconds=offset_ms))
