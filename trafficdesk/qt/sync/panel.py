"""The sync panel: contact, what needs somebody, what waits, what was confirmed today."""

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QRect, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.qt.ages import clock, number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.sync.anew_form import AnewForm
from trafficdesk.qt.sync.contact import ContactBlock
from trafficdesk.qt.sync.lists import FileRow, confirmed_row, waiting_row
from trafficdesk.qt.sync.need_you import ConflictRow, ParkedRow, Ways
from trafficdesk.qt.sync.running import DeskSync
from trafficdesk.qt.sync.section import Section
from trafficdesk.qt.sync.sign_in_form import SignInForm
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.services import parked, sending
from trafficdesk.services.changes import Changed
from trafficdesk.services.sending import Overview
from trafficdesk.services.session import Session
from trafficdesk.wire.codes import Code

__all__ = ["SyncPanel", "Ways"]

_TICK_MS: Final = 1_000
_TALL_PX: Final = 900
# What somebody at the desk can do about a fault.
_FORMS: Final[dict[str, type[SignInForm]]] = {
    Code.SIGN_IN_NEEDED: SignInForm,
    Code.DEVICE_COPIED: AnewForm,
}


class SyncPanel(Sheet):
    """A sheet at the trailing edge, 416 px wide, 480 on wide screens; it follows the sync."""

    receipt_wanted = Signal()
    by_file_wanted = Signal()

    def __init__(self, equipment: Equipment, session: Session, sync: DeskSync, ways: Ways) -> None:
        super().__init__(self.tr("Sync"))
        self._equipment = equipment
        self._session = session
        self._sync = sync
        self._ways = ways
        self.overview: Overview | None = None
        self.contact = ContactBlock()
        self.contact.try_wanted.connect(sync.fetch_on)
        self.contact.hold_wanted.connect(sync.hold_fetching)
        self.sign_in: SignInForm | None = None
        self._sign_in_place = QVBoxLayout()
        self.message = InlineMessage()
        self.need_you = Section(self.tr("Need you"), "conflict")
        self.to_send = Section(self.tr("To send"))
        self.files = Section(self.tr("Photos and videos"))
        self.confirmed = Section(self.tr("Confirmed today"))
        self._build()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_status)
        self._tick.start()
        sync.told.connect(self._follow)
        equipment.changes.changed.connect(self._ask)
        self._follow()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, px(12))
        column.setSpacing(0)
        column.addWidget(self.contact)
        column.addLayout(self._sign_in_place)
        told = QVBoxLayout()
        told.setContentsMargins(px(20), 0, px(20), px(8))
        told.addWidget(self.message)
        column.addLayout(told)
        for section in (self.need_you, self.to_send, self.files, self.confirmed):
            column.addWidget(section)
        column.addStretch(1)
        self.receipt_button = ActionButton(self.tr("End-of-shift receipt…"), "", Kind.GHOST)
        self.receipt_button.clicked.connect(self.receipt_wanted)
        self.by_file_button = ActionButton(self.tr("By file…"), "", Kind.GHOST)
        self.by_file_button.clicked.connect(self.by_file_wanted)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.addWidget(Hairline())
        self.column.addWidget(ScrollPanel(body), 1)
        self.column.addWidget(Hairline())
        self.column.addLayout(self._foot())
        self.setFocusProxy(self.close_button)

    def _foot(self) -> QVBoxLayout:
        foot, buttons = QVBoxLayout(), QHBoxLayout()
        foot.setContentsMargins(px(20), px(8), px(12), px(6))
        foot.setSpacing(px(2))
        foot.addWidget(Label(self.tr("All work is safe on this desk."), 12, 400, "text2"))
        buttons.addStretch(1)
        buttons.addWidget(self.by_file_button)
        buttons.addWidget(self.receipt_button)
        foot.addLayout(buttons)
        return foot

    def place(self, area: QRect) -> QRect:
        self.confirmed.set_folded(area.height() < px(_TALL_PX))
        return super().place(area)

    @Slot()
    def _follow(self) -> None:
        self._show_status()
        self._ask(None)

    @Slot()
    def _show_status(self) -> None:
        status = self._sync.status
        self.contact.show_status(status, self._now_ms())
        form = _FORMS.get(status.fault)
        if form is not None and self.sign_in is None:
            self.sign_in = form(self._equipment.lanes, self._sync)
            self.sign_in.signed_in.connect(self._note_signed_in)
            self._sign_in_place.addWidget(self.sign_in)
            if not self.isVisible():  # who works in an open panel keeps the focus
                self.setFocusProxy(self.sign_in)
        if self.sign_in is not None and type(self.sign_in) is not form:
            had_focus = self.sign_in.isAncestorOf(self.focusWidget() or self)
            self.sign_in.hide()
            self.sign_in.deleteLater()
            self.sign_in = None
            self.setFocusProxy(self.close_button)
            if had_focus:
                self.close_button.setFocus()

    def _note_signed_in(self) -> None:
        self.message.note(self.tr("The server lets this desk in. What waits is sent now."))

    def _now_ms(self) -> int:
        return to_ms(self._session.clock())

    @Slot(object)
    def _ask(self, _changed: object) -> None:
        zone = self._ways.zone
        today = self._session.clock().astimezone(zone).replace(hour=0, minute=0, second=0)
        work = partial(sending.overview, self._session, to_ms(today))
        self._equipment.lanes.run(
            Lane.READER, work, self._take, self._fail, key=(id(self), "overview")
        )

    def _take(self, found: Overview) -> None:
        if found == self.overview:
            return
        before, self.overview = self.overview, found
        zone = self._ways.zone
        if before is None or (before.conflicts, before.parked) != (found.conflicts, found.parked):
            self._show_need_you(found)
        self.need_you.setVisible(bool(found.need_you))
        self.to_send.fill([waiting_row(each, zone) for each in found.waiting])
        self.to_send.tell(number(found.to_send), self._to_send_words(found))
        self.files.setVisible(bool(found.files_count))
        self.files.fill([FileRow(each) for each in found.files])
        self.files.tell(number(found.files_count), self.tr("goes on where it stopped"))
        self.confirmed.fill([confirmed_row(each, zone) for each in found.confirmed])
        last = found.confirmed[0].settled_ms if found.confirmed else None
        words = "" if last is None else self.tr("last {time}").format(time=self._clock(last))
        self.confirmed.tell(number(found.confirmed_count), words)

    def _show_need_you(self, found: Overview) -> None:
        had_focus = self.need_you.isAncestorOf(self.focusWidget() or self)
        rows: list[QWidget] = [ConflictRow(each, self._ways) for each in found.conflicts]
        for each in found.parked:
            row = ParkedRow(each, self._ways)
            row.retried.connect(self._retry)
            row.withdrawn.connect(self._withdraw)
            rows.append(row)
        self.need_you.fill(rows)
        self.need_you.tell(number(found.need_you), self.tr("set aside, nothing is lost"))
        if had_focus:
            self.close_button.setFocus()

    def _to_send_words(self, found: Overview) -> str:
        if not found.to_send:
            return self.tr("everything done here was sent")
        return self.tr("goes by itself, oldest first")

    def _clock(self, at_ms: int) -> str:
        return clock(from_ms(at_ms), self._ways.zone)

    def _retry(self, op_id: UUID) -> None:
        self._write(partial(parked.retry, self._session, op_id))

    def _withdraw(self, op_id: UUID) -> None:
        self._write(partial(parked.withdraw, self._session, op_id))

    def _write(self, work: "partial[Changed]") -> None:
        self.message.clear()
        self._equipment.lanes.run(Lane.WRITER, work, self._written, self._fail_writing)

    def _written(self, changed: Changed) -> None:
        self._equipment.changes.tell(changed)
        self._ask(None)
        self._sync.try_now()

    def _fail_writing(self, error: Exception) -> None:
        self.message.tell(self.tr("That was not written."), self.tr("Nothing was changed."))
        self._equipment.lanes.failed.emit(error)

    def _fail(self, _error: Exception) -> None:
        self.message.tell(
            self.tr("The outbox could not be read."), self.tr("What you decided is saved.")
        )
