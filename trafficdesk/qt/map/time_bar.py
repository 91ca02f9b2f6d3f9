"""The bar below the map: which days are shown, how many reports they hold, and playing them."""

from typing import Final

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.maps.overview import Chosen, Overview
from trafficdesk.maps.time_window import (
    PRESETS_DAYS,
    Span,
    latest,
    moved,
    shown_around,
    step_days,
    stretched,
)
from trafficdesk.qt.ages import number
from trafficdesk.qt.map.histogram import Histogram, day_words
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.qt.widgets.panels import Panel

ALL: Final = 0
PLAY_MS: Final = 700


class TimeBar(Panel):
    """``span_changed`` carries the days to show, None for all time."""

    span_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__("surface")
        self.setProperty("pane", True)
        self.setAccessibleName(self.tr("Days shown"))
        self._frame = self._shown = Span(0, 90)
        self._span: Span | None = None
        self._is_asked = False
        self._today = 0
        self._days: dict[int, int] = {}
        self.play_button = IconButton("play", self.tr("Play the days"))
        self.play_button.clicked.connect(self.toggle_play)
        self.title = ElidedLabel("", 13, 600)
        self.counted = ElidedLabel("", 12, 400, "text2")
        self.histogram = Histogram()
        self.histogram.span_changed.connect(self._dragged)
        self.presets: dict[int, Chip] = {}
        self._tick = QTimer(self)
        self._tick.setInterval(PLAY_MS)
        self._tick.timeout.connect(self._play_on)
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.counted)
        words.addSpacing(4)
        words.addWidget(self._make_presets())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 16, 6)
        row.setSpacing(8)
        row.addWidget(self.play_button)
        row.addLayout(words)
        row.addSpacing(12)
        row.addWidget(self.histogram, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _make_presets(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        group = QButtonGroup(self)
        names = {
            7: (self.tr("7 d"), self.tr("Last 7 days")),
            30: (self.tr("30 d"), self.tr("Last 30 days")),
            90: (self.tr("90 d"), self.tr("Last 90 days")),
            365: (self.tr("1 y"), self.tr("Last year")),
            ALL: (self.tr("All"), self.tr("All time")),
        }
        for days in (*PRESETS_DAYS, ALL):
            short, long = names[days]
            chip = Chip(short)
            chip.setCheckable(True)
            chip.setAccessibleName(long)
            chip.setToolTip(long)
            chip.clicked.connect(lambda _on=False, each=days: self.choose_preset(each))
            group.addButton(chip)
            row.addWidget(chip)
            self.presets[days] = chip
        row.addStretch(1)
        group.setExclusive(False)
        return box

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(88))
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(640), px(88))

    @property
    def span(self) -> Span | None:
        """The days shown, None for all time."""
        return self._span

    @property
    def is_playing(self) -> bool:
        """Tell whether the days are being played."""
        return self._tick.isActive()

    def set_span(self, span: Span | None) -> None:
        """Show these days without telling anybody."""
        self._span = span
        self._draw()

    def begin(self, span: Span | None) -> None:
        """Show these days at first, unless others were asked for before the map was there."""
        if not self._is_asked:
            self.set_span(span)

    def ask_for(self, span: Span) -> None:
        """Show the days that another screen speaks of."""
        self._is_asked = True
        self.stop()
        self._change(span)

    def show_counts(self, seen: Overview, chosen: Chosen, today: int) -> None:
        """Draw what there is."""
        self._frame, self._days, self._today = seen.frame, seen.days, today
        self.counted.setText(
            self.tr("{shown} of {all} reports").format(
                shown=number(seen.shown(chosen)), all=number(seen.total)
            )
        )
        self._draw()

    def _draw(self) -> None:
        span = self._span or self._frame
        self.histogram.show_days(self._days, self._frame, self._shown_for(span), self._today)
        self.histogram.set_span(span)
        words = self.tr("{first} to {last}").format(
            first=day_words(span.first, self._today), last=day_words(span.past - 1, self._today)
        )
        self.title.setText(words if self._span else self.tr("All time"))
        for days, chip in self.presets.items():
            is_this = (
                self._span is None
                if days == ALL
                else self._span is not None and self._span == latest(self._frame, days)
            )
            chip.setChecked(is_this)
            chip.update()

    def _shown_for(self, span: Span) -> Span:
        """Return the days to draw: what is drawn stays while the window moves within it."""
        if self._span is None:
            self._shown = self._frame
        elif not self.histogram.is_dragged():
            kept = self._shown
            fits = kept.first <= span.first and span.past <= kept.past
            is_same = kept.days == shown_around(span, self._frame).days
            if not (fits and is_same and self._frame.first <= kept.first):
                self._shown = shown_around(span, self._frame)
        return self._shown

    def choose_preset(self, days: int) -> None:
        """Show the last ``days`` days; 0 shows all time."""
        self._change(None if days == ALL else latest(self._frame, days))

    def shift(self, steps: int) -> None:
        """Move the window so many steps."""
        span = self._span or self._frame
        self._change(moved(span, steps * step_days(span), self._frame))

    def stretch(self, steps: int) -> None:
        """Make the window longer or shorter."""
        span = self._span or self._frame
        self._change(stretched(span, steps * step_days(span), self._frame))

    def toggle_play(self) -> None:
        """Play the days from where the window is, or stop."""
        if self._tick.isActive():
            self.stop()
            return
        span = self._span or latest(self._frame, PRESETS_DAYS[1])
        if span.past >= self._frame.past:
            first = shown_around(span, self._frame).first
            self._change(Span(first, min(self._frame.past, first + span.days)))
        self._tick.start()
        self.play_button.set_icon("pause", "accent")
        self.play_button.set_name(self.tr("Stop playing"))

    def stop(self) -> None:
        """Stop playing."""
        self._tick.stop()
        self.play_button.set_icon("play")
        self.play_button.set_name(self.tr("Play the days"))

    def _play_on(self) -> None:
        span = self._span or self._frame
        if span.past >= self._frame.past:
            self.stop()
            return
        self._change(moved(span, step_days(span), self._frame))

    def _dragged(self, span: Span) -> None:
        self.stop()
        self._change(span)

    def _change(self, span: Span | None) -> None:
        if span == self._span:
            self._draw()
            return
        self._span = span
        self._draw()
        self.span_changed.emit(span)

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)
