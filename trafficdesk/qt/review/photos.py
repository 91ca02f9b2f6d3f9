"""Photos off the disk: unsealed and decoded on the I/O lane, kept while they are near."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from trafficdesk.domain.records import Media
from trafficdesk.qt.review.photo_news import PhotoNews
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.security.errors import SecurityError
from trafficdesk.services import media as media_files
from trafficdesk.services.media import MediaMissing
from trafficdesk.services.session import Session

ALLOCATION_LIMIT_MB: Final = 256
LONGEST_SIDE_PX: Final = 4096
_FITTED_KEPT: Final = 12
_KEPT_BYTES: Final = 160 * 1024 * 1024


class PhotoFault(StrEnum):
    """Why a photo can't be shown."""

    MISSING = "missing"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PhotoFailed:
    """A photo that can't be shown; ``detail`` is the system's own word."""

    fault: PhotoFault
    detail: str = ""


Photo = QImage | PhotoFailed


def decode(content: bytes) -> Photo:
    """Return the upright picture, no side longer than 4096 px, within the allocation limit."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(ALLOCATION_LIMIT_MB)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE_PX:
        bound = QSize(LONGEST_SIDE_PX, LONGEST_SIDE_PX)
        reader.setScaledSize(size.scaled(bound, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return PhotoFailed(PhotoFault.DAMAGED, reader.errorString())
    # Painting is fastest from this format, and converting belongs to this thread.
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def load_photo(session: Session, media: Media, *, is_thumbnail: bool) -> Photo:
    """Return a photo of a report, or why it can't be shown."""
    try:
        content = media_files.load(session, media, thumbnail=is_thumbnail)
    except SecurityError as error:
        return PhotoFailed(PhotoFault.DAMAGED, type(error).__name__)
    except OSError as error:
        return PhotoFailed(PhotoFault.UNREADABLE, error.strerror or "")
    if isinstance(content, MediaMissing):
        return PhotoFailed(PhotoFault.MISSING)
    return decode(content)


def fitted_to(image: QImage, size: QSize) -> QImage:
    """Return an image scaled smoothly into a size, in its proportions."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(image.size().scaled(size, keep), keep, smooth)


def _load_fitted(
    session: Session, media: Media, fit: QSize, *, is_thumbnail: bool
) -> tuple[Photo, QImage | None]:
    """Return a photo, and a copy that can be painted as it is: scaling takes the screen 10 ms."""
    photo = load_photo(session, media, is_thumbnail=is_thumbnail)
    if isinstance(photo, PhotoFailed) or fit.isEmpty():
        return photo, None
    return photo, fitted_to(photo, fit)


class Photos(QObject):
    """Hands photos out by their content; a photo that is asked for twice is loaded once."""

    def __init__(self, session: Session, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lanes = lanes
        self._kept: OrderedDict[tuple[str, bool], Photo] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[tuple[str, bool], list[Callable[[Photo], None]]] = {}
        self._fitted: OrderedDict[str, QImage] = OrderedDict()
        self.fit_size = QSize()  # in pixels of the screen
        self.news = PhotoNews(session, lanes, self)

    def find_fitted(self, media: Media) -> QImage | None:
        """Return a photo scaled into ``fit_size``, if that was done when it was loaded."""
        return self._fitted.get(media.sha256)

    def find(self, media: Media, *, is_thumbnail: bool = False) -> Photo | None:
        """Return a photo that is in memory."""
        key = (media.sha256, is_thumbnail)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def ask(
        self, media: Media, on_photo: Callable[[Photo], None], *, is_thumbnail: bool = False
    ) -> None:
        """Call ``on_photo`` with the photo: at once when it is in memory, else soon."""
        found = self.find(media, is_thumbnail=is_thumbnail)
        if found is not None:
            on_photo(found)
            return
        key = (media.sha256, is_thumbnail)
        if key in self._waiting:
            self._waiting[key].append(on_photo)
            return
        self._waiting[key] = [on_photo]
        session, fit = self._session, QSize() if is_thumbnail else QSize(self.fit_size)
        self._lanes.owned_by(self).run(
            Lane.IO,
            lambda: _load_fitted(session, media, fit, is_thumbnail=is_thumbnail),
            lambda loaded: self._take_fitted(key, *loaded),
            lambda error: self._take(key, PhotoFailed(PhotoFault.UNREADABLE, str(error))),
        )

    def _take_fitted(self, key: tuple[str, bool], photo: Photo, fitted: QImage | None) -> None:
        if fitted is not None:
            self._fitted[key[0]] = fitted
            while len(self._fitted) > _FITTED_KEPT:
                self._fitted.popitem(last=False)
        self._take(key, photo)

    def _take(self, key: tuple[str, bool], photo: Photo) -> None:
        if isinstance(photo, QImage):
            self._kept[key] = photo
            self._bytes += photo.sizeInBytes()
            while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.sizeInBytes() if isinstance(gone, QImage) else 0
        for on_photo in self._waiting.pop(key, []):
            on_photo(photo)
