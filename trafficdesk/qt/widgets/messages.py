"""Errors and empty places said in place, each with one thing to do next."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import Painted, painter_on


class _Warning(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(14), px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        centre = QPointF(px(14) / 2, px(17) / 2)
        paint_severity(painter_on(self), Severity.CRITICAL, centre, px(6))


class InlineMessage(QWidget):
    """What went wrong, what is safe, and one action; hidden until ``tell`` is called."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = _Warning()
        self._title = Label("", 13, 500, "critical").set_wrapped()
        self._detail = Label("", 12, 400, "text2").set_wrapped()
        self._action = ActionButton("")
        self._action.clicked.connect(self.acted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, title: str, detail: str = "", action: str = "", key: str = "") -> None:
        """Say what failed and what is safe, with an action if there is one."""
        self._say(title, detail, action, key)
        self._mark.show()
        self._title.set_tint("critical")

    def note(self, title: str, detail: str = "", action: str = "", key: str = "") -> None:
        """Say something that is no error."""
        self._say(title, detail, action, key)
        self._mark.hide()
        self._title.set_tint("text")

    def _say(self, title: str, detail: str, action: str, key: str) -> None:
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._action.setText(action)
        self._action.set_key(key)
        self._action.setVisible(bool(action))
        self.setAccessibleName(f"{title} {detail}".strip())
        self.show()

    def title(self) -> str:
        """Return what it says first."""
        return self._title.text()

    def clear(self) -> None:
        """Take it away."""
        self.hide()
        self._title.setText("")


class EmptyState(QWidget):
    """A place with nothing in it: what that means, and what to do next."""

    acted = Signal()

    def __init__(self, title: str = "", detail: str = "", action: str = "", key: str = "") -> None:
        super().__init__()
        self._title = Label(title, 13, 600, "text2").set_wrapped()
        self._detail = Label(detail, 12, 400, "text2").set_wrapped()
        self._action = ActionButton(action, key, Kind.PLAIN)
        self._action.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setSpacing(6)
        column.addStretch(1)
        for label in (self._title, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(6)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.tell(title, detail, action, key)

    def tell(self, title: str, detail: str = "", action: str = "", key: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._action.setText(action)
        self._action.set_key(key)
        self._action.setVisible(bool(action))
        self.setAccessibleName(f"{title} {detail}".strip())


def boxed(message: QWidget) -> QWidget:
    """Return a strip that holds a message with the margins of a bar."""
    strip = QWidget()
    box = QVBoxLayout(strip)
    box.setContentsMargins(16, 8, 16, 8)
    box.addWidget(message)
    return strip
