"""First set-up at a server: its address, the one-time token, and who will open the desk."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from trafficdesk.policy.schema import Policy
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.unlock.set_up_page import CentredPage
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.wire.codes import Code

_FAULTS: Final[dict[str, tuple[object, object]]] = {
    "no_answer": (
        QT_TRANSLATE_NOOP("JoinPage", "The server does not answer."),
        QT_TRANSLATE_NOOP(
            "JoinPage", "Check the address, the network and the proxy, then try again."
        ),
    ),
    "not_trusted": (
        QT_TRANSLATE_NOOP("JoinPage", "The server cannot prove that it is the right one."),
        QT_TRANSLATE_NOOP(
            "JoinPage", "Name the certificate file that station IT gave you, or ask them."
        ),
    ),
    "wrong_type": (
        QT_TRANSLATE_NOOP("JoinPage", "What answers there is no TrafficDesk server."),
        QT_TRANSLATE_NOOP("JoinPage", "Check the address and the proxy."),
    ),
    "busy": (
        QT_TRANSLATE_NOOP("JoinPage", "The server is busy, or was asked too often."),
        QT_TRANSLATE_NOOP("JoinPage", "Try again in some minutes."),
    ),
}
_ELSE: Final = (
    QT_TRANSLATE_NOOP("JoinPage", "The server could not let this desk join ({code})."),
    QT_TRANSLATE_NOOP("JoinPage", "Try again with the same token. If it lasts, tell station IT."),
)


@dataclass(frozen=True, slots=True)
class JoinForm:
    """What was typed; ``ca_path`` and ``proxy`` may be empty, and ``token`` if policy has it."""

    server: str
    token: str
    login: str
    password: str
    ca_path: str
    proxy: str


class JoinPage(CentredPage):
    """``submitted`` carries a ``JoinForm``; ``left`` goes back to a desk on its own.

    What the machine's policy says is not asked for.
    """

    submitted = Signal(object)
    left = Signal()

    def __init__(self, policy: Policy) -> None:
        super().__init__(
            self.tr("Join a server"),
            self.tr(
                "This desk sends and fetches by itself then, and works on when the server is out "
                "of reach. You open it with your password of the server."
            ),
        )
        self.server = InputField(self.tr("Address of the server"))
        self.server.set_placeholder("https://")
        self.token = InputField(self.tr("One-time token from station IT"))
        self.login = InputField(self.tr("Your login at the server"))
        self.password = InputField(self.tr("Password at the server")).hide_text()
        self.authority = InputField(self.tr("Certificate file of the server, if you have one"))
        self.proxy = InputField(self.tr("Proxy, if one is needed"))
        choose = IconButton("folder-open", self.tr("Choose the certificate file"))
        choose.clicked.connect(self._choose)
        self.authority.box.row.addWidget(choose)
        self.button = ActionButton(self.tr("Join"), "Enter", Kind.PRIMARY, height_px=40)
        self.back = ActionButton(self.tr("Set up without a server"), "", Kind.GHOST, height_px=40)
        self.ruled = Label(self.tr("Your agency's policy names this server."), 12, 400, "text2")
        self.ruled.hide()
        self.message = InlineMessage()
        self._busy = BusyBar()
        self._lay_out()
        self._follow(policy)
        self.button.clicked.connect(self._submit)
        self.back.clicked.connect(self.left)
        for field in self._fields():
            field.submitted.connect(self._submit)
        self.setFocusProxy(self.login if policy.server is not None else self.server)

    def _follow(self, policy: Policy) -> None:
        """Take from policy what it says, and ask for the rest."""
        if policy.enrolment is not None:
            self.token.hide()
        if policy.server is None:
            return
        self.server.set_text(policy.server.address)
        self.server.edit.setReadOnly(True)
        self.server.edit.setAccessibleDescription(self.ruled.text())
        self.ruled.show()
        for widget in (self.authority, self.proxy, self.back):
            widget.hide()

    def ask_for_token(self) -> None:
        """Ask for the token after all: the file that policy names is not there."""
        self.token.show()
        self._tell_at(self.token, self.tr("This machine holds no token any more. Type one."))

    def _fields(self) -> tuple[InputField, ...]:
        return (self.server, self.token, self.login, self.password, self.authority, self.proxy)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(12))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.server, 0, 0, 1, 2, top)
        grid.addWidget(self.ruled, 1, 0, 1, 2, top)
        grid.addWidget(self.token, 2, 0, 1, 2, top)
        grid.addWidget(self.login, 3, 0, top)
        grid.addWidget(self.password, 3, 1, top)
        grid.addWidget(self.authority, 4, 0, top)
        grid.addWidget(self.proxy, 4, 1, top)
        self.column.addLayout(grid)
        self.column.addWidget(self.message)
        self.column.addWidget(self._busy)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.button)
        self.column.addLayout(foot)
        chain: list[QWidget] = [field.edit for field in self._fields()]
        for before, after in pairwise([*chain, self.button, self.back]):
            QWidget.setTabOrder(before, after)

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, self.tr("Choose the certificate file"), "", "PEM (*.pem *.crt *.cer)"
        )
        if path:
            self.authority.set_text(path)

    def set_busy(self, busy: bool) -> None:
        """Show that the server is asked."""
        self.button.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self._busy.set_busy(busy)

    def tell_password_refused(self, sentence: str) -> None:
        """Say why the password opens no desk."""
        self._tell_at(self.password, sentence)

    def tell_fault(self, title: str, detail: str) -> None:
        """Say what went wrong on this machine."""
        self.set_busy(False)
        self.message.tell(title, detail)

    def tell_code(self, code: str) -> None:
        """Say what the server would not do, or why it was not reached, by its stable code."""
        at_field = {
            Code.NOT_PERMITTED: (
                self.token,
                self.tr("The server does not take this token: mistyped, used or run out."),
            ),
            Code.SIGN_IN_NEEDED: (
                self.password,
                self.tr("The server does not take this login and password."),
            ),
            "address_wrong": (self.server, self.tr("Write it as https://sync.example.org.")),
            "address_open": (
                self.server,
                self.tr("Passwords would travel in the clear. Use an https address."),
            ),
            "ca_wrong": (self.authority, self.tr("This file holds no certificate (PEM).")),
        }
        if code in at_field:
            self._tell_at(*at_field[code])
            return
        title, detail = _FAULTS.get(code, _ELSE)
        say = QCoreApplication.translate
        self.tell_fault(say("JoinPage", str(title)).format(code=code), say("JoinPage", str(detail)))

    def _tell_at(self, field: InputField, sentence: str) -> None:
        self.set_busy(False)
        field.set_error(sentence)
        field.setFocus()

    def _submit(self) -> None:
        if not self.button.isEnabled():
            return
        needed = (self.server, self.token, self.login, self.password)
        asked = (field for field in needed if not field.isHidden())
        wrong = [field for field in asked if not field.text().strip()]
        for field in wrong:
            field.set_error(self.tr("Fill this in."))
        if wrong:
            wrong[0].setFocus()
            return
        self.message.clear()
        self.set_busy(True)
        self.submitted.emit(
            JoinForm(
                self.server.text(),
                self.token.text(),
                self.login.text().strip(),
                self.password.text(),
                self.authority.text().strip(),
                self.proxy.text(),
            )
        )
