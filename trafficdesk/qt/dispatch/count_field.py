"""A small number: typed, stepped by arrow keys, or by two buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QSpinBox, QWidget

from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.input_field import FieldBox
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel


class _Spin(QSpinBox):
    """The bare number; its box draws edge and ring."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.restyle()

    def restyle(self) -> None:
        """Take the font from the look that holds now."""
        self.setFont(font(13, MEDIUM))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, colour("text"))
        palette.setColor(QPalette.ColorRole.Base, colour("surface"))
        self.setPalette(palette)
        self.setFixedWidth(px(30))


class CountField(QWidget):
    """A name, and how many: within bounds."""

    changed = Signal(int)

    def __init__(self, name: str, bounds: tuple[int, int], icon: str = "") -> None:
        super().__init__()
        self.spin = _Spin()
        self.spin.setAccessibleName(name)
        self.spin.setRange(*bounds)
        less = IconButton("minus", say("{name}: one less").format(name=name), size_px=24)
        more = IconButton("plus", say("{name}: one more").format(name=name), size_px=24)
        for button, step in ((less, self.spin.stepDown), (more, self.spin.stepUp)):
            button.clicked.connect(step)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box = FieldBox(32)
        box.row.setSpacing(2)
        for widget in (less, self.spin, more):
            box.row.addWidget(widget)
        box.setFixedWidth(px(108))
        self._box = box
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if icon:
            row.addWidget(IconLabel(icon, 16, "text2"))
        row.addWidget(ElidedLabel(name, 12, MEDIUM, "text2"), 1)
        row.addWidget(box)
        self.setFocusProxy(self.spin)
        self.spin.valueChanged.connect(self.changed)

    def restyle(self) -> None:
        """Take the width from the look that holds now."""
        self._box.setFixedWidth(px(108))

    def value(self) -> int:
        """Return how many."""
        return self.spin.value()

    def set_value(self, count: int) -> None:
        """Show how many."""
        self.spin.setValue(count)
