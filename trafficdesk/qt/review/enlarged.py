"""The open photo over the whole workspace; deciding goes on below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.qt.review.media_viewer import MediaViewer
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.theme.palette import colour
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.qt.widgets.painting import Painted, painter_on


class EnlargedPhoto(Painted):
    """Follows the viewer's open photo; ``closed`` when the officer is done."""

    closed = Signal()

    def __init__(self, viewer: MediaViewer) -> None:
        super().__init__()
        self._viewer = viewer
        self.view = PhotoView(is_rounded=False)
        self.view.setAccessibleName(self.tr("Photo, enlarged"))
        self.view.enlarged.connect(self.closed)
        self._title = ElidedLabel("", 13, 600)
        self.zoom_out = IconButton("zoom-out", self.tr("Zoom out"))
        self.zoom_in = IconButton("zoom-in", self.tr("Zoom in"))
        self.turn = IconButton("rotate-cw", self.tr("Turn by a quarter"))
        self.zoom_out.clicked.connect(lambda: self.view.zoom_by(-1))
        self.zoom_in.clicked.connect(lambda: self.view.zoom_by(1))
        self.turn.clicked.connect(self.view.turn)
        self.close_button = ActionButton(self.tr("Close"), kind=Kind.GHOST)
        self.close_button.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 12, 8)
        top.addWidget(self._title, 1)
        for each in (self.zoom_out, self.zoom_in, self.turn, self.close_button):
            top.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        viewer.shown.connect(self.follow)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()

    def set_title(self, title: str) -> None:
        """Say which report this is."""
        self._title.setText(title)

    def follow(self) -> None:
        """Show what the viewer shows."""
        if self.isHidden():
            return
        image = self._viewer.view.image()
        self.view.time_label = self._viewer.view.time_label
        self.view.count_label = self._viewer.view.count_label
        if image is None:
            self.view.show_nothing()
        else:
            self.view.show_image(image)

    def open(self) -> None:
        """Cover the workspace."""
        self.show()
        self.raise_()
        self.follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter_on(self).fillRect(event.rect(), colour("surface"))
