"""Forms about one officer: who they are, a temporary password, and leaving this desk."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from trafficdesk.qt.admin.parts import Buttons, Column, Narrow, Question, wrapped
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.words import role_word
from trafficdesk.security.key_slots import Holder
from trafficdesk.services.administration import (
    DESK_ROLES,
    OfficerDetails,
    OfficerFault,
    suggest_password,
)


class DetailsForm(Column):
    """Name, initials, rank and role of an officer; errors stand at their field."""

    submitted = Signal()

    def __init__(self, holder: Holder | None = None) -> None:
        super().__init__(12)
        self.name = InputField(self.tr("Name"))
        self.initials = InputField(self.tr("Initials"))
        self.rank = InputField(self.tr("Rank"))
        self.role = Choice(
            self.tr("Role"), tuple((str(role), role_word(role)) for role in DESK_ROLES)
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 2)
        for column, field in enumerate((self.name, self.initials, self.rank)):
            grid.addWidget(field, 0, column)
            field.submitted.connect(self.submitted)
        self.rows.addLayout(grid)
        role = Column(4)
        role.add(Label(self.tr("Role"), 12, 600, "text2"), Buttons(self.role))
        self.add(role)
        self.role.choose(str(DESK_ROLES[0]))
        if holder is not None:
            self.fill(holder)

    def fill(self, holder: Holder) -> None:
        """Show an officer as they are."""
        self.name.set_text(holder.name)
        self.initials.set_text(holder.initials)
        self.rank.set_text(holder.rank)
        self.role.choose(str(holder.role))

    def details(self) -> OfficerDetails:
        """Return what was entered."""
        roles = {str(role): role for role in DESK_ROLES}
        return OfficerDetails(
            self.name.text(), self.initials.text(), self.rank.text(), roles[self.role.chosen_id()]
        )

    def show_fault(self, fault: OfficerFault, sentence: str) -> bool:
        """Say at its field what is wrong; False when the fault belongs to no field."""
        fields = {
            OfficerFault.NAME_MISSING: self.name,
            OfficerFault.INITIALS_WRONG: self.initials,
            OfficerFault.INITIALS_TAKEN: self.initials,
        }
        field = fields.get(fault)
        if field is None:
            return False
        field.set_error(sentence)
        field.setFocus()
        return True


class PasswordField(Column):
    """A temporary password, readable because it is told to somebody, with a suggestion."""

    submitted = Signal()

    def __init__(self, *buttons: ActionButton) -> None:
        super().__init__(8)
        self.field = InputField(self.tr("Temporary password"))
        self.field.submitted.connect(self.submitted)
        self.suggest = ActionButton(self.tr("Suggest one"))
        self.suggest.clicked.connect(self._suggest)
        note = self.tr("Tell it to the officer in person. They choose their own when they unlock.")
        fields = Narrow()
        fields.add(self.field)
        self.add(fields, wrapped(note), Buttons(*buttons, self.suggest))

    def _suggest(self) -> None:
        self.field.set_text(suggest_password())
        self.field.set_error("")
        self.field.edit.selectAll()


class NewOfficerForm(Column):
    """Everything that a new officer of this desk needs."""

    submitted = Signal()
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__(12)
        self.details = DetailsForm()
        self.password = PasswordField()
        self.save = ActionButton(self.tr("Add officer"), "", Kind.PRIMARY)
        drop = ActionButton(self.tr("Don't add"), "", Kind.GHOST)
        self.add(self.details, self.password, Buttons(self.save, drop))
        self.save.clicked.connect(self.submitted)
        drop.clicked.connect(self.dropped)
        self.details.submitted.connect(self.submitted)
        self.password.submitted.connect(self.submitted)
        self.setFocusProxy(self.details.name)


class LeaveForm(Column):
    """Taking an officer off this desk: a button, then a question in its place."""

    confirmed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(8)
        self.ask = ActionButton(self.tr("Remove from this desk"), "", Kind.DANGER)
        place = Buttons(self.ask)
        self.question = Question(
            self.tr(
                "{name} can then no longer unlock this desk, and the reports they hold go back to "
                "the queue. Their name stays in the history. This can't be undone, but they can be "
                "added again."
            ).format(name=name),
            self.tr("Remove"),
            self.ask,
            place,
        )
        self.add(place, self.question)
        self.question.confirmed.connect(self.confirmed)
