"""A number of minutes: typed, stepped by arrow keys, or by two buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QSpinBox, QWidget

from trafficdesk.qt.theme.fonts import MEDIUM, font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.input_field import FieldBox


class _Spin(QSpinBox):
    """The bare number; its box draws edge and ring."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setKeyboardTracking(False)
        self.restyle()

    def restyle(self) -> None:
        """Take the font from the look that holds now."""
        self.setFont(font(13, MEDIUM))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, colour("text"))
        palette.setColor(QPalette.ColorRole.Base, colour("surface"))
        self.setPalette(palette)
        self.setMinimumWidth(px(72))


class MinutesField(QWidget):
    """Minutes within bounds; ``chosen`` carries what the officer chose."""

    chosen = Signal(int)

    def __init__(self, name: str, least: int, most: int) -> None:
        super().__init__()
        self.spin = _Spin()
        self.spin.setAccessibleName(name)
        self.spin.setRange(least, most)
        self.spin.setSuffix(self.tr(" min"))
        less = IconButton("minus", self.tr("One minute less"))
        more = IconButton("plus", self.tr("One minute more"))
        less.clicked.connect(self.spin.stepDown)
        more.clicked.connect(self.spin.stepUp)
        box = FieldBox()
        for widget in (less, self.spin, more):
            box.row.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(box)
        row.addStretch(1)
        self.setFocusProxy(self.spin)
        self.spin.valueChanged.connect(self.chosen)

    def show_minutes(self, minutes: int) -> None:
        """Show minutes without telling anybody."""
        blocked = self.spin.blockSignals(True)
        self.spin.setValue(minutes)
        self.spin.blockSignals(blocked)
