"""Counts per month as a line, with the plain count, what is expected, and its band."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.axis import Axis, axis_of
from trafficdesk.qt.analytics.ink_tip import InkTip
from trafficdesk.qt.analytics.plotting import Plot, is_loaded
from trafficdesk.qt.analytics.timeline import Moment, Timeline
from trafficdesk.qt.analytics.timeline_words import moment_words, summary
from trafficdesk.qt.later import later
from trafficdesk.qt.theme.fonts import text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, Painted, paint_focus, painter_on

if TYPE_CHECKING:
    from collections.abc import Callable

_REST_MS: Final = 60
_DASHES: Final = (4.0, 2.5)
_DOTS: Final = (1.0, 2.2)


class LineChart(Painted):
    """Shows a ``Timeline``; arrow keys and the mouse read its months.

    ``opened`` carries the place of a month that was clicked or entered. Until ``draw`` is called,
    when the chart library is there, it says that it is being prepared.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._timeline = Timeline()
        self._plot: Plot | None = None
        self._axis = Axis(0, 1, 1)
        self.place = -1
        self.tip = InkTip(self)
        self._steps: list[Callable[[], None]] = []
        self._redraw = later(self, _REST_MS, self.draw)
        self._next = later(self, 0, self._step)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_timeline(self, timeline: Timeline) -> None:
        """Show these months; nothing is drawn anew if they are the same."""
        if timeline == self._timeline:
            return
        self._timeline = timeline
        self.read(-1)
        self.setAccessibleName(timeline.title)
        self.setAccessibleDescription(summary(timeline))
        self.draw()

    def timeline(self) -> Timeline:
        """Return what is shown."""
        return self._timeline

    def axis(self) -> Axis:
        """Return the axis of the counts."""
        return self._axis

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is a whole picture of what is shown."""
        return self._plot is not None and not self._steps

    def draw(self) -> None:
        """Draw as large as the chart is now, once the library is there; in short steps.

        Other work of the screen comes in between: none of it waits for a chart.
        """
        if not is_loaded() or not self._timeline.moments:
            return
        making = [self._make_plot] if self._plot is None else []
        if self._plot is None or not self._plot.has_axes:
            making.append(self._add_axes)
        self._steps = [*making, self._set_axes, self._set_lines, self._set_words]
        self._next.start()

    def _step(self) -> None:
        if self._steps:
            self._steps.pop(0)()
        if self._steps:
            self._next.start()
        else:
            self._show_place()
            self.update()

    def _make_plot(self) -> None:
        self._plot = Plot(self)

    def _add_axes(self) -> None:
        if self._plot is not None:
            self._plot.add_axes()
            self._plot.restyle()

    def _room(self) -> QRect:
        return self.rect().adjusted(2, 2, -2, -2)

    def _set_axes(self) -> None:
        plot, moments = self._plot, self._timeline.moments
        if plot is None:
            return
        plot.view.setGeometry(self._room())
        rows = max(2, min(5, self.height() // px(44)))
        axis = self._axis = axis_of(self._timeline.values, rows)
        marks = [(value, number(round(value))) for value in axis.marks]
        plot.set_axes(axis, marks, self._under(), len(moments))
        plot.view.lower()
        plot.view.show()

    def _under(self) -> list[tuple[float, str]]:
        """Return the months' names below, as many as find room."""
        moments = self._timeline.moments
        widest = max(text_width(m.mark, 11) for m in moments) + px(10)
        fits = max(1, (self.width() - px(90)) // max(1, widest))
        every = -(-len(moments) // fits)
        return [(float(n), m.mark) for n, m in enumerate(moments) if n % every == 0]

    def _set_lines(self) -> None:
        plot = self._plot
        if plot is None:
            return
        moments, last = self._timeline.moments, self._timeline.past - 1
        counts = _points([m.count for m in moments])
        means = _points([m.expected.mean if m.expected else None for m in moments])
        lows = _points([m.expected.low if m.expected else None for m in moments])
        highs = _points([m.expected.high if m.expected else None for m in moments])
        root = counts[-1:] if means else []
        plot.set_band("band", root + lows, root + highs)
        plot.set_line("plain", _points([m.plain for m in moments]), _pen("text3", 1.8, _DOTS))
        plot.set_line("ahead", root + means, _pen("accent", 2.2, _DASHES))
        plot.set_rule("today", float(last) if means and last >= 0 else None)
        plot.set_line("counts", counts, _pen("accent", 2.2))
        plot.set_dots("dots", counts)
        plot.set_dots("dots ahead", means, is_hollow=True)

    def _set_words(self) -> None:
        plot = self._plot
        if plot is None:
            return
        shown, axis = self._timeline, self._axis
        for name, place, token in (
            ("most", shown.most, "text"),
            ("last", -1 if shown.most == shown.past - 1 else shown.past - 1, "text"),
            ("final", len(shown.moments) - 1 if shown.has_forecast else -1, "accent"),
        ):
            value = self._value_at(place)
            words = number(round(value)) if place >= 0 else ""
            plot.set_words(name, words, (float(place), value), (0.5, 1.15), token)
        told = self.words_at_start()
        side = 1.0 if self.isRightToLeft() else 0.0
        plot.set_words("start", told, (-0.2, axis.low), (side, 1.0), "text2")

    def words_at_start(self) -> str:
        """Return where the axis starts if that is not zero, in words."""
        if self._axis.is_from_zero:
            return ""
        return self.tr("axis starts at {value}").format(value=number(round(self._axis.low)))

    def _value_at(self, place: int) -> float:
        if place < 0:
            return 0.0
        moment = self._timeline.moments[place]
        return moment.count if moment.count is not None else self._middle_of(moment)

    # reading one month

    def read(self, place: int) -> None:
        """Say everything of a month; -1 says nothing."""
        count = len(self._timeline.moments)
        self.place = max(-1, min(place, count - 1))
        self._show_place()
        self.update()

    def _show_place(self) -> None:
        moment = self.moment()
        if moment is None or self._plot is None:
            self.tip.hide()
            return
        words = moment_words(moment)
        self.setAccessibleDescription(words)
        self.tip.point_at(words, self._box_of())

    def moment(self) -> Moment | None:
        """Return the month that is being read."""
        moments = self._timeline.moments
        return moments[self.place] if 0 <= self.place < len(moments) else None

    def _box_of(self) -> QRect:
        if self._plot is None:
            return self.rect()
        value = self._value_at(self.place)
        corner = self._plot.view.pos()
        x = corner.x() + self._plot.x_of(float(self.place))
        y = corner.y() + self._plot.y_of(value)
        return QRect(x - px(8), y - px(8), px(16), px(16))

    @staticmethod
    def _middle_of(moment: Moment) -> float:
        return moment.expected.mean if moment.expected else moment.plain or 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = -1 if self.isRightToLeft() else 1
        ways = {Qt.Key.Key_Right: step, Qt.Key.Key_Left: -step}
        last = len(self._timeline.moments) - 1
        by = ways.get(Qt.Key(event.key()))
        if by is not None:
            start = self.place if self.place >= 0 else self._timeline.past - 1 - by
            self.read(max(0, start + by))
        elif event.key() == Qt.Key.Key_Home:
            self.read(0)
        elif event.key() == Qt.Key.Key_End:
            self.read(last)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.place >= 0:
            self.opened.emit(self.place)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._plot is not None and self._timeline.moments:
            x = event.position().x() - self._plot.view.x()
            place = round(self._plot.place_at(x))
            self.read(max(0, min(place, len(self._timeline.moments) - 1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.place >= 0:
            self.opened.emit(self.place)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.read(-1)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.read(-1)
        super().focusOutEvent(event)

    # looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tip.hide()
        if self._plot is not None:
            self._redraw.start()

    def restyle(self) -> None:
        """Draw anew in the look that holds now."""
        super().restyle()
        if self._plot is not None and self._plot.has_axes:
            self._plot.restyle()
        self.draw()

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(220))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(110))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("surface"))
        if self._plot is None:
            painter.setPen(colour("text2"))
            painter.setFont(self.font())
            told = self.tr("The chart is being prepared") if self._timeline.moments else ""
            painter.drawText(self.rect(), int(CENTRED), told)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))


def _points(values: list[float | None]) -> list[tuple[float, float]]:
    return [(float(n), value) for n, value in enumerate(values) if value is not None]


def _pen(token: str, width: float, dashes: tuple[float, ...] = ()) -> QPen:
    pen = QPen(colour(token), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen
