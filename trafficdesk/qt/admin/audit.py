"""Audit: check the chain, write it out, read its newest entries."""

from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent

from trafficdesk.domain.permissions import Permission
from trafficdesk.qt.admin.audit_list import AuditList
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Errands, wrapped
from trafficdesk.qt.admin.sentences import audit_reason
from trafficdesk.qt.ages import number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.security.audit import AuditVerdict
from trafficdesk.services import audit_log
from trafficdesk.services.audit_log import Exported, LogLine
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts

MIN_LIST_PX = 220
ABOVE_PX = 272


@dataclass(frozen=True, slots=True)
class NewestPage:
    """The newest entries and the zone their times are shown in."""

    lines: list[LogLine] | Refusal
    zone: tzinfo


def load_newest(session: Session) -> NewestPage:
    """Read the newest entries."""
    with session.store.reading() as connection:
        zone = ZoneInfo(facts.time_zone(connection))
    return NewestPage(audit_log.find_log_page(session), zone)


class AuditPage(AdminPage):
    """Every action and every reading of personal data, chained so that no change goes unseen."""

    def __init__(self, session: Session, equipment: Equipment, picker: FilePicker) -> None:
        super().__init__(
            QCoreApplication.translate("AuditPage", "Audit"),
            QCoreApplication.translate(
                "AuditPage",
                "Every action and every reading of a citizen's identity on this desk, signed and "
                "chained: nobody can change or drop an entry unseen.",
            ),
        )
        self._session = session
        self._picker = picker
        self._errands = Errands(self, equipment)
        self._may_read = session.may(Permission.AUDIT_READ)
        self.verify_button = ActionButton(self.tr("Check the whole chain"), icon="shield-check")
        self.export_button = ActionButton(self.tr("Export to a file"), icon="file-down")
        self.message = InlineMessage()
        self.list = AuditList(self.tr("Audit entries, the newest first"))
        if self._may_read:
            self._add_blocks()
        else:
            self.add(
                wrapped(self.tr("Only supervisors and administrators can read the audit."), "text")
            )

    def _add_blocks(self) -> None:
        block = Block(self.tr("Proof"))
        block.add(Buttons(self.verify_button, self.export_button), self.message)
        self._newest = Block(self.tr("Newest entries"))
        self._newest.add(self.list)
        self.add(block, self._newest)
        self.verify_button.clicked.connect(self._verify)
        self.export_button.clicked.connect(self._pick)
        self.list_button, self.own_export = self.export_button, self._pick
        self.list.entries.wanted.connect(self._read_older)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.setFixedHeight(max(px(MIN_LIST_PX), self.viewport().height() - px(ABOVE_PX)))

    def open(self) -> None:
        if self._may_read:
            self._errands.read(partial(load_newest, self._session), self._show, self.message)

    def _show(self, page: NewestPage) -> None:
        if isinstance(page.lines, Refusal):
            self.message.tell(refusal_sentence(page.lines))
            return
        self.list.entries.show_newest(page.lines, page.zone)
        self._newest.heading.set_fact(number(page.lines[0].seq) if page.lines else "")

    def _read_older(self, before_seq: int) -> None:
        self._errands.read(
            partial(audit_log.find_log_page, self._session, before_seq),
            self._show_older,
            self.message,
        )

    def _show_older(self, lines: list[LogLine] | Refusal) -> None:
        if isinstance(lines, list):
            self.list.entries.show_older(lines)

    def _verify(self) -> None:
        self.verify_button.set_refusal(self.tr("Being checked"))
        self.message.note(self.tr("Checking every entry and signature"))
        verify = partial(audit_log.verify_log, self._session)
        self._errands.work(verify, self._verified, self.message, self._end_check)

    def _end_check(self) -> None:
        self.verify_button.set_refusal("")

    def _verified(self, verdict: AuditVerdict | Refusal) -> None:
        self._end_check()
        if isinstance(verdict, Refusal):
            self.message.tell(refusal_sentence(verdict))
        elif verdict.reason is None:
            sentence = self.tr("The chain is whole. Entries checked: {count}")
            self.message.note(sentence.format(count=number(verdict.count)))
        else:
            sentence = self.tr("The chain is broken at entry {entry}: {reason}.")
            self.message.tell(
                sentence.format(entry=verdict.first_bad_seq, reason=audit_reason(verdict.reason)),
                self.tr("Export it, keep a backup of the desk, and tell station IT."),
            )
        self.open()

    def _pick(self) -> None:
        path = self._picker.to_save(self, self.tr("Export to a file"), "trafficdesk-audit.jsonl")
        if path is not None:
            self.message.clear()
            export = partial(audit_log.export_log, self._session, path)
            self._errands.work(export, self._exported, self.message)

    def _exported(self, result: Exported | Refusal) -> None:
        if isinstance(result, Refusal):
            self.message.tell(refusal_sentence(result))
            return
        self.message.note(
            self.tr("Exported to {path}. Entries: {count}").format(
                path=result.path, count=number(result.count)
            ),
            self.tr("It holds names of records but no personal data of citizens."),
        )
        self.open()
