"""Widgets as pictures: pixels, drawings whose lines stay lines, and paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPoint,
    QRect,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QFont,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPicture,
    QPixmap,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from trafficdesk.exports.writing import Format
from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour

_EDGE: Final = 16
_SHARP: Final = 2  # pixels of a picture to one of the screen
_DPI: Final = 96
_POINTS: Final = 72 / _DPI
_LINE, _TITLE_LINE = 18, 26


@dataclass(frozen=True, slots=True)
class Picture:
    """What is painted: a title, lines that say what it shows, and that one below another.

    Widgets are painted as lines and letters where the format has such; pixels stay pixels.
    """

    title: str
    notes: tuple[str, ...]
    shown: tuple[QWidget | QPixmap, ...]

    @property
    def size(self) -> QSize:
        """How large it is."""
        sizes = [size_of(each) for each in self.shown]
        width = max(each.width() for each in sizes)
        height = sum(each.height() for each in sizes)
        heads = _TITLE_LINE + _LINE * len(self.notes)
        return QSize(width + 2 * _EDGE, height + heads + 3 * _EDGE)


def size_of(shown: QWidget | QPixmap) -> QSize:
    """Return how large something is on the screen."""
    return shown.size() if isinstance(shown, QWidget) else shown.deviceIndependentSize().toSize()


def picture_maker(picture: Picture, form: Format) -> Callable[[], bytes]:
    """Note what widgets paint, on the GUI's thread; return what makes the file of it, on any.

    The very same strokes and letters are drawn from the notes: smoothing them and setting fonts
    into a paper take longer than the widgets' own part, and keys do not wait for that.
    """
    noted = QPicture()
    _paint_on(noted, picture)
    sheet = Sheet(picture.title, picture.notes, picture.size)
    return partial(_make, noted, sheet, form)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says of itself."""

    title: str
    notes: tuple[str, ...]
    size: QSize


def _make(noted: QPicture, sheet: Sheet, form: Format) -> bytes:
    if form is Format.PNG:
        image = QImage(sheet.size * _SHARP, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARP)
        _play_on(image, noted)
        return png_of(image)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _play_on(_drawing(buffer, sheet) if form is Format.SVG else _paper(buffer, sheet), noted)
    return bytes(buffer.data().data())


def _play_on(device: QPaintDevice, noted: QPicture) -> None:
    painter = QPainter(device)
    painter.drawPicture(0, 0, noted)
    painter.end()


def png_of(image: QImage) -> bytes:
    """Return an image as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _drawing(buffer: QBuffer, picture: Sheet) -> QSvgGenerator:
    made = QSvgGenerator()
    made.setOutputDevice(buffer)
    made.setResolution(_DPI)
    made.setSize(picture.size)
    made.setViewBox(QRect(QPoint(), picture.size))
    made.setTitle(picture.title)
    made.setDescription("\n".join(picture.notes))
    return made


def _paper(buffer: QBuffer, picture: Sheet) -> QPdfWriter:
    made = QPdfWriter(buffer)
    made.setTitle(picture.title)
    made.setResolution(_DPI)
    size = QPageSize(QSizeF(picture.size) * _POINTS, QPageSize.Unit.Point)
    made.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    return made


def _letters(size_px: int, weight: int) -> QFont:
    """Return the screen's font without its other shapes, which nobody could search or copy."""
    made = QFont(font(size_px, weight))
    made.setFeature(QFont.Tag("calt"), 0)
    return made


def _paint_on(device: QPaintDevice, picture: Picture) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = picture.size
    painter.fillRect(QRect(QPoint(), size), colour("surface"))
    y = _EDGE
    painter.setFont(_letters(15, 600))
    painter.setPen(colour("text"))
    side = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    width = size.width() - 2 * _EDGE
    painter.drawText(QRect(_EDGE, y, width, _TITLE_LINE), side, picture.title)
    y += _TITLE_LINE
    painter.setFont(_letters(11, 400))
    painter.setPen(colour("text2"))
    for note in picture.notes:
        painter.drawText(QRect(_EDGE, y, width, _LINE), side, note)
        y += _LINE
    y += _EDGE
    for each in picture.shown:
        painter.save()
        painter.translate(_EDGE, y)
        if isinstance(each, QWidget):
            each.render(painter, QPoint())
        else:
            painter.drawPixmap(QPoint(), each)
        painter.restore()
        y += size_of(each).height()
    painter.end()
