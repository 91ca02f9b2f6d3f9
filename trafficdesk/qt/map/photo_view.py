"""A photo's thumbnail in the card, as wide as the column."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, Painted, fill_round, painter_on


class PhotoView(Painted):
    """The first photo of a report, cut to 16:9; words where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._words = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_photo(self, content: bytes, name: str) -> None:
        """Show a photo (JPEG or WebP bytes made by this desk)."""
        self._image = QImage.fromData(content)
        self._words = "" if not self._image.isNull() else self.tr("The photo cannot be shown")
        self._tell(name)

    def show_words(self, words: str) -> None:
        """Say why there is no photo."""
        self._image, self._words = QImage(), words
        self._tell(words)

    def _tell(self, name: str) -> None:
        self.setAccessibleName(name)
        self.restyle()

    def has_photo(self) -> bool:
        """Tell whether a photo is shown."""
        return not self._image.isNull()

    def restyle(self) -> None:
        """Take the height that goes with the width."""
        self.setFixedHeight(round(self.width() * 9 / 16) if self.has_photo() else px(64))
        super().restyle()

    def resizeEvent(self, event: object) -> None:
        self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(264), px(148))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        if self._image.isNull():
            fill_round(painter, box, colour("surface2"))
            painter.setFont(font(12))
            painter.setPen(colour("text2"))
            painter.drawText(box, CENTRED, self._words)
            return
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.setClipPath(path)
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
        fitted = self._image.size().scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        target = QRectF(0, 0, fitted.width(), fitted.height())
        target.moveCenter(box.center())
        painter.drawImage(target, self._image)
        painter.fillRect(box, colour("photo_veil"))
