"""This desk's own work by file: what waits is written, and the server's answer taken in."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.times import to_ms
from trafficdesk.qt.ages import number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import fault_words
from trafficdesk.qt.sync.own_file_words import own_file_words
from trafficdesk.qt.sync.running import DeskSync
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.security.durable_file import write_durably
from trafficdesk.services.session import Session
from trafficdesk.sync.bundling import make_request
from trafficdesk.sync.unbundling import Taken


class OwnFileBlock(QWidget):
    """Two buttons, and what came of the last one."""

    def __init__(self, equipment: Equipment, session: Session, sync: DeskSync) -> None:
        super().__init__()
        self._lanes = equipment.lanes.owned_by(self)
        self._failed = equipment.lanes.failed
        self._session = session
        self._sync = sync
        self.files: FilePicker = SystemFilePicker()
        self._focused: ActionButton | None = None
        self.message = InlineMessage()
        self.busy = BusyBar()
        self.write_button = ActionButton(self.tr("Write what waits…"))
        self.write_button.clicked.connect(self._write)
        self.take_button = ActionButton(self.tr("Take an answer in…"))
        self.take_button.clicked.connect(self._take)
        sync.answer_taken.connect(self._tell_taken)
        sync.answer_refused.connect(self._refuse)
        words = self.tr(
            "Where there is no line, what waits goes to the server as a file: on a stick that a "
            "colleague's desk carries, or that station IT takes in. The answer comes back by the "
            "same way."
        )
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.write_button)
        row.addWidget(self.take_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(Label(self.tr("Work of this desk"), 13, 600))
        column.addWidget(Label(words, 13, 400).set_wrapped())
        column.addLayout(row)
        column.addWidget(self.busy)
        column.addWidget(self.message)

    def _write(self) -> None:
        name = f"desk-{self._session.clock().astimezone():%Y-%m-%d-%H%M}.tdbundle"
        path = self.files.to_save(self, self.tr("Write what waits"), name, self._kinds())
        if path is not None:
            self._begin(self.write_button, self.tr("The file is written"))
            work = partial(_write_request, self._session, path)
            self._lanes.run(Lane.IO, work, partial(self._tell_written, path), self._fail)

    def _take(self) -> None:
        path = self.files.to_open(self, self.tr("The server's answer"), self._kinds())
        if path is not None:
            self._begin(self.take_button, self.tr("The answer is taken in"))
            self._sync.take_answer(path)

    def _kinds(self) -> str:
        return self.tr("Bundles (*.tdbundle);;All files (*)")

    def _tell_written(self, path: Path, operations: int) -> None:
        self._end()
        self.message.note(
            self.tr("Wrote {name}. Changes in it: {count}.").format(
                name=path.name, count=number(operations)
            ),
            self.tr("The server alone can open it. Take its answer in when it comes back."),
        )

    @Slot(object)
    def _tell_taken(self, taken: Taken) -> None:
        self._end()
        answered = sum(taken.results.values())
        more = self.tr("The server has more than fitted: write another file.")
        self.message.note(
            self.tr("Changes answered: {changes}. Records from others: {records}.").format(
                changes=number(answered), records=number(taken.records)
            ),
            more if taken.unread else self.tr("What needs you stands in the sync panel."),
        )

    @Slot(object)
    def _refuse(self, error: Exception) -> None:
        self._end()
        self.message.tell(*(own_file_words(error) or fault_words(error)))

    def _fail(self, error: Exception) -> None:
        if own_file_words(error) is None:
            self._failed.emit(error)
        self._refuse(error)

    def _begin(self, asked: ActionButton, reason: str) -> None:
        self.message.clear()
        self._focused = asked if asked.hasFocus() else None
        self._set_busy(reason)

    def _end(self) -> None:
        self._set_busy("")
        if self._focused is not None:  # who works by keys stays where they were
            self._focused.setFocus()

    def _set_busy(self, reason: str) -> None:
        for button in (self.write_button, self.take_button):
            button.set_refusal(reason)
        self.busy.set_busy(bool(reason))


def _write_request(session: Session, path: Path) -> int:
    """Write what waits into a file for the server; return how many operations that was."""
    made = make_request(session.store, session.device, to_ms(session.clock()))
    write_durably(path, made.content)
    return made.operations
