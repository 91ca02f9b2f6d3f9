"""Officers: who can open this desk; add, change, help and remove them."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.exports.table import Tick
from trafficdesk.qt.admin.list_export import PageList
from trafficdesk.qt.admin.officer_forms import NewOfficerForm
from trafficdesk.qt.admin.officer_panel import OfficerPanel
from trafficdesk.qt.admin.officer_row import OfficerRow
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, Errands, wrapped
from trafficdesk.qt.admin.sentences import officer_sentence, say
from trafficdesk.qt.admin.server_officer import ServerOfficerForm
from trafficdesk.qt.ages import number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import password_words
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services import administration
from trafficdesk.services.admin_exports import OFFICERS, export_officers
from trafficdesk.services.administration import Enrolled, OfficerDone, OfficerRefused
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.session import Session


class OfficersPage(AdminPage):
    """A row for each officer; pressing it opens what can be done for them."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("OfficersPage", "Officers"),
            QCoreApplication.translate(
                "OfficersPage", "Who can unlock this desk, each with their own password."
            ),
        )
        self._session = session
        self._equipment = equipment
        self._errands = Errands(self, equipment)
        self._open_id: UUID | None = None
        self._enrolled: list[Enrolled] | None = None
        self.rows: list[OfficerRow] = []
        self.panel: OfficerPanel | None = None
        self.form: NewOfficerForm | None = None
        self.server_form: ServerOfficerForm | None = None
        self.message = InlineMessage()
        self._form_place = Column()
        self._list = Column(2)
        self.add_button = ActionButton(
            self.tr("Add an officer"), "", Kind.PRIMARY, icon="user-round-plus"
        )
        self.add_button.clicked.connect(self._open_form)
        self._add_blocks()

    def _add_blocks(self) -> None:
        self._block = Block(self.tr("At this desk"))
        self._block.add(self.message, Buttons(self.add_button, self.make_list_button()))
        if not self._session.may(Permission.OFFICER_MANAGE):
            reason = self.tr("Only an administrator can add, change or remove officers.")
            self.add_button.set_refusal(reason)
            self._block.add(wrapped(reason))
        self._block.add(self._form_place, self._list)
        self.add(self._block)

    def open(self) -> None:
        self._errands.read(
            partial(administration.list_enrolled, self._session), self._show, self.message
        )

    def listed(self) -> PageList | None:
        enrolled = self._enrolled
        if enrolled is None:
            return None

        def export(session: Session, file: ListFile, tick: Tick) -> Exported | ExportFault:
            return export_officers(session, enrolled, file, tick)

        return PageList(OFFICERS, self.tr("Officers"), len(enrolled), export)

    def _show(self, enrolled: list[Enrolled]) -> None:
        self._enrolled = enrolled
        had_focus = self._focused_id()
        self._list.clear()
        self.rows, self.panel = [], None
        self._block.heading.set_fact(number(len(enrolled)))
        for each in enrolled:
            officer_id = each.holder.officer_id
            row = OfficerRow(each, is_self=officer_id == self._session.officer.id)
            row.clicked.connect(lambda _checked=False, of=officer_id: self._toggle(of))
            self.rows.append(row)
            self._list.add(row)
            if officer_id == had_focus:
                row.show()
                row.setFocus()
        if self._open_id is not None:
            self._open_panel(self._open_id)

    def _focused_id(self) -> UUID | None:
        focused = self._list.focusWidget()
        if focused is None or not focused.hasFocus():
            return None
        if isinstance(focused, OfficerRow):
            return focused.enrolled.holder.officer_id
        return self._open_id

    def _toggle(self, officer_id: UUID) -> None:
        self.message.clear()
        self._close_panel()
        if officer_id != self._open_id:
            self._open_panel(officer_id)
        else:
            self._open_id = None

    def _close_panel(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()
        for row in self.rows:
            row.setChecked(False)

    def _open_panel(self, officer_id: UUID) -> None:
        self._open_id = None
        for place, row in enumerate(self.rows):
            if row.enrolled.holder.officer_id == officer_id:
                self._open_id = officer_id
                row.setChecked(True)
                self.panel = OfficerPanel(self._session, self._equipment, row.enrolled.holder)
                self.panel.done.connect(self._done)
                self._list.rows.insertWidget(place + 1, self.panel)
                self.panel.show()

    def _done(self, sentence: str) -> None:
        self._open_id = None
        self._close_panel()
        self.message.note(sentence)
        self.ensureWidgetVisible(self.message)
        self.open()

    def _open_form(self) -> None:
        if administration.is_joined(self._session):
            self._open_server_form()
            return
        if self.form is None:
            self.message.clear()
            self.form = NewOfficerForm()
            self.form.submitted.connect(self._add)
            self.form.dropped.connect(self._close_form)
            self._form_place.add(self.form)
            self.form.show()
            self.add_button.hide()
        self.form.setFocus()

    def _open_server_form(self) -> None:
        self.message.clear()
        self.server_form = form = ServerOfficerForm(self._session, self._equipment)
        form.admitted.connect(self._admitted)
        form.dropped.connect(self._close_form)
        self._form_place.add(form)
        form.show()
        self.add_button.hide()
        form.setFocus()

    def _admitted(self, name: str) -> None:
        self._close_form()
        sentence = self.tr("{name} can unlock this desk now with their password of the server.")
        self._done(sentence.format(name=name))

    def _close_form(self) -> None:
        self.form = None
        self.server_form = None
        self._form_place.clear()
        self.add_button.show()
        self.add_button.setFocus()

    def _add(self) -> None:
        if self.form is None:
            return
        self.message.clear()
        self.form.save.set_refusal(self.tr("Being added"))
        add = partial(
            administration.add_officer,
            self._session,
            self.form.details.details(),
            self.form.password.field.text(),
        )
        self._errands.write(add, self._added, self.message, self._free_form)

    def _free_form(self) -> None:
        if self.form is not None:
            self.form.save.set_refusal("")

    def _added(self, result: OfficerDone | OfficerRefused | PasswordRefused) -> None:
        form = self.form
        if isinstance(result, OfficerDone):
            name = form.details.details().tidy().name if form else ""
            self._equipment.changes.tell(result.changed)
            self._close_form()
            sentence = self.tr("{name} can unlock this desk now with the temporary password.")
            self._done(sentence.format(name=name))
            return
        if form is None:
            return
        self._free_form()
        if isinstance(result, PasswordRefused):
            form.password.field.set_error(password_words(result))
            form.password.field.setFocus()
        elif not form.details.show_fault(result.fault, officer_sentence(result)):
            self.message.tell(officer_sentence(result), say("Nothing was changed."))
