"""Photos for a new report: chosen or dropped, examined before they are taken."""

from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.refusal_words import picture_sentence
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton
from trafficdesk.qt.widgets.flow import FlowLayout, clear_layout
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.pictures import Examined, PictureRefused, examine_file

MOST_PHOTOS: Final = 10


class _Taken(QWidget):
    """A photo that was taken, with a way to leave it out again."""

    removed = Signal()

    def __init__(self, name: str, photo: Examined) -> None:
        super().__init__()
        view = PhotoView()
        view.setFixedSize(QSize(px(144), px(81)))
        view.setAccessibleName(name)
        view.show_image(QImage.fromData(photo.thumbnail))
        remove = IconButton("x", self.tr("Leave out {name}").format(name=name), size_px=24)
        remove.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(view)
        row.addWidget(remove)


class PhotoDrop(QWidget):
    """``changed`` when photos were taken or left out; ``photos`` in their order."""

    changed = Signal()

    def __init__(self, lanes: Lanes, zone: ZoneInfo) -> None:
        super().__init__()
        self._lanes = lanes
        self._zone = zone
        self._taken: list[tuple[str, Examined]] = []
        self.setAcceptDrops(True)
        self._add = ActionButton(self.tr("Add photos"), icon="camera")
        self._add.clicked.connect(self.choose)
        self._hint = Label(self.tr("or drop them here"), 12, 400, "text2")
        self.error = Label("", 12, 500, "critical").set_wrapped()
        self.error.hide()
        self._flow = FlowLayout(8)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._add)
        top.addWidget(self._hint)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(self._flow)
        column.addWidget(self.error)

    def photos(self) -> list[Examined]:
        """Return the photos that were taken."""
        return [photo for _, photo in self._taken]

    def clear(self) -> None:
        """Leave all photos out."""
        self._taken.clear()
        self.error.hide()
        self._show()

    def choose(self) -> None:
        """Let files be chosen."""
        files, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Photos to add"),
            "",
            self.tr("Photos ({patterns})").format(patterns="*.jpg *.jpeg *.png *.webp"),
        )
        self.take(tuple(map(Path, files)))

    def take(self, files: tuple[Path, ...]) -> None:
        """Examine files and take those that are sound photos; say why others are not."""
        self.error.hide()
        self.error.setText("")
        room = MOST_PHOTOS - len(self._taken)
        if len(files) > room:
            words = QCoreApplication.translate(
                "PhotoDrop", "At most %n photos are filed at once.", None, MOST_PHOTOS
            )
            self._refuse(words)
        zone = self._zone
        for file in files[:room]:
            self._lanes.owned_by(self).run(
                Lane.IO, partial(examine_file, file, zone), partial(self._examined, file.name)
            )

    def _examined(self, name: str, found: Examined | PictureRefused) -> None:
        if isinstance(found, PictureRefused):
            self._refuse(f"{name}: {picture_sentence(found)}")
            return
        if found.sha256 not in {photo.sha256 for photo in self.photos()}:
            self._taken.append((name, found))
            self._show()

    def _refuse(self, sentence: str) -> None:
        lines = [line for line in self.error.text().split("\n") if line]
        self.error.setText("\n".join([*lines, sentence]))
        self.error.show()

    def _show(self) -> None:
        clear_layout(self._flow)
        for index, (name, photo) in enumerate(self._taken):
            widget = _Taken(name, photo)
            widget.removed.connect(partial(self._remove, index))
            self._flow.addWidget(widget)
        self._hint.setVisible(not self._taken)
        self.updateGeometry()
        self.changed.emit()

    def _remove(self, index: int) -> None:
        del self._taken[index]
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.take(tuple(files))
        event.acceptProposedAction()
