"""The search field over the map: places by name, reports by plate or reference."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.records import QueueRow
from trafficdesk.maps.gazetteer import FoundPlace
from trafficdesk.maps.surroundings import Found
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, font
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import (
    Painted,
    edge_round,
    fill_round,
    paint_line,
    painter_on,
    placed,
)
from trafficdesk.qt.words import violation_word

WIDTH_PX = 312


class FoundButton(PaintedButton):
    """One thing found: its name, and what and where it is."""

    def __init__(self, name: str, detail: str, icon: str) -> None:
        super().__init__(name)
        self._detail = detail
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name}, {detail}" if detail else name)

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH_PX), px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.hasFocus():
            fill_round(painter, QRectF(self.rect()), colour("accent_weak"), 4)
        elif self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("hover"), 4)
        side = px(16)
        mark = QRect(px(8), (self.height() - side) // 2, side, side)
        paint_icon(painter, self._icon, placed(self, mark), "text2")
        room = self.width() - px(40)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        paint_line(painter, placed(self, QRect(px(32), px(3), room, px(18))), self.text())
        painter.setFont(font(12, REGULAR))
        painter.setPen(colour("text2"))
        paint_line(painter, placed(self, QRect(px(32), px(20), room, px(17))), self._detail)


class PlaceSearch(Painted):
    """``searched`` carries what was typed; the rest what was chosen of what was found."""

    searched = Signal(str)
    place_chosen = Signal(object)
    report_chosen = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = InputField(self.tr("Find a place"), shows_name=False, icon="search")
        self.field.set_placeholder(self.tr("Place, plate, reference"))
        self.field.edited.connect(self.searched)
        self.field.submitted.connect(self._take_first)
        self.nothing = Label("", 12, 400, "text2")
        self.nothing.hide()
        self._buttons: list[FoundButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.field)
        self._column.addWidget(self.nothing)
        self.setFocusProxy(self.field)
        self.restyle()

    def restyle(self) -> None:
        """Take the width from the look that holds now."""
        self.setFixedWidth(px(WIDTH_PX))
        self._fit()
        super().restyle()

    def _fit(self) -> None:
        inset = px(4) if self.is_open else 0
        self._column.setContentsMargins(inset, inset, inset, inset)
        self.nothing.setContentsMargins(px(8), px(8), px(8), px(8))
        self._column.activate()
        self.resize(self.width(), self._column.totalSizeHint().height())

    @property
    def is_open(self) -> bool:
        """Tell whether something found, or that there is nothing, is shown."""
        return bool(self._buttons) or not self.nothing.isHidden()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def show_found(self, found: Found) -> None:
        """Show what a search has found below the field."""
        self._clear()
        for row in found.reports:
            self._add(
                format_plate(row.plate) or row.reference,
                f"{violation_word(row.violation)} · {row.reference}",
                "file-text",
                partial(self._choose_report, row),
            )
        for place in found.places:
            detail = " · ".join(filter(None, (self._kind(place), place.near)))
            icon = "route" if place.kind == "street" else "map-pin"
            self._add(place.name, detail, icon, partial(self._choose_place, place))
        self.nothing.setText(self.tr("Nothing of that name on this map"))
        self.nothing.setVisible(not self._buttons)
        self._fit()

    def _kind(self, place: FoundPlace) -> str:
        return {
            "street": self.tr("Street"),
            "place": self.tr("Area"),
            "poi": self.tr("Place"),
            "postal": self.tr("Postal code"),
        }.get(place.kind, "")

    def _add(self, name: str, detail: str, icon: str, act: Callable[[], None]) -> None:
        button = FoundButton(name, detail, icon)
        button.clicked.connect(lambda _on=False: act())
        self._buttons.append(button)
        self._column.addWidget(button)

    def _clear(self) -> None:
        for button in self._buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        self.nothing.hide()

    def close_found(self) -> None:
        """Take the list away."""
        self._clear()
        self._fit()
        self.update()

    def found_names(self) -> list[str]:
        """Return what is offered."""
        return [button.text() for button in self._buttons]

    def _choose_place(self, place: FoundPlace) -> None:
        self.field.set_text(place.name)
        self.close_found()
        self.place_chosen.emit(place)
        self.left.emit()

    def _choose_report(self, row: QueueRow) -> None:
        self.close_found()
        self.report_chosen.emit(row.pk)
        self.left.emit()

    def _take_first(self) -> None:
        if self._buttons:
            self._buttons[0].click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(event.key(), 0)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = QApplication.focusWidget()
            if isinstance(focused, FoundButton):
                focused.click()
            return
        if not step or not self._buttons:
            super().keyPressEvent(event)
            return
        at = next((i for i, button in enumerate(self._buttons) if button.hasFocus()), -1) + step
        if at < 0:
            self.field.setFocus()
        else:
            self._buttons[min(at, len(self._buttons) - 1)].setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_open:
            painter = painter_on(self)
            fill_round(painter, QRectF(self.rect()), colour("surface"), 8)
            edge_round(painter, QRectF(self.rect()), colour("line2"), 8)
