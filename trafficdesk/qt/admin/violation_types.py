"""Violation types: the built-in ones, and those an administrator adds or renames."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Violation
from trafficdesk.qt.admin.list_export import PageList, plain_list
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, Errands, Narrow, wrapped
from trafficdesk.qt.admin.sentences import type_sentence
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.words import violation_word
from trafficdesk.services import desk_care
from trafficdesk.services.admin_exports import TYPES
from trafficdesk.services.desk_care import TypeFault, TypeKept
from trafficdesk.services.session import Session


class TypeRow(Narrow):
    """One added type as a field that can be renamed."""

    renamed = Signal(str)

    def __init__(self, code: str, *, may_edit: bool) -> None:
        super().__init__(4)
        self.code = code
        self._name = ""
        self.field = InputField(
            self.tr("Name of the type {code}").format(code=code), shows_name=False
        )
        self.field.edit.setReadOnly(not may_edit)
        self.save = ActionButton(self.tr("Rename"))
        self.save.hide()
        self.add(self.field, Buttons(self.save))
        self.field.edited.connect(self._offer)
        self.field.submitted.connect(self._submit)
        self.save.clicked.connect(self._submit)

    def show_name(self, name: str) -> None:
        """Show what the type is called now; a new name half typed stays."""
        if self.field.text().strip() == self._name:
            self.field.set_text(name)
        self._name = name
        self._offer(self.field.text())

    def _offer(self, text: str) -> None:
        self.save.setVisible(text.strip() != self._name)

    def _submit(self) -> None:
        if self.field.text().strip() != self._name:
            self.renamed.emit(self.field.text())


class TypesPage(AdminPage):
    """What officers choose from when they file or filter reports."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("TypesPage", "Violation types"),
            QCoreApplication.translate(
                "TypesPage", "What officers choose from when they file and filter reports."
            ),
        )
        self._session = session
        self._changes = equipment.changes
        self._errands = Errands(self, equipment)
        self._may_edit = session.may(Permission.VIOLATION_EDIT)
        self._named: dict[str, str] | None = None
        self.rows: list[TypeRow] = []
        self.name = InputField(self.tr("Name of a new type"))
        self.save = ActionButton(self.tr("Add type"), "", Kind.PRIMARY)
        self.message = InlineMessage()
        self._own = Column(8)
        self._none = wrapped(self.tr("None yet. The built-in types serve."))
        self._add_blocks()
        self.save.clicked.connect(self._add)
        self.name.submitted.connect(self._add)

    def _add_blocks(self) -> None:
        own = Block(
            self.tr("Added at this desk"),
            self.tr("A type can be renamed but not taken away: reports keep it for ever."),
        )
        own.add(self._none, self._own)
        if self._may_edit:
            fields = Narrow()
            fields.add(self.name)
            own.add(fields, Buttons(self.save))
        else:
            own.add(wrapped(self.tr("Only an administrator can add or rename types.")))
        own.add(self.message)
        built_in = Block(self.tr("Built in"))
        words = " · ".join(violation_word(str(each)) for each in Violation)
        built_in.add(wrapped(words, "text"), Buttons(self.make_list_button()))
        self.add(own, built_in)

    def open(self) -> None:
        self._errands.read(
            partial(desk_care.find_violation_types, self._session), self._show, self.message
        )

    def listed(self) -> PageList | None:
        if self._named is None:
            return None
        named = self._named
        built_in = {str(each): violation_word(str(each)) for each in Violation}
        rows = [(code, name, False) for code, name in named.items()]
        rows += [(code, name, True) for code, name in built_in.items() if code not in named]
        return plain_list(TYPES, self.tr("Violation types"), rows)

    def _show(self, named: dict[str, str]) -> None:
        self._named = named
        self._none.setVisible(not named)
        standing = {row.code: row for row in self.rows}
        self.rows = [standing.get(code) or self._new_row(code) for code in named]
        self._own.add(*self.rows)  # those that stand there already move to their new place
        for row in self.rows:
            row.show_name(named[row.code])

    def _new_row(self, code: str) -> TypeRow:
        row = TypeRow(code, may_edit=self._may_edit)
        row.renamed.connect(partial(self._rename, row))
        return row

    def _add(self) -> None:
        self.message.clear()
        add = partial(desk_care.add_violation_type, self._session, self.name.text())
        self._errands.write(add, self._added, self.message)

    def _added(self, result: TypeKept | TypeFault) -> None:
        if isinstance(result, TypeFault):
            self.name.set_error(type_sentence(result))
            self.name.setFocus()
            return
        self.name.clear()
        self._kept(result, self.tr("“{name}” can be chosen now."))

    def _rename(self, row: TypeRow, name: str) -> None:
        self.message.clear()
        rename = partial(desk_care.rename_violation_type, self._session, row.code, name)
        self._errands.write(rename, partial(self._renamed, row), self.message)

    def _renamed(self, row: TypeRow, result: TypeKept | TypeFault) -> None:
        if isinstance(result, TypeFault):
            row.field.set_error(type_sentence(result))
            return
        row.field.set_text(result.name)
        self._kept(result, self.tr("The type is called “{name}” now."))

    def _kept(self, kept: TypeKept, sentence: str) -> None:
        self._changes.tell(kept.changed)
        self.message.note(sentence.format(name=kept.name))
        self.open()
