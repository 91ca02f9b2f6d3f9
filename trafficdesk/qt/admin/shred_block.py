"""Shredding the desk: its keys are destroyed for ever once its code is typed."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal

from trafficdesk.domain.permissions import Permission
from trafficdesk.qt.admin.parts import Block, Buttons, Errands, Narrow, wrapped
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services import desk_care
from trafficdesk.services.desk_care import Shredded, ShredFault
from trafficdesk.services.session import Session


class ShredBlock(Block):
    """``shredded``: the session has ended and nothing opens this desk any more."""

    shredded = Signal()

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("ShredBlock", "Destroy this desk's keys"),
            QCoreApplication.translate(
                "ShredBlock",
                "For a machine that is given away or may be stolen. Every password, the keyring "
                "and the recovery code stop working at once. Reports that were not sent or backed "
                "up are lost. This can't be undone by anybody. The unreadable files stay until the "
                "desk's folder is deleted.",
            ),
        )
        self._session = session
        self._errands = Errands(self, equipment)
        self._code = ""
        self.field = InputField(self.tr("Type the desk's code to confirm"))
        self.button = ActionButton(self.tr("Destroy the keys for ever"), "", Kind.DANGER)
        self.message = InlineMessage()
        if session.may(Permission.DESK_SHRED):
            fields = Narrow()
            fields.add(self.field)
            self.add(fields, Buttons(self.button), self.message)
            self._follow("")
        else:
            self.add(wrapped(self.tr("Only an administrator can do this."), "text"))
        self.field.edited.connect(self._follow)
        # Enter in the field does nothing: this wants the button pressed on purpose.
        self.button.clicked.connect(self._shred)

    def set_code(self, code: str) -> None:
        """Say which code confirms."""
        self._code = code
        self.field.set_placeholder(code)

    def _follow(self, text: str) -> None:
        is_typed = bool(self._code) and text.strip() == self._code
        self.button.set_refusal("" if is_typed else self.tr("Type the desk's code first."))

    def _shred(self) -> None:
        self.button.set_refusal(self.tr("Being destroyed"))
        shred = partial(desk_care.shred_desk, self._session, self.field.text())
        self._errands.write(shred, self._done, self.message, self._free)

    def _free(self) -> None:
        self._follow(self.field.text())

    def _done(self, result: Shredded | ShredFault) -> None:
        if isinstance(result, Shredded):
            self.shredded.emit()
            return
        self._follow(self.field.text())
        self.message.tell(
            self.tr("That is not this desk's code. Nothing was destroyed.")
            if result is ShredFault.NOT_CONFIRMED
            else self.tr("Only an administrator can do this.")
        )
