"""Popup menus in the look of the desk, with the key at the end of each line."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionMenuItem,
    QWidget,
)

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import icon
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    edge_round,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of a menu; ``refusal`` says why it can't be chosen now."""

    text: str
    handler: Callable[[], object]
    key: str = ""
    icon: str = ""
    is_checked: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class MenuHeading:
    """What the lines below it have in common."""

    text: str


class _MenuStyle(QProxyStyle):
    """Rows of 32 px with check or icon, words and a keycap; only menus ever use it."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        is_row = kind is QStyle.ContentsType.CT_MenuItem
        if not is_row or not isinstance(option, QStyleOptionMenuItem):
            # The stubs forget that C++ takes no widget, too.
            return super().sizeFromContents(kind, option, size, cast("QWidget", widget))
        if option.menuItemType is QStyleOptionMenuItem.MenuItemType.Separator:
            width = text_width(option.text, 12, SEMIBOLD) + px(16)
            return QSize(max(px(180), width), px(32 if option.text else 9))
        words, _, key = option.text.partition("\t")
        width = px(36) + text_width(words.replace("&", ""), 13, MEDIUM) + px(16)
        width += px(16) + keycap_size(key).width() if key else 0
        return QSize(max(px(180), width), px(32))

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric in {QStyle.PixelMetric.PM_MenuVMargin, QStyle.PixelMetric.PM_MenuHMargin}:
            return px(4)
        return super().pixelMetric(metric, option, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element is QStyle.ControlElement.CE_MenuItem and isinstance(
            option, QStyleOptionMenuItem
        ):
            _paint_row(painter, option)
        elif element is QStyle.ControlElement.CE_MenuEmptyArea:
            painter.fillRect(option.rect, colour("surface"))
        else:
            super().drawControl(element, option, painter, widget)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element is QStyle.PrimitiveElement.PE_PanelMenu:
            painter.fillRect(option.rect, colour("surface"))
        elif element is QStyle.PrimitiveElement.PE_FrameMenu:
            edge_round(painter, QRectF(option.rect), colour("line2"), 0)
        else:
            super().drawPrimitive(element, option, painter, widget)


def _paint_row(painter: QPainter, option: QStyleOptionMenuItem) -> None:
    row: QRect = option.rect
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(row, colour("surface"))
    if option.menuItemType is QStyleOptionMenuItem.MenuItemType.Separator:
        _paint_separator(painter, option)
        painter.restore()
        return
    is_enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
    if is_enabled and option.state & QStyle.StateFlag.State_Selected:
        fill_round(painter, QRectF(row), colour("accent_weak"), 4)

    def put(x: int, width: int, height: int) -> QRect:
        box = QRect(row.x() + x, row.y() + (row.height() - height) // 2, width, height)
        return QStyle.visualRect(option.direction, row, box)

    words, _, key = option.text.partition("\t")
    lead = put(px(8), px(16), px(16))
    if option.checked:
        paint_check(painter, QRectF(lead), colour("accent"))
    elif not option.icon.isNull():
        option.icon.paint(painter, lead)
    painter.setFont(font(13, MEDIUM))
    painter.setPen(colour("text" if is_enabled else "text3"))
    paint_line(painter, put(px(32), row.width() - px(40), row.height()), words.replace("&", ""))
    if key:
        cap = keycap_size(key)
        paint_keycap(
            painter, put(row.width() - px(8) - cap.width(), cap.width(), cap.height()), key
        )
    painter.restore()


def _paint_separator(painter: QPainter, option: QStyleOptionMenuItem) -> None:
    row: QRect = option.rect
    y = row.y() + px(4) if option.text else row.center().y()
    painter.fillRect(row.x(), y, row.width(), 1, colour("line"))
    if option.text:
        box = row.adjusted(px(8), px(6), -px(8), 0)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(colour("text2"))
        paint_line(painter, QStyle.visualRect(option.direction, row, box), option.text)


@cache
def _style() -> _MenuStyle:
    return _MenuStyle()


class Menu(QMenu):
    """A menu of the desk; arrow keys, first letters, Enter and Esc work as in any menu."""

    def __init__(
        self, items: tuple[MenuItem | MenuHeading | None, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setStyle(_style())
        self.setToolTipsVisible(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for item in items:
            if item is None:
                self.addSeparator()
            elif isinstance(item, MenuHeading):
                self.addSection(item.text)
            else:
                self._add(item)

    def _add(self, item: MenuItem) -> None:
        action = QAction(f"{item.text}\t{item.key}" if item.key else item.text, self)
        action.setEnabled(not item.refusal)
        action.setToolTip(item.refusal or item.text)
        if item.icon:
            action.setIcon(icon(item.icon, "text" if not item.refusal else "text3"))
        if item.is_checked:
            action.setCheckable(True)
            action.setChecked(True)
        handler = item.handler
        action.triggered.connect(lambda _checked=False: handler())
        self.addAction(action)

    def open_below(self, anchor: QWidget) -> None:
        """Show the menu under a button, at its leading edge."""
        corner = QPoint(0, anchor.height() + 4)
        if anchor.isRightToLeft():
            corner.setX(anchor.width() - self.sizeHint().width())
        self.popup(anchor.mapToGlobal(corner))
