"""What stands below the tiles: the password, or the lock-out with its countdown."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.times import utc_now
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel, Label
from trafficdesk.qt.widgets.painting import Painted, painter_on
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.security.key_slots import Holder

HELP_KEY = "F2"
KEYRING_KEY = "F4"


def clock_words(seconds_left: float) -> str:
    """Return what is left as ``9:41`` or ``2:03:10``."""
    whole = max(0, int(seconds_left + 0.999))
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class PasswordRow(QWidget):
    """Asks for one officer's password; says in place what was wrong with it."""

    submitted = Signal(str)
    help_wanted = Signal()
    recovery_wanted = Signal()
    keyring_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = ElidedLabel("", 15, 600)
        self._hint = ElidedLabel("", 12, 400, "text2")
        self.field = InputField(self.tr("Password"), shows_name=False).hide_text()
        self.field.box.set_height(40)
        self.field.setFixedWidth(px(236))
        self.button = ActionButton(self.tr("Unlock"), "Enter", Kind.PRIMARY, height_px=40)
        self._busy = BusyBar()
        self._tries = Label("", 12, 500, "text2")
        self.help = ActionButton(self.tr("Forgot it? Ask a supervisor"), HELP_KEY, Kind.GHOST)
        self.recovery = ActionButton(self.tr("Use the recovery code"), "F3", Kind.GHOST)
        self.keyring = ActionButton(
            self.tr("Unlock with the system keyring"), KEYRING_KEY, Kind.GHOST
        )
        self.keyring.clicked.connect(self.keyring_wanted)
        self.field.submitted.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.help.clicked.connect(self.help_wanted)
        self.recovery.clicked.connect(self.recovery_wanted)
        self._lay_out()
        self.setFocusProxy(self.field)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addLayout(words, 1)
        top.addWidget(self.field, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self._tries, 1)
        below.addWidget(self.keyring)
        below.addWidget(self.recovery)
        below.addWidget(self.help)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._busy)
        column.addLayout(below)
        column.addStretch(1)

    def restyle(self) -> None:
        """Take the field's width from the look that holds now."""
        self.field.setFixedWidth(px(236))

    def ask(self, holder: Holder, demo_password: str, *, has_keyring: bool) -> None:
        """Ask for this officer's password, or offer the keyring in the recovery code's place."""
        self.keyring.setVisible(has_keyring)
        self.recovery.setVisible(not has_keyring)
        self._title.setText(self.tr("Password for {name}").format(name=holder.name))
        self._hint.setText(
            self.tr("This is a demo. Every password is {password}").format(password=demo_password)
            if demo_password
            else self.tr("It opens the encrypted data of this desk.")
        )
        self._hint.set_tint("accent" if demo_password else "text2")
        self.field.edit.setAccessibleName(self._title.text())
        self.set_busy(False)
        self.field.clear()
        self._say("", is_wrong=False)

    def tell_wrong(self, tries_left: int) -> None:
        """Say that this was not the password."""
        self.set_busy(False)
        self.field.clear()
        left = QCoreApplication.translate("PasswordRow", "%n tries left", "", tries_left)
        self._say(self.tr("That is not the password. {left}.").format(left=left), is_wrong=True)
        self.field.setFocus()

    def tell(self, sentence: str) -> None:
        """Say what went wrong."""
        self.set_busy(False)
        self._say(sentence, is_wrong=True)

    def set_busy(self, busy: bool) -> None:
        """Show that the password is being checked: half a second by design."""
        self.field.edit.setReadOnly(busy)
        self.button.setEnabled(not busy)
        self.keyring.setEnabled(not busy)
        self._busy.set_busy(busy)

    def _say(self, sentence: str, *, is_wrong: bool) -> None:
        self._tries.setText(sentence)
        self._tries.set_tint("critical" if is_wrong else "text2")
        self.field.box.is_wrong = is_wrong
        self.field.edit.setAccessibleDescription(sentence)
        self.field.box.update()

    def _submit(self) -> None:
        if self.field.text() and self.button.isEnabled():
            self._say("", is_wrong=False)
            self.submitted.emit(self.field.text())


class _Countdown(Painted):
    """A lock in a ring that empties while the lock-out runs."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(40), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        ring = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("line"), px(2.5)))
        painter.drawEllipse(ring)
        painter.setPen(QPen(colour("critical"), px(2.5)))
        painter.drawArc(ring, 90 * 16, round(360 * 16 * self.share))
        side = px(16)
        middle = (self.width() - side) // 2
        paint_icon(painter, "lock", QRect(middle, middle, side, side), "critical")


class LockedRow(QWidget):
    """Replaces the password while an officer is locked out; the others still get in."""

    help_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._until: datetime | None = None
        self._whole_s = 600.0
        self._name = ""
        self._ring = _Countdown()
        self._title = Label("", 15, 600).set_wrapped()
        self._detail = Label("", 12, 400, "text2").set_wrapped()
        self.help = ActionButton(self.tr("Ask a supervisor"), HELP_KEY, height_px=40)
        self.help.clicked.connect(self.help_wanted)
        others = Label(self.tr("Other officers can still unlock this desk."), 12, 500, "text2")
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._ring)
        top.addLayout(words, 1)
        top.addWidget(self.help)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(others)
        column.addStretch(1)
        self.setFocusProxy(self.help)

    def tell(self, holder: Holder, until: datetime) -> None:
        """Show whose lock-out runs and until when."""
        if until != self._until:
            self._whole_s = max(1.0, (until - utc_now()).total_seconds())
        self._until = until
        self._name = holder.name
        self.tick()

    def tick(self) -> None:
        """Count down."""
        if self._until is None:
            return
        left_s = max(0.0, (self._until - utc_now()).total_seconds())
        self._ring.share = max(0.0, min(1.0, left_s / max(self._whole_s, 600.0)))
        self._ring.update()
        self._title.setText(
            self.tr("Too many tries. Try again in {time} or ask a supervisor.").format(
                time=clock_words(left_s)
            )
        )
        self._detail.setText(
            self.tr(
                "{name} is locked on this desk. Nothing is lost: all work stays saved, encrypted."
            ).format(name=self._name)
        )
