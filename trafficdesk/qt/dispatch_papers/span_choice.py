"""Which shift: this one, the last one, or from a moment to another."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.shifts import Span
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.qt.dispatch_papers.handover_words import say
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import InputField

THIS, LAST, OTHER = "this", "last", "other"
TIME_FORMAT: Final = "%Y-%m-%d %H:%M"
_LONGEST_MS: Final = 31 * 86_400_000


class SpanChoice(QWidget):
    """``chosen`` when another span is asked for; one that cannot be read says so in its field."""

    chosen = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        words = ((THIS, say("This shift")), (LAST, say("Last shift")), (OTHER, say("From, to")))
        self.which = Choice(say("Shift"), words)
        self.which.choose(THIS)
        self.begin = InputField(say("From"), icon="clock")
        self.end = InputField(say("To"), icon="clock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.which)
        for field in (self.begin, self.end):
            field.hide()
            field.submitted.connect(self.chosen)
            column.addWidget(field)
        self.which.chosen.connect(self._choose)

    def back(self) -> int | None:
        """Return how many shifts ago it was; None for a span of its own."""
        return {THIS: 0, LAST: 1}.get(self.which.chosen_id())

    def tell(self, begin: datetime, end: datetime) -> None:
        """Show a span in the fields, to begin from."""
        if self.back() is None:
            return
        for field, at in ((self.begin, begin), (self.end, end)):
            field.set_text(at.astimezone(self._zone).strftime(TIME_FORMAT))

    def span(self) -> Span | None:
        """Return the span that was typed; None if it cannot be read, which is told."""
        begin, end = self._read(self.begin), self._read(self.end)
        if begin is None or end is None:
            return None
        if end <= begin:
            self.end.set_error(say("This is not after the beginning"))
            return None
        if end - begin > _LONGEST_MS:
            self.end.set_error(say("This is more than 31 days after the beginning"))
            return None
        return Span(begin, end)

    def _read(self, field: InputField) -> int | None:
        field.set_error("")
        try:
            at = datetime.strptime(field.text().strip(), TIME_FORMAT).replace(tzinfo=self._zone)
        except ValueError:
            sample = from_ms(0).replace(year=2026).strftime(TIME_FORMAT)
            field.set_error(say("Write it like {sample}").format(sample=sample))
            return None
        return to_ms(at)

    def _choose(self, which: str) -> None:
        for field in (self.begin, self.end):
            field.setVisible(which == OTHER)
            field.set_error("")
        if which == OTHER:
            self.begin.edit.setFocus()
            self.begin.edit.selectAll()
        self.chosen.emit()
