"""First set-up: who runs this desk, where it stands, and the recovery code shown once."""

import re
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.shell.logo import Logo
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import CheckRow
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.painting import Painted
from trafficdesk.qt.widgets.panels import BusyBar, ScrollPanel
from trafficdesk.services.founding import NewDesk

WIDTH_PX = 640
_CODE: Final = re.compile(r"[A-Za-z]{2,4}")


class CentredPage(Painted):
    """A column of one width in the middle of the window, that scrolls when it must."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__()
        content = QWidget()
        self.column = QVBoxLayout()
        self.column.setSpacing(px(14))
        self._frame = QWidget()
        self._frame.setLayout(self.column)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(Logo(36))
        head.addWidget(Label(title, 22, 600).set_wrapped(), 1)
        self.column.addLayout(head)
        self.column.addWidget(Label(detail, 13, 400, "text2").set_wrapped())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._frame)
        row.addStretch(1)
        middle = QVBoxLayout(content)
        middle.setContentsMargins(px(24), px(24), px(24), px(24))
        middle.addStretch(1)
        middle.addLayout(row)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollPanel(content, "bg"))
        self.restyle()

    def restyle(self) -> None:
        """Take the width from the look that holds now."""
        self._frame.setFixedWidth(px(WIDTH_PX))
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg"))


class FaultPage(CentredPage):
    """What is wrong with the profile and what to do; ``again`` reads it once more."""

    again = Signal()

    def __init__(self, title: str, detail: str, action: str = "") -> None:
        super().__init__(title, detail)
        words = action or self.tr("Try again")
        self._button = ActionButton(words, "", Kind.PRIMARY, height_px=40)
        self._button.clicked.connect(self.again)
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.setAccessibleName(f"{title} {detail}")
        self.setFocusProxy(self._button)

    def wait(self, reason: str) -> None:
        """Let nothing be pressed yet, and say why."""
        self._button.set_refusal(reason)


class SetUpPage(CentredPage):
    """Asks for the first officer, the station and a password; ``submitted`` carries ``NewDesk``.

    ``join_wanted``: the desk is to be joined to a server instead.
    """

    submitted = Signal(object)
    join_wanted = Signal()

    def __init__(self, least_characters: int) -> None:
        super().__init__(
            self.tr("Set up this desk"),
            self.tr(
                "You become its administrator. Everything is encrypted with a key that only the "
                "passwords of its officers can open."
            ),
        )
        self.officer = InputField(self.tr("Your name"))
        self.rank = InputField(self.tr("Rank"))
        self.station = InputField(self.tr("Station"))
        self.city = InputField(self.tr("City"))
        self.code = InputField(self.tr("City code, as in CBE-2026-000123"))
        password = self.tr("Password, {least} characters or more").format(least=least_characters)
        self.password = InputField(password).hide_text()
        self.again = InputField(self.tr("Password again")).hide_text()
        self.button = ActionButton(self.tr("Set up"), "Enter", Kind.PRIMARY, height_px=40)
        self.message = InlineMessage()
        self._busy = BusyBar()
        self.column.addLayout(self._grid())
        self.column.addWidget(self.message)
        self.column.addWidget(self._busy)
        self.join = ActionButton(self.tr("Join a server"), "", Kind.GHOST, height_px=40)
        self.join.clicked.connect(self.join_wanted)
        foot = QHBoxLayout()
        foot.addWidget(self.join)
        foot.addStretch(1)
        foot.addWidget(self.button)
        self.column.addLayout(foot)
        self.button.clicked.connect(self._submit)
        for field in self._fields():
            field.submitted.connect(self._submit)
        self._order_tabs()
        self.setFocusProxy(self.officer)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(12))
        grid.addWidget(self.station, 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        pairs = ((self.officer, self.rank), (), (self.city, self.code), (self.password, self.again))
        for row, fields in enumerate(pairs):
            for column, field in enumerate(fields):
                grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
        return grid

    def _fields(self) -> tuple[InputField, ...]:
        return (
            self.officer,
            self.rank,
            self.station,
            self.city,
            self.code,
            self.password,
            self.again,
        )

    def _order_tabs(self) -> None:
        chain = [field.edit for field in self._fields()]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
        QWidget.setTabOrder(chain[-1], self.button)
        QWidget.setTabOrder(self.button, self.join)

    def set_busy(self, busy: bool) -> None:
        """Show that keys and store are being made."""
        self.button.setEnabled(not busy)
        self.join.setEnabled(not busy)
        self._busy.set_busy(busy)

    def tell_password_refused(self, sentence: str) -> None:
        """Say why the password is not taken."""
        self.set_busy(False)
        self.password.set_error(sentence)
        self.password.setFocus()

    def tell_fault(self, title: str, detail: str) -> None:
        """Say what went wrong."""
        self.set_busy(False)
        self.message.tell(title, detail)

    def _submit(self) -> None:
        if not self.button.isEnabled():
            return
        wrong = [field for field in self._fields() if not field.text().strip()]
        for field in wrong:
            field.set_error(self.tr("Fill this in."))
        if self.code.text().strip() and not _CODE.fullmatch(self.code.text().strip()):
            self.code.set_error(self.tr("Use 2 to 4 letters from A to Z."))
            wrong.append(self.code)
        if not wrong and self.password.text() != self.again.text():
            self.again.set_error(self.tr("The two are not the same."))
            wrong.append(self.again)
        if wrong:
            wrong[0].setFocus()
            return
        self.message.clear()
        self.set_busy(True)
        self.submitted.emit(
            NewDesk(
                officer=self.officer.text(),
                rank=self.rank.text(),
                station=self.station.text(),
                city=self.city.text(),
                city_code=self.code.text(),
                time_zone=bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC",
                password=self.password.text(),
            )
        )


class RecoveryCodePage(CentredPage):
    """Shows the recovery code once; goes on only when it is said to be kept."""

    kept = Signal()

    def __init__(self, code: str) -> None:
        super().__init__(
            self.tr("Keep the recovery code"),
            self.tr(
                "If all passwords are lost, only this code opens the desk. It is shown once and "
                "kept nowhere. Print it or write it down, and give it to station IT."
            ),
        )
        self._code = code
        self.code = Label(_in_lines(code), 18, 600).set_selectable()
        self.code.setAccessibleName(self.tr("Recovery code: {code}").format(code=code))
        copy = ActionButton(self.tr("Copy"), "", icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._code))
        save = ActionButton(self.tr("Save to a file"), "", icon="save")
        save.clicked.connect(self._save)
        self.message = InlineMessage()
        self.check = CheckRow(self.tr("The code is kept where only station IT finds it"))
        self.button = ActionButton(self.tr("Open the desk"), "", Kind.PRIMARY, height_px=40)
        self.button.set_refusal(self.tr("First say that the code is kept."))
        self.check.toggled.connect(self._allow)
        self.button.clicked.connect(self._keep)
        ways = QHBoxLayout()
        ways.addWidget(copy)
        ways.addWidget(save)
        ways.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.check, 1)
        foot.addWidget(self.button)
        self.column.addWidget(self.code)
        self.column.addLayout(ways)
        self.column.addWidget(self.message)
        self.column.addLayout(foot)
        self.setFocusProxy(self.check)

    def tell_fault(self, title: str, detail: str) -> None:
        """Say why the desk could not be put in its place; it can be tried again."""
        self.message.tell(title, detail)
        self._allow(self.check.isChecked())

    def _keep(self) -> None:
        self.message.clear()
        self.button.set_refusal(self.tr("The desk is being opened."))
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self._code:
            clipboard.clear()  # whoever sits here next could read it
        self.kept.emit()

    def _allow(self, is_kept: bool) -> None:
        self.button.set_refusal("" if is_kept else self.tr("First say that the code is kept."))

    def _save(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, self.tr("Save the recovery code"), "trafficdesk-recovery-code.txt"
        )
        if path:
            self.save_to(path)

    def save_to(self, path: str) -> None:
        """Write the code to a file that only this user may read; says so if that fails."""
        from pathlib import Path

        from trafficdesk.security.durable_file import write_durably

        try:
            write_durably(Path(path), f"{self._code}\n".encode())
        except OSError as error:
            self.message.tell(
                self.tr("The file could not be written."),
                self.tr("Choose another place. {reason}").format(reason=error.strerror or ""),
            )
        else:
            self.message.note(self.tr("Saved. Move the file off this desk."))


def _in_lines(code: str) -> str:
    groups = code.split("-")
    lines = ["  ".join(groups[start : start + 5]) for start in range(0, len(groups), 5)]
    return "\n".join(lines)
