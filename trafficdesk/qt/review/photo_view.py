"""One photo: fitted, zoomed by wheel or keys, dragged, turned; with labels that can be hidden."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.review.photos import PhotoFailed, PhotoFault, fitted_to
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import icon_pixmap
from trafficdesk.qt.theme.palette import colour, is_dark, px
from trafficdesk.qt.widgets.painting import CENTRED, Painted, fill_round, painter_on, placed

MOST_ZOOM: Final = 8.0
_STEP: Final = 1.25
_RADIUS: Final = 6


class PhotoView(Painted):
    """Shows an image. ``enlarged``: the officer double-clicked or pressed the label."""

    enlarged = Signal()
    stepped = Signal(int)

    def __init__(self, *, is_rounded: bool = True) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._failed: PhotoFailed | None = None
        self._scaled: QPixmap | None = None
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._turns = 0
        self._grip: QPointF | None = None
        self._is_rounded = is_rounded
        self.time_label = ""
        self.count_label = ""
        self.keys_label = ""
        self.news_label = ""  # whether it was sent
        self.news_words: tuple[str, str] | None = None  # why it is not here
        self.shows_labels = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    # what it shows

    def show_image(self, image: QImage, fitted: QImage | None = None) -> None:
        """Show a photo, fitted; ``fitted`` is a copy that may have the right size already."""
        if image is self._image:
            return
        self._image, self._failed = image, None
        self._turns = 0
        self.fit()
        if fitted is not None and fitted.size() == self._fitted_size():
            self._scaled = self._as_pixmap(fitted)

    def _fitted_size(self) -> QSize:
        """Return the size of the whole photo in pixels of the screen."""
        return (self._target().size() * self.devicePixelRatioF()).toSize()

    def _as_pixmap(self, fitted: QImage) -> QPixmap:
        pixmap = QPixmap.fromImage(fitted)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        return pixmap

    def show_failure(self, failed: PhotoFailed) -> None:
        """Say in place why there is no photo."""
        self._image, self._failed, self._scaled = None, failed, None
        self.setAccessibleDescription(self.failure_words()[0])
        self.update()

    def tell_news(self, label: str, words: tuple[str, str] | None) -> None:
        """Say over a photo whether it was sent, and in the place of a missing one why."""
        if (label, words) == (self.news_label, self.news_words):
            return
        self.news_label, self.news_words = label, words
        if self.is_missing:
            self.setAccessibleDescription(self.failure_words()[0])
        self.update()

    @property
    def is_missing(self) -> bool:
        """Tell whether the photo is not on this desk."""
        return self._failed is not None and self._failed.fault is PhotoFault.MISSING

    def show_nothing(self) -> None:
        """Be empty: the photo is on its way."""
        self._image = self._failed = self._scaled = None
        self.update()

    def image(self) -> QImage | None:
        """Return what is shown."""
        return self._image

    @property
    def zoom(self) -> float:
        """1 when the photo is fitted."""
        return self._zoom

    def failure_words(self) -> tuple[str, str]:
        """Return what failed and what is safe."""
        if self._failed is None:
            return "", ""
        if self._failed.fault is PhotoFault.MISSING and self.news_words is not None:
            return self.news_words
        words = {
            PhotoFault.MISSING: (
                self.tr("This photo is not on this desk"),
                self.tr("It comes with the next exchange. You can decide without it."),
            ),
            PhotoFault.DAMAGED: (
                self.tr("This photo is damaged"),
                self.tr("The report itself is safe. Station IT can fetch the photo again."),
            ),
            PhotoFault.UNREADABLE: (
                self.tr("This photo can't be read from the disk"),
                self.tr("The report itself is safe. Tell station IT about this desk's disk."),
            ),
        }
        return words[self._failed.fault]

    # zooming and turning

    def fit(self) -> None:
        """Show the whole photo."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self._forget_scaled()

    def zoom_by(self, steps: float, at: QPointF | None = None) -> None:
        """Zoom in (or, negative, out) around a point of the widget."""
        if self._image is None:
            return
        zoom = max(1.0, min(MOST_ZOOM, self._zoom * _STEP**steps))
        if at is not None and zoom > self._zoom:
            target = self._target()
            spot = QPointF(
                (at.x() - target.x()) / target.width(), (at.y() - target.y()) / target.height()
            )
            self._centre += (spot - self._centre) * (1 - self._zoom / zoom)
        self._zoom = zoom
        self._keep_inside()
        self._forget_scaled()

    def turn(self) -> None:
        """Turn the photo by a quarter, clockwise."""
        if self._image is not None:
            self._turns = (self._turns + 1) % 4
            self._image = self._image.transformed(QTransform().rotate(90))
            self.fit()

    def _keep_inside(self) -> None:
        half = 0.5 / self._zoom
        x = max(half, min(1 - half, self._centre.x()))
        y = max(half, min(1 - half, self._centre.y()))
        self._centre = QPointF(x, y)

    def _forget_scaled(self) -> None:
        self._scaled = None
        self.setCursor(
            Qt.CursorShape.OpenHandCursor if self._zoom > 1 else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def _target(self) -> QRectF:
        """Return where the whole photo lies, also beyond the widget's edges."""
        if self._image is None:
            return QRectF(self.rect())
        room, size = self.size(), self._image.size()
        fitted = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        width, height = fitted.width() * self._zoom, fitted.height() * self._zoom
        x = room.width() / 2 - self._centre.x() * width
        y = room.height() / 2 - self._centre.y() * height
        return QRectF(x, y, width, height)

    # events

    def wheelEvent(self, event: QWheelEvent) -> None:
        has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        # Without Ctrl the wheel scrolls the page, unless the photo is zoomed or alone.
        if not has_ctrl and self._zoom <= 1 and self._is_rounded:
            event.ignore()
            return
        self.zoom_by(event.angleDelta().y() / 120, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._zoom > 1 and event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        moved = event.position() - self._grip
        self._grip = event.position()
        target = self._target()
        self._centre -= QPointF(moved.x() / target.width(), moved.y() / target.height())
        self._keep_inside()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._forget_scaled()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enlarged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scaled = None

    def sizeHint(self) -> QSize:
        return QSize(px(460), px(258))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        fill_round(painter, box, colour("surface2"), _RADIUS if self._is_rounded else 0)
        if self._failed is not None:
            self._paint_failure(painter)
            return
        if self._image is None:
            return
        self._paint_image(painter)
        if is_dark():
            painter.fillRect(self._target().intersected(box), colour("photo_veil"))
        if self.shows_labels:
            self._paint_labels(painter)
        if self._is_rounded:
            _round_corners(painter, self.rect())

    def _paint_image(self, painter: QPainter) -> None:
        if self._image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = self._target()
        if self._zoom > 1:
            painter.drawImage(target, self._image)
            return
        if self._scaled is None:
            self._scaled = self._as_pixmap(fitted_to(self._image, self._fitted_size()))
        painter.drawPixmap(target.topLeft(), self._scaled)

    def _paint_labels(self, painter: QPainter) -> None:
        pad, height = px(8), px(22)
        if self.time_label:
            self._paint_label(painter, QRect(pad, pad, 0, height), self.time_label)
        if self.count_label:
            width = text_width(self.count_label, 12, SEMIBOLD) + px(14)
            x = self.width() - pad - width
            self._paint_label(painter, QRect(x, pad, width, height), self.count_label)
        if self.news_label:
            box = QRect(pad, self.height() - pad - height, 0, height)
            self._paint_label(painter, box, self.news_label)
        if self.keys_label:
            width = text_width(self.keys_label, 12, SEMIBOLD) + px(14)
            box = QRect(self.width() - pad - width, self.height() - pad - height, width, height)
            self._paint_label(painter, box, self.keys_label)

    def _paint_label(self, painter: QPainter, box: QRect, words: str) -> None:
        if not box.width():
            box.setWidth(text_width(words, 12, SEMIBOLD) + px(14))
        placed_box = placed(self, box)
        fill_round(painter, QRectF(placed_box), colour("photo_label"), 4)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(colour("photo_label_text"))
        painter.drawText(placed_box, CENTRED, words)

    def _paint_failure(self, painter: QPainter) -> None:
        title, detail = self.failure_words()
        side, middle = px(28), self.height() // 2
        image = icon_pixmap("image-off", side, colour("text3"), self.devicePixelRatioF())
        painter.drawPixmap((self.width() - side) // 2, middle - px(48), image)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        painter.drawText(QRect(0, middle - px(10), self.width(), px(22)), CENTRED, title)
        painter.setFont(font(12))
        painter.setPen(colour("text2"))
        wrapped = int(CENTRED) | Qt.TextFlag.TextWordWrap.value
        painter.drawText(
            QRect(px(16), middle + px(12), self.width() - px(32), px(36)), wrapped, detail
        )


def _round_corners(painter: QPainter, rect: QRect) -> None:
    """Lay the page's colour over the corners: cheaper than clipping a photo at every paint."""
    from PySide6.QtGui import QPainterPath

    whole, inner = QPainterPath(), QPainterPath()
    whole.addRect(QRectF(rect))
    inner.addRoundedRect(QRectF(rect), _RADIUS, _RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("surface"))
    painter.drawPath(whole.subtracted(inner))
