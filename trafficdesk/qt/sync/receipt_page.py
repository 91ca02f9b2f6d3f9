"""The end-of-shift receipt: what it would prove, the proof, and saving it."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.ages import clock, number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.sync.lists import ListRow
from trafficdesk.qt.sync.need_you import Ways
from trafficdesk.qt.sync.receipt_document import write_pdf
from trafficdesk.qt.sync.receipt_words import change_word, fault_words, shift_words, state_word
from trafficdesk.qt.sync.section import Section
from trafficdesk.qt.tasks import Lane, Task
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar, ScrollPanel
from trafficdesk.security.durable_file import write_durably
from trafficdesk.services.session import Session
from trafficdesk.sync import receipts
from trafficdesk.sync.receipts import Asked, Line, Proof
from trafficdesk.wire.receipts import ShiftChange

_HOUR_MS: Final = 3_600_000
_SHOWN: Final = 200  # the files hold all of them


class ReceiptPage(Sheet):
    """A sheet at the trailing edge, as the sync panel that opens it."""

    def __init__(self, equipment: Equipment, session: Session, ways: Ways) -> None:
        super().__init__(self.tr("End-of-shift receipt"), is_roomy=True)
        self._lanes = equipment.lanes.owned_by(self)
        self._failed = equipment.lanes.failed
        self._asking: Task | None = None
        self._session = session
        self._ways = ways
        self.files: FilePicker = SystemFilePicker()
        self.proof: Proof | None = None
        hours = ("8", "12", "24")
        words = tuple((each, self.tr("{hours} h").format(hours=each)) for each in hours)
        self.hours = Choice(self.tr("The last"), words)
        self.hours.choose("12")
        self.hours.chosen.connect(self._ask)
        self.summary = Label("", 13, 600).set_wrapped()
        self.message = InlineMessage()
        self.busy = BusyBar()
        self.waiting = Section(self.tr("Not with the server"), "conflict")
        self.held = Section(self.tr("With the server"))
        self.prove_button = ActionButton(self.tr("Have it proved"), "", Kind.PRIMARY)
        self.prove_button.clicked.connect(self.prove)
        self.pdf_button = ActionButton(self.tr("Save as PDF…"))
        self.pdf_button.clicked.connect(self._save_pdf)
        self.json_button = ActionButton(self.tr("Save as proof…"))
        self.json_button.clicked.connect(self._save_json)
        self._build()
        self._ask()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, px(12), 0, px(12))
        told = QVBoxLayout()
        told.setContentsMargins(px(20), 0, px(20), px(8))
        told.setSpacing(px(8))
        for widget in (self.hours, self.summary, self.message, self.busy):
            told.addWidget(widget)
        column.addLayout(told)
        column.addWidget(self.waiting)
        column.addWidget(self.held)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(10), px(20), px(10))
        foot.setSpacing(px(8))
        for button in (self.prove_button, self.pdf_button, self.json_button):
            foot.addWidget(button)
        foot.addStretch(1)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.addWidget(Hairline())
        self.column.addWidget(ScrollPanel(body), 1)
        self.column.addWidget(Hairline())
        self.column.addLayout(foot)
        self.setFocusProxy(self.prove_button)

    def _asked(self) -> Asked:
        now_ms = to_ms(self._session.clock())
        officer = self._session.officer
        since_ms = now_ms - int(self.hours.chosen_id()) * _HOUR_MS
        return Asked(since_ms, now_ms + 1, officer.id, officer.name)

    def _ask(self, _hours: str = "") -> None:
        """Show what a receipt would prove."""
        if self._asking is not None:
            self._asking.cancel()  # it was about another span
        self._end_proving()
        self.message.clear()
        self._hold(None)
        work = partial(receipts.find_shift, self._session.store, self._asked())
        self._lanes.run(Lane.READER, work, self._show_shift, self._fail, key="shift")

    def _show_shift(self, changes: list[ShiftChange]) -> None:
        if self.proof is not None:
            return
        self.summary.setText(shift_words(len(changes)))
        self.prove_button.set_refusal("" if changes else self.tr("Nothing was done in that time"))
        self._fill([Line(each, None) for each in changes])

    def prove(self) -> None:
        """Ask the server for its statement."""
        self.message.clear()
        self.busy.set_busy(True)
        self.prove_button.set_refusal(self.tr("The server is asked"))
        session = self._session
        asked, now_ms = self._asked(), to_ms(session.clock())
        work = partial(receipts.prove_shift, session.store, session.device, asked, now_ms)
        self._asking = self._lanes.run(Lane.IO, work, self._show_proof, self._fail_proving)

    def _show_proof(self, proof: Proof) -> None:
        self._end_proving()
        self._hold(proof)
        words = self.tr("With the server: {taken} of {all}.")
        self.summary.setText(words.format(taken=number(proof.taken), all=number(len(proof.lines))))
        at = clock(from_ms(proof.asked.until_ms), self._ways.zone)
        self.message.note(
            self.tr("Proved and kept at {time}.").format(time=at),
            self.tr("The proof is signed by the server and by this desk."),
        )
        self._fill(list(proof.lines))

    def _fill(self, lines: list[Line]) -> None:
        for section, is_taken in ((self.waiting, False), (self.held, True)):
            of_it = [each for each in lines if each.is_taken is is_taken]
            section.setVisible(bool(of_it))
            section.fill([self._row(each) for each in of_it[:_SHOWN]])
            hidden = len(of_it) - _SHOWN
            more = self.tr("{count} more in the files").format(count=number(hidden))
            section.tell(number(len(of_it)), more if hidden > 0 else "")

    def _row(self, line: Line) -> ListRow:
        state = SyncState.CONFIRMED if line.is_taken else SyncState.NOT_SENT
        title = change_word(line.change)
        if self.proof is not None:
            title = f"{title} · {state_word(line)}"
        at = clock(from_ms(line.change.at_ms), self._ways.zone)
        return ListRow(state, title, line.change.reference, at)

    def _hold(self, proof: Proof | None) -> None:
        self.proof = proof
        why = "" if proof is not None else self.tr("Have it proved first")
        for button in (self.pdf_button, self.json_button):
            button.set_refusal(why)

    def _end_proving(self) -> None:
        self.busy.set_busy(False)
        self.prove_button.set_refusal("")

    def _fail_proving(self, error: Exception) -> None:
        self._end_proving()
        self._fail(error)

    def _fail(self, error: Exception) -> None:
        words = fault_words(error)
        if words is None:
            self._failed.emit(error)
            return
        self.message.tell(*words)

    def _save_pdf(self) -> None:
        if self.proof is None:
            return
        path = self.files.to_save(self, self.tr("Save as PDF"), "receipt.pdf")
        if path is not None:
            self._save(path, partial(write_pdf, path, self.proof, self._ways.zone))

    def _save_json(self) -> None:
        if self.proof is None:
            return
        path = self.files.to_save(self, self.tr("Save as proof"), "receipt.json")
        if path is not None:
            self._save(path, partial(write_durably, path, self.proof.content))

    def _save(self, path: Path, work: "partial[None]") -> None:
        done = partial(self._tell_saved, path)
        self._lanes.run(Lane.IO, work, done, partial(self._tell_unsaved, path))

    def _tell_saved(self, path: Path, _none: None) -> None:
        self.message.note(self.tr("Saved {name}.").format(name=path.name))

    def _tell_unsaved(self, path: Path, error: Exception) -> None:
        if not isinstance(error, OSError):
            self._failed.emit(error)
            return
        self.message.tell(
            self.tr("{name} could not be written.").format(name=path.name),
            self.tr("The receipt is kept at this desk. Choose another place."),
        )
