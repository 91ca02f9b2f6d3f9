"""Asks for the name and kind of an area just drawn, or for another name, over the map."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.domain.vocabulary import GeofenceKind
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import Painted, edge_round, fill_round, painter_on


class AreaForm(Painted):
    """``saved`` carries name and kind, ``cancelled`` gives up."""

    saved = Signal(str, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", 13, 600)
        self.name = InputField(self.tr("Name"))
        self.name.submitted.connect(self._save)
        self.kind = Choice(
            self.tr("Kind"),
            (
                (GeofenceKind.GEOFENCE, self.tr("Geofence")),
                (GeofenceKind.PATROL_AREA, self.tr("Patrol area")),
            ),
        )
        self.save_button = ActionButton(self.tr("Keep"), "Enter", Kind.PRIMARY)
        self.save_button.clicked.connect(self._save)
        cancel = ActionButton(self.tr("Discard"), "Esc", Kind.GHOST)
        cancel.clicked.connect(self.cancelled)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        for widget in (self.title, self.name, self.kind):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.setFocusProxy(self.name)
        self.hide()

    def ask(self, title: str, name: str = "", *, asks_kind: bool) -> None:
        """Ask, with the keyboard in the field."""
        self.title.setText(title)
        self.name.set_text(name)
        self.name.set_error("")
        self.kind.setVisible(asks_kind)
        self.kind.choose(GeofenceKind.GEOFENCE)
        self.adjustSize()
        self.show()
        self.raise_()
        self.name.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say in place what is wrong."""
        self.name.set_error(sentence)
        self.adjustSize()
        self.name.setFocus()

    def _save(self) -> None:
        self.saved.emit(self.name.text(), self.kind.chosen_id())

    def sizeHint(self) -> QSize:
        return QSize(px(360), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        fill_round(painter, QRectF(self.rect()), colour("surface"), 8)
        edge_round(painter, QRectF(self.rect()), colour("line2"), 8)
