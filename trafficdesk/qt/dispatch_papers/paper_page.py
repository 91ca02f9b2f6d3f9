"""What both papers' pages share: a column to choose in, the paper beside it, and saving it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.dispatch_papers.paper_view import PaperView
from trafficdesk.qt.shell.overlays import OverlayPanel
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar, ScrollPanel
from trafficdesk.security.durable_file import write_durably

_SIDE_PX = 372
_WIDTH_PX = 1120


def _say(source: str) -> str:
    return QCoreApplication.translate("Papers", source)


class PaperPage(OverlayPanel):
    """Almost as large as the window; ``side`` is the column to choose in."""

    def __init__(self, gear: PapersGear, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.gear = gear
        self.lanes = gear.lanes.owned_by(self)
        self.files: FilePicker = SystemFilePicker()
        self.view = PaperView(title)
        self.message = InlineMessage()
        self.busy = BusyBar()
        self.close_button = IconButton("x", _say("Close"), "Esc")
        self.close_button.clicked.connect(self.close_overlay)
        self.pdf_button = ActionButton(_say("Save as PDF…"), "", Kind.PRIMARY)
        self.side = QVBoxLayout()
        self.side.setSpacing(px(12))
        self.beside = QVBoxLayout()
        self._lay_out(title)

    def _lay_out(self, title: str) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(px(20), px(10), px(12), px(10))
        head.addWidget(Label(title, 15, 600))
        head.addStretch(1)
        head.addWidget(self.close_button)
        choosing = QWidget()
        column = QVBoxLayout(choosing)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        column.setSpacing(px(12))
        column.addLayout(self.side)
        column.addWidget(self.message)
        column.addStretch(1)
        chooser = ScrollPanel(choosing)
        chooser.setFixedWidth(px(_SIDE_PX))
        self.beside.setSpacing(0)
        self.beside.addWidget(self.busy)
        self.beside.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(chooser)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(self.beside, 1)
        self.column.setContentsMargins(1, 1, 1, 8)
        self.column.addLayout(head)
        self.column.addWidget(Hairline())
        self.column.addLayout(row, 1)

    def place(self, area: QRect) -> QRect:
        width = min(px(_WIDTH_PX), area.width() - px(64) - 32)
        height = area.height() - px(88)
        left = area.center().x() - width // 2
        return QRect(left, area.y() + px(64), width, height)

    def save(self, name: str, title: str, make: Callable[[], bytes]) -> None:
        """Ask for a file and write it off this thread: whole, or not at all."""
        path = self.files.to_save(self, title, name)
        if path is None:
            return
        self.message.clear()
        self.busy.set_busy(True)

        def work() -> None:
            write_durably(path, make())

        done, failed = partial(self._tell_saved, path), partial(self._tell_unsaved, path)
        self.lanes.run(Lane.IO, work, done, failed)

    def _tell_saved(self, path: Path, _none: None) -> None:
        self.busy.set_busy(False)
        self.message.note(_say("Saved {name}.").format(name=path.name))

    def _tell_unsaved(self, path: Path, error: Exception) -> None:
        self.busy.set_busy(False)
        if not isinstance(error, OSError):
            self.gear.lanes.failed.emit(error)
            return
        self.message.tell(
            _say("{name} could not be written.").format(name=path.name),
            _say("Nothing is lost, and no half of a file is left. Choose another place."),
        )
