"""The one window: the unlock screen or the desk, its size and place, and the look in force."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.settings import DeskSettings
from trafficdesk.qt.shell.logo import window_icon
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.qt.widgets.panels import Panel, StackedPage

if TYPE_CHECKING:
    from trafficdesk.qt.shell.desk import DeskView

LEAST = QSize(960, 600)
USUAL = QSize(1280, 720)
UNLOCK_CONTEXT = "unlock"


def apply_look(appearance: Appearance, values: DeskSettings) -> None:
    """Put the look of the settings in force."""
    appearance.apply(ThemeChoice(values.theme), values.text_percent, Density(values.density))


class MainWindow(QMainWindow):
    """Shows one thing at a time. Locking blanks the desk before anything else happens."""

    closing = Signal()

    def __init__(self, equipment: Equipment) -> None:
        super().__init__()
        self._equipment = equipment
        self._desk: DeskView | None = None
        self._unlock: QWidget | None = None
        self._is_locked = False
        self.pages = StackedPage()
        self._blank = Panel("bg")
        self.pages.show_page(self._blank)
        self.setCentralWidget(self.pages)
        self.setWindowTitle(self.tr("TrafficDesk"))
        self.setWindowIcon(window_icon())
        self.setMinimumSize(LEAST)
        self._restore_geometry()
        self._look: tuple[str, int, str] | None = None
        self._follow_settings()
        equipment.settings.changed.connect(self._follow_settings)
        equipment.settings.save_failed.connect(self._tell_not_saved)

    @property
    def desk(self) -> "DeskView | None":
        """The desk of the officer who is signed in."""
        return self._desk

    def show_unlock(self, screen: QWidget) -> None:
        """Blank the desk and show the unlock screen; only its commands act."""
        if not self._is_locked:
            self._is_locked = True
            self._equipment.commands.push_overlay(UNLOCK_CONTEXT)
        old, self._unlock = self._unlock, screen
        self.pages.show_page(screen)
        screen.setFocus()
        if old is not None and old is not screen:
            self._drop(old)

    def show_desk(self, desk: "DeskView") -> None:
        """Show the desk of the officer who has just unlocked it."""
        if self._desk is not None and self._desk is not desk:
            self.close_desk()
        self._desk = desk
        if self._is_locked:
            self._is_locked = False
            self._equipment.commands.pop_overlay(UNLOCK_CONTEXT)
        self.pages.show_page(desk)
        unlock, self._unlock = self._unlock, None
        if unlock is not None:
            self._drop(unlock)
        desk.focus_workspace()

    def blank(self) -> None:
        """Show nothing at all, at once."""
        if self._desk is not None:
            self._desk.overlays.close()
        self.pages.show_page(self._blank)
        self.repaint()

    def close_desk(self) -> None:
        """Destroy the desk with all its workspaces; nothing of it stays in memory on purpose."""
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.overlays.close()
            self._drop(desk)

    def _drop(self, page: QWidget) -> None:
        if self.pages.currentWidget() is page:
            self.pages.show_page(self._blank)
        self.pages.removeWidget(page)
        page.hide()
        page.deleteLater()

    @Slot()
    def _follow_settings(self) -> None:
        values = self._equipment.settings.values
        look = (values.theme, values.text_percent, values.density)
        if look != self._look:
            self._look = look
            apply_look(self._equipment.appearance, values)

    @Slot(object)
    def _tell_not_saved(self, _error: OSError) -> None:
        if self._desk is not None:
            self._desk.banner.tell(
                self.tr("Your settings could not be saved."),
                self.tr(
                    "They hold until the desk is closed. Check the disk and the profile folder."
                ),
            )

    def _restore_geometry(self) -> None:
        kept = QByteArray.fromBase64(self._equipment.settings.values.window.encode())
        if kept.isEmpty() or not self.restoreGeometry(kept):
            self.resize(USUAL)

    def keep_geometry(self) -> None:
        """Remember the window's size and place."""
        encoded = bytes(self.saveGeometry().toBase64().data()).decode()
        self._equipment.settings.change(window=encoded)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_geometry()
        self.closing.emit()
        super().closeEvent(event)
