"""A look is changed while the desk runs, and everything follows."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice, colour, is_dark, px
from trafficdesk.qt.theme.tokens import DARK, LIGHT
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label


def test_the_theme_changes_while_the_desk_runs(
    appearance: Appearance, qapp: QApplication, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    label = Label("Report", 13)
    column.addWidget(label)
    window.show()
    appearance.apply(ThemeChoice.DARK, 100, Density.COMFORTABLE)
    assert is_dark()
    assert colour("text").name().upper() == DARK["text"]
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == DARK["text"]
    assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == DARK["surface"]
    appearance.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == LIGHT["text"]


def test_widgets_grow_with_the_text(appearance: Appearance, qtbot: QtBot) -> None:
    button = ActionButton("Approve", "A")
    qtbot.addWidget(button)
    before = button.sizeHint()
    appearance.apply(ThemeChoice.LIGHT, 150, Density.COMFORTABLE)
    assert button.sizeHint().height() == round(before.height() * 1.5)
    assert button.sizeHint().width() > before.width() * 1.4


def test_a_scale_outside_the_bounds_is_brought_back(appearance: Appearance) -> None:
    appearance.apply(ThemeChoice.LIGHT, 300, Density.COMFORTABLE)
    assert px(100) == 150
    appearance.apply(ThemeChoice.LIGHT, 10, Density.COMFORTABLE)
    assert px(100) == 100


def test_the_desk_uses_no_style_sheet(qapp: QApplication) -> None:
    assert qapp.styleSheet() == ""
