"""Rows of what may be the same event: first photo, how likely, what says so, how far off."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.review.photos import Photo, Photos
from trafficdesk.qt.review.same_event_words import SameWords, same_words
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import TRAILING, fill_round, paint_line, painter_on, placed
from trafficdesk.services.same_event import MayBeSame

_PHOTO = QSize(54, 36)
_HEIGHT, _LEAD, _LINE = 58, 10, 18


class SameEventRow(PaintedButton):
    """One report that may be of the same event; pressing it compares the two."""

    def __init__(self) -> None:
        super().__init__()
        self._words = SameWords("", "", "", "")
        self._image: QImage | None = None
        self.shown: UUID | None = None
        self.number = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_found(self, found: MayBeSame) -> None:
        """Show another report, without its photo."""
        self.shown, self.number = found.id, found.row.pk
        self._words, self._image = same_words(found), None
        spoken = ", ".join(filter(None, self._words))
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.update()

    def show_photo(self, image: QImage) -> None:
        """Show the report's photo, its middle where the proportions differ."""
        target = QSize(px(_PHOTO.width()), px(_PHOTO.height())) * self.devicePixelRatioF()
        grow, smooth = (
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted = image.scaled(target, grow, smooth)
        middle = QRect(0, 0, target.width(), target.height())
        middle.moveCenter(fitted.rect().center())
        self._image = fitted.copy(middle)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse() or self.isDown():
            fill_round(painter, QRectF(self.rect()).adjusted(-4, 0, 4, 0), colour("hover"))
        box = QRect(0, px(5), px(_PHOTO.width()), px(_PHOTO.height()))
        if self._image is None:
            fill_round(painter, QRectF(placed(self, box)), colour("hover"))
        else:
            painter.drawImage(placed(self, box), self._image)
        self._paint_words(painter, box.width() + px(_LEAD))
        self.paint_ring(painter)

    def _paint_words(self, painter: QPainter, x: int) -> None:
        words = self._words
        end = numeral_width(words.likelihood, 12, SEMIBOLD)
        painter.setFont(numerals(12, SEMIBOLD))
        painter.setPen(colour("text2"))
        share = QRect(self.width() - end, px(2), end, px(_LINE))
        paint_line(painter, placed(self, share), words.likelihood, TRAILING)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        room = self.width() - x
        first = QRect(x, px(2), room - end - px(8), px(_LINE))
        paint_line(painter, placed(self, first), words.reference)
        painter.setFont(font(12))
        painter.setPen(colour("text2"))
        for line, text in enumerate((words.facts, words.apart), 1):
            box = QRect(x, px(2 + line * _LINE), room, px(_LINE))
            paint_line(painter, placed(self, box), text)


class SameEventList(QWidget):
    """Rows under each other; ``chosen`` carries the number of the report that was pressed."""

    chosen = Signal(int)

    def __init__(self, photos: Photos) -> None:
        super().__init__()
        self._photos = photos
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._found: tuple[MayBeSame, ...] = ()
        self.rows: list[SameEventRow] = []

    def set_found(self, found: tuple[MayBeSame, ...]) -> None:
        """Show these."""
        if found == self._found:
            return
        self._found = found
        for _ in range(len(found) - len(self.rows)):
            row = SameEventRow()
            row.clicked.connect(partial(self._clicked, row))
            self._column.addWidget(row)
            self.rows.append(row)
        for row, each in zip(self.rows, found, strict=False):
            row.show_found(each)
            if each.photo is not None:
                take = partial(self._take, row, each.id)
                self._photos.ask(each.photo, take, is_thumbnail=True)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(found))

    def _take(self, row: SameEventRow, shown: UUID, photo: Photo) -> None:
        if isinstance(photo, QImage) and row.shown == shown:
            row.show_photo(photo)

    def _clicked(self, row: SameEventRow) -> None:
        self.chosen.emit(row.number)
