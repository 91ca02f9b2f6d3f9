"""The hand-over sheet on screen: which shift, a note for the next one, and saving it."""

import json
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Slot

from trafficdesk.domain.shifts import Span
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.dispatch_papers.handover_document import handover_body, handover_paper
from trafficdesk.qt.dispatch_papers.handover_words import say
from trafficdesk.qt.dispatch_papers.paper import pdf_of
from trafficdesk.qt.dispatch_papers.paper_page import PaperPage
from trafficdesk.qt.dispatch_papers.span_choice import SpanChoice
from trafficdesk.qt.later import Soon
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.input_field import FieldBox
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.text_lines import TextLines
from trafficdesk.services.changes import Changed
from trafficdesk.services.shift_log import ShiftLog, find_shift, read_log
from trafficdesk.services.shift_log_told import tell_log

_SOON_MS: Final = 400
_REST_MS: Final = 2_000  # a long log takes its time
_NOTE_PX: Final = 132
_KINDS: Final = frozenset({Entity.INCIDENT, Entity.UNIT, Entity.ASSIGNMENT, Entity.DESK})


class HandoverPage(PaperPage):
    """Follows what is done while it is open; what is saved is what it shows, with the note."""

    def __init__(self, gear: PapersGear) -> None:
        super().__init__(gear, say("Hand-over sheet"))
        self.log: ShiftLog | None = None
        self.span = SpanChoice(gear.zone)
        self.span.chosen.connect(self.load)
        self.note = TextLines(say("For the next shift"))
        self.note.setPlaceholderText(say("What the next shift has to know"))
        self.json_button = ActionButton(say("Save for programs…"))
        self.pdf_button.clicked.connect(self._save_pdf)
        self.json_button.clicked.connect(self._save_json)
        self._fill_side()
        self._soon = Soon(self, _SOON_MS, self.load, rest_ms=_REST_MS)
        gear.changes.changed.connect(self._follow)
        self.setFocusProxy(self.view)
        self._offer()
        self.load()

    def _fill_side(self) -> None:
        box = FieldBox(_NOTE_PX)
        box.row.addWidget(self.note)
        told = say("The note goes onto the sheet alone. It is not kept in the log of the desk.")
        for widget in (
            self.span,
            Label(say("For the next shift"), 12, 600, "text2"),
            box,
            Label(told, 12, 400, "text2").set_wrapped(),
            self.pdf_button,
            self.json_button,
        ):
            self.side.addWidget(widget)

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.kinds & _KINDS:
            self._soon.start()

    def load(self) -> None:
        """Read the log of the span that is chosen."""
        back, own = self.span.back(), None
        if back is None:
            own = self.span.span()
            if own is None:
                return
        self.busy.set_busy(True)
        work = partial(_read, self.gear, back, own)
        self.lanes.run(Lane.READER, work, self._take, self._fail, key="log")

    def _take(self, read: tuple[ShiftLog, str]) -> None:
        self.busy.set_busy(False)
        log, body = read
        self.log = log
        self.span.tell(log.begin, log.end)
        self.view.show_body(body)
        self._offer()

    def _fail(self, error: Exception) -> None:
        self.busy.set_busy(False)
        self.gear.lanes.failed.emit(error)

    def _offer(self) -> None:
        why = say("The log is being read") if self.log is None else ""
        for button in (self.pdf_button, self.json_button):
            button.set_refusal(why)

    def _save_pdf(self) -> None:
        if self.log is None:
            return
        make = partial(_print, self.log, self.gear.zone, self.note.toPlainText())
        self.save("handover.pdf", say("Save as PDF"), make)

    def _save_json(self) -> None:
        if self.log is None:
            return
        told = tell_log(self.log, self.note.toPlainText())
        text = json.dumps(told, ensure_ascii=False, indent=1)
        self.save("handover.json", say("Save for programs"), partial(str.encode, text))


def _read(gear: PapersGear, back: int | None, own: Span | None) -> tuple[ShiftLog, str]:
    span = own if own is not None else find_shift(gear.session, back or 0)
    log = read_log(gear.session, span, gear.heard_at())
    return log, handover_body(log, gear.zone)


def _print(log: ShiftLog, zone: ZoneInfo, note: str) -> bytes:
    return pdf_of(handover_paper(log, zone, note))
