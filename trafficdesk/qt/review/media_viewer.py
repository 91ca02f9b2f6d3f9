"""The photos of a report: the open one large, the others in a strip beside it."""

from datetime import tzinfo

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trafficdesk.domain.records import Media
from trafficdesk.qt.ages import clock, moment
from trafficdesk.qt.review.photo_news import is_here, label_of, may_retry, words_of
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.review.photos import Photo, PhotoFailed, Photos
from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, is_dark, px
from trafficdesk.qt.widgets.buttons import ActionButton, PaintedButton
from trafficdesk.qt.widgets.painting import CENTRED, edge_round, fill_round, paint_focus, painter_on

_GAP = 8
_SHOWN = 4


class _Thumbnail(PaintedButton):
    """A small photo of the strip."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self._label = label
        self._image: QImage | None = None
        self._is_failed = False
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def take(self, photo: Photo) -> None:
        """Show the photo, or that there is none."""
        self._is_failed = isinstance(photo, PhotoFailed)
        self._image = None if isinstance(photo, PhotoFailed) else photo
        self.update()

    @property
    def is_failed(self) -> bool:
        """Tell whether there is no photo to show."""
        return self._is_failed

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        fill_round(painter, box, colour("surface2"))
        inner = self.rect().adjusted(4, 4, -4, -4) if self.isChecked() else self.rect()
        if self._image is not None:
            self._paint_image(painter, inner)
        elif self._is_failed:
            side = px(18)
            spot = QRect(0, 0, side, side)
            spot.moveCenter(self.rect().center())
            paint_icon(painter, "image-off", spot, "text3")
        if self._label:
            self._paint_label(painter, inner)
        if self.isChecked():
            edge_round(painter, box, colour("accent"), 6, 2.0)
        if self.hasFocus():
            paint_focus(painter, box.adjusted(3, 3, -3, -3))

    def _paint_image(self, painter: QPainter, inner: QRect) -> None:
        if self._image is None:
            return
        from PySide6.QtGui import QPainterPath

        painter.save()
        path = QPainterPath()
        path.addRoundedRect(QRectF(inner), 4, 4)
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(
            inner.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(inner.center())
        painter.drawImage(target, self._image)
        if is_dark():
            painter.fillRect(inner, colour("photo_veil"))
        painter.restore()

    def _paint_label(self, painter: QPainter, inner: QRect) -> None:
        width = min(inner.width() - 6, text_width(self._label, 11, MEDIUM) + px(10))
        box = QRect(inner.x() + 3, inner.bottom() - px(18) - 2, width, px(18))
        fill_round(painter, QRectF(box), colour("photo_label"), 4)
        painter.setFont(font(11, MEDIUM))
        painter.setPen(colour("photo_label_text"))
        painter.drawText(box, CENTRED, self._label)


class MediaViewer(QWidget):
    """16:9 and as wide as there is room, but never taller than ``max_height``.

    ``shown`` when the open photo is on screen (or has failed), ``enlarged`` to see it large.
    """

    shown = Signal()
    enlarged = Signal()

    def __init__(self, photos: Photos, zone: tzinfo) -> None:
        super().__init__()
        self._photos = photos
        self._zone = zone
        self._media: tuple[Media, ...] = ()
        self._open = 0
        self._first = 0
        self._strip_px = 76
        self._max_height = 10_000
        self.view = PhotoView()
        self.view.setParent(self)
        self._enlarge_key = self._marks_key = ""
        self.view.enlarged.connect(self.enlarged)
        self.view.setAccessibleName(self.tr("Photo"))
        self.retry = ActionButton(self.tr("Try again"), icon="refresh-cw")
        self.retry.setParent(self)
        self.retry.hide()
        self.retry.clicked.connect(self._retry)
        photos.news.told.connect(self._take_news)
        self._thumbs: list[_Thumbnail] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_enlarge_key(self, key: str) -> None:
        """Show another key for enlarging."""
        self._enlarge_key = key
        self._show_keys()

    def set_marks_key(self, key: str) -> None:
        """Show another key for hiding the labels."""
        self._marks_key = key
        self._show_keys()

    def _show_keys(self) -> None:
        said = ((self._enlarge_key, self.tr("enlarge")), (self._marks_key, self.tr("hide labels")))
        self.view.keys_label = "      ".join(f"{key}  {words}" for key, words in said if key)
        self.view.update()

    def media(self) -> tuple[Media, ...]:
        """Return the photos it shows."""
        return self._media

    def open_index(self) -> int:
        """Return which photo is open."""
        return self._open

    def set_proportions(self, strip_px: int, max_height: int) -> None:
        """Give the strip its width and the whole its greatest height."""
        self._strip_px, self._max_height = strip_px, max_height
        self._place()

    def show_media(self, media: tuple[Media, ...]) -> None:
        """Show the photos of a report, the first one open; nothing moves when they are the same."""
        names = tuple(m.sha256 for m in media)
        self._photos.news.follow(names)
        if names == tuple(m.sha256 for m in self._media):
            return
        self._media, self._open, self._first = media, 0, 0
        for thumb in self._thumbs:
            thumb.hide()
            thumb.deleteLater()
        self._thumbs = [self._thumbnail(n, each) for n, each in enumerate(media)]
        self.view.show_nothing()
        self._place()
        self._show_open()

    def _thumbnail(self, number: int, media: Media) -> _Thumbnail:
        label = "" if media.taken_at is None else clock(media.taken_at, self._zone, seconds=True)
        name = self.tr("Photo {number} of {count}").format(
            number=number + 1, count=len(self._media)
        )
        thumb = _Thumbnail(name, label)
        thumb.setParent(self)
        thumb.clicked.connect(lambda: self.open(number))
        self._photos.ask(media, thumb.take, is_thumbnail=True)
        return thumb

    def open(self, index: int) -> None:
        """Open one of the photos."""
        if 0 <= index < len(self._media):
            self._open = index
            self._show_open()
            self._place()

    def step(self, by: int) -> None:
        """Open the photo so many places on."""
        if self._media:
            self.open((self._open + by) % len(self._media))

    def toggle_labels(self) -> None:
        """Show or hide what lies over the photo."""
        self.view.shows_labels = not self.view.shows_labels
        self.view.update()

    def _show_open(self) -> None:
        for number, thumb in enumerate(self._thumbs):
            thumb.setChecked(number == self._open)
        if not self._media:
            return
        media = self._media[self._open]
        self.view.time_label = (
            "" if media.taken_at is None else moment(media.taken_at, self._zone, seconds=True)
        )
        count = len(self._media)
        self.view.count_label = (
            self.tr("{number} of {count}").format(number=self._open + 1, count=count)
            if count > 1
            else ""
        )
        self.view.setAccessibleDescription(self.view.time_label)
        self._photos.ask(media, lambda photo: self._take(media, photo))
        self._take_news()

    def _take_news(self) -> None:
        """Say what became of the photos; ask again for those that have come."""
        news = self._photos.news
        for media, thumb in zip(self._media, self._thumbs, strict=True):
            if thumb.is_failed and is_here(news.find(media.sha256)):
                self._photos.ask(media, thumb.take, is_thumbnail=True)
        if not self._media:
            return
        media = self._media[self._open]
        found = news.find(media.sha256)
        self.view.tell_news(label_of(found), words_of(found))
        self.retry.setVisible(may_retry(found))
        if self.view.is_missing and is_here(found):
            self._photos.ask(media, lambda photo: self._take(media, photo))

    def _retry(self) -> None:
        self.retry.hide()
        self._photos.news.retry(self._media[self._open].sha256)

    def _take(self, media: Media, photo: Photo) -> None:
        if not self._media or self._media[self._open].sha256 != media.sha256:
            return
        if isinstance(photo, PhotoFailed):
            self.view.show_failure(photo)
        else:
            self.view.show_image(photo, self._photos.find_fitted(media))
        self.shown.emit()

    # layout

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def height_for(self, width: int) -> int:
        """Return how tall it is at a width."""
        photo = max(1, width - px(self._strip_px) - px(_GAP))
        return min(photo * 9 // 16, self._max_height)

    def _place(self) -> None:
        # The strip keeps its room for a single photo: from report to report nothing moves.
        strip, gap = px(self._strip_px), px(_GAP)
        width = max(1, self.width() - strip - gap)
        height = self.height_for(self.width())
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)
        photo = QRect(0, 0, width, height)
        self.view.setGeometry(self._mirrored(photo))
        button = QRect(QPoint(), self.retry.sizeHint())
        button.moveCenter(QPoint(photo.center().x(), photo.bottom() - px(28)))
        self.retry.setGeometry(self._mirrored(button))
        self._photos.fit_size = photo.size() * self.devicePixelRatioF()
        shown = min(_SHOWN, len(self._thumbs))
        if not shown:
            return
        self._first = max(0, min(self._open - 1, len(self._thumbs) - shown))
        each = (height - gap * (_SHOWN - 1)) // _SHOWN
        for number, thumb in enumerate(self._thumbs):
            at = number - self._first
            is_shown = 0 <= at < shown
            thumb.setVisible(is_shown)
            if is_shown:
                box = QRect(width + gap, at * (each + gap), strip, each)
                thumb.setGeometry(self._mirrored(box))

    def _mirrored(self, box: QRect) -> QRect:
        if self.isRightToLeft():
            return QRect(self.width() - box.x() - box.width(), box.y(), box.width(), box.height())
        return box
