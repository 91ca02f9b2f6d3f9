"""The rail at the leading edge: one button per workspace."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.shell.logo import Logo
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import CENTRED, Painted, fill_round, painter_on


@dataclass(frozen=True, slots=True)
class Workspace:
    """A screen of its own. ``factory`` makes it when it is first shown; ``context`` is its id.

    ``detail`` says in the palette what waits there; ``is_last`` puts it at the rail's foot.
    ``modules`` are what it is made of, where loading them takes so long that a key would wait;
    ``begin`` is what can be done by itself before it is made, so that a key comes in between.
    """

    id: str
    title: str
    icon: str
    key: str
    factory: Callable[[], QWidget]
    is_last: bool = False
    detail: Callable[[], str] | None = None
    modules: tuple[str, ...] = ()
    begin: Callable[[], object] | None = None


class _RailButton(PaintedButton):
    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.title)
        self._icon = workspace.icon
        self._badge = ""
        self._badge_tint = "conflict"
        self.setCheckable(True)
        self.set_key(workspace.key)

    def set_key(self, key: str) -> None:
        self.setToolTip(f"{self.text()}  ({key})" if key else self.text())

    def set_badge(self, badge: str, meaning: str, tint: str) -> None:
        self._badge, self._badge_tint = badge, tint
        self.setAccessibleName(f"{self.text()}, {meaning}" if badge else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        width = max(px(56), text_width(self.text(), 11, SEMIBOLD) + px(4))
        return QSize(width, px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        if self.isChecked():
            fill_round(painter, box, colour("accent_weak"))
        elif self.underMouse():
            fill_round(painter, box, colour("surface2"))
        token = "accent" if self.isChecked() else "text2"
        side = px(20)
        middle = (self.width() - side) // 2
        paint_icon(painter, self._icon, QRect(middle, px(8), side, side), token)
        painter.setFont(font(11, SEMIBOLD if self.isChecked() else MEDIUM))
        painter.setPen(colour(token))
        painter.drawText(QRect(0, px(29), self.width(), px(18)), CENTRED, self.text())
        if self._badge:
            self._paint_badge(painter, middle + side)
        self.paint_ring(painter)

    def _paint_badge(self, painter: QPainter, x: int) -> None:
        width = max(px(16), text_width(self._badge, 11, SEMIBOLD) + px(8))
        box = QRect(min(x - px(4), self.width() - width), px(2), width, px(16))
        fill_round(painter, QRectF(box), colour(self._badge_tint), px(8))
        painter.setFont(font(11, SEMIBOLD))
        is_critical = self._badge_tint == "critical_fill"
        painter.setPen(colour("on_critical_fill" if is_critical else "surface"))
        painter.drawText(box, CENTRED, self._badge)


class Rail(Painted):
    """The workspaces' buttons; ``chosen`` carries a workspace's id."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: dict[str, _RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addWidget(Logo(26), 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(12)
        self._column.addStretch(1)
        self._first_count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        """Take the margins from the look that holds now."""
        self._column.setContentsMargins(px(4), px(11), px(4), px(8))
        super().restyle()

    def add(self, workspace: Workspace) -> None:
        """Add a workspace's button, at the foot if it wants to be last."""
        button = _RailButton(workspace)
        button.clicked.connect(lambda: self.chosen.emit(workspace.id))
        self._group.addButton(button)
        self._buttons[workspace.id] = button
        at_centre = Qt.AlignmentFlag.AlignHCenter
        if workspace.is_last:
            self._column.addWidget(button, 0, at_centre)
        else:
            self._column.insertWidget(2 + self._first_count, button, 0, at_centre)
            self._first_count += 1

    def mark(self, workspace_id: str) -> None:
        """Show which workspace is open."""
        self._buttons[workspace_id].setChecked(True)
        for button in self._buttons.values():
            button.update()

    def set_key(self, workspace_id: str, key: str) -> None:
        """Show another key in a button's tooltip."""
        self._buttons[workspace_id].set_key(key)

    def set_badge(
        self, workspace_id: str, count: int, meaning: str, tint: str = "conflict"
    ) -> None:
        """Show how many things need somebody there; 0 takes the badge away."""
        self._buttons[workspace_id].set_badge(str(count) if count else "", meaning, tint)

    def sizeHint(self) -> QSize:
        return QSize(max(px(64), super().sizeHint().width()), px(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg"))
        x = 0 if self.isRightToLeft() else self.width() - 1
        painter.fillRect(x, 0, 1, self.height(), colour("line"))
