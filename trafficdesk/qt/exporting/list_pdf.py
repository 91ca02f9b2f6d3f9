"""A list as a PDF, row by row: no page is in memory when the next one begins."""

import errno
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QFile, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from trafficdesk.exports.plain_text import as_text, printable
from trafficdesk.exports.table import Row, Table, Tick, counted
from trafficdesk.qt.dispatch_papers.paper import DPI, paper_font
from trafficdesk.qt.exporting.list_columns import Place, places_of

_TRIED: Final = 200  # rows by which the columns are measured
_POINTS: Final = 7.0
_TITLE_POINTS: Final = 14.0
_PAD_PX: Final = 2.0
_FOOT_PX: Final = 22.0
_MARGIN_MM: Final = 10.0
_MOST_LINES: Final = 12  # of one text; it is cut behind them, with a mark
_KEPT: Final = 5_000  # texts whose lines are known
_Lines = tuple[tuple[float, str], ...]
_INK, _SOFT, _RULE = QColor("#111111"), QColor("#555555"), QColor("#c9ced6")
_WRAPPED: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWrapAnywhere)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def write_pdf(table: Table, path: Path, tick: Tick) -> None:
    """Write a table as pages of A4, in the room of one page however long it is.

    Needs a ``QGuiApplication``, and the shipped fonts loaded.

    Raises:
        OSError: the folder takes no file, or the disk is full.
    """
    device = QFile(str(path))
    if not device.open(QIODevice.OpenModeFlag.WriteOnly):
        raise OSError(errno.EACCES, device.errorString(), str(path))
    try:
        writer = _writer(device, table.title)
        painter = QPainter(writer)
        try:
            _Pages(table, device, writer, painter).write(tick)
        finally:
            painter.end()
        device.flush()
        _refuse(device)
    finally:
        device.close()


def _refuse(device: QFile) -> None:
    """Raise what the disk said: Qt's writer goes on as if nothing had been."""
    if device.error() is not QFile.FileError.NoError:
        raise OSError(errno.ENOSPC, device.errorString(), device.fileName())


def _writer(device: QFile, title: str) -> QPdfWriter:
    writer = QPdfWriter(device)
    writer.setResolution(DPI)
    writer.setTitle(title)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    page, way = QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape
    writer.setPageLayout(QPageLayout(page, way, margins, QPageLayout.Unit.Millimeter))
    return writer


class _Pages:
    """Rows under their headings, page after page."""

    def __init__(self, table: Table, device: QFile, writer: QPdfWriter, painter: QPainter) -> None:
        self._table, self._device, self._writer, self._painter = table, device, writer, painter
        self._font = paper_font(_POINTS)
        self._metrics = QFontMetricsF(self._font, writer)
        self._line_px = self._metrics.height()
        self._width = float(writer.width())
        self._end = writer.height() - _FOOT_PX
        self._y, self._page = 0.0, 1
        self._places: tuple[Place, ...] = ()
        self._lines: tuple[tuple[Place, ...], ...] = ()
        # Measuring takes as long as painting, and most of what a list says it says often.
        self._set = lru_cache(_KEPT)(self._lay)

    def write(self, tick: Tick) -> None:
        """Write all of it."""
        rows = iter(counted(self._table.rows, tick))
        tried = list(islice(rows, _TRIED))
        self._places = places_of(self._table, tried, self._width, self._metrics)
        last = self._places[-1].line if self._places else 0
        self._lines = tuple(
            tuple(each for each in self._places if each.line == line) for line in range(last + 1)
        )
        self._put_title()
        self._put_heads()
        for row in chain(tried, rows):
            self._put_row(row)
        self._put_foot()

    def _put_title(self) -> None:
        self._put_words(self._table.title, paper_font(_TITLE_POINTS), _INK)
        for note in self._table.notes:
            self._put_words(note, self._font, _SOFT)
        self._y += _PAD_PX * 2

    def _put_words(self, words: str, font: QFont, ink: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(ink)
        room = QRectF(0, self._y, self._width, self._end - self._y)
        box = self._painter.boundingRect(room, _WRAPPED, words)
        self._painter.drawText(room, _WRAPPED, words)
        self._y += box.height()

    def _put_heads(self) -> None:
        painter = self._painter
        painter.setFont(self._font)
        painter.setPen(_SOFT)
        for line in self._lines:
            for place in line:
                box = QRectF(place.left, self._y, place.width, self._line_px)
                title = self._table.columns[place.number].title
                painter.drawText(box, _RIGHT if place.is_number else _LEFT, title)
            self._y += self._line_px
        self._rule()
        painter.setPen(_INK)

    def _rule(self) -> None:
        self._painter.fillRect(QRectF(0, self._y + _PAD_PX, self._width, 0.7), _RULE)
        self._y += 2 * _PAD_PX + 1

    def _put_row(self, row: Row) -> None:
        """Write a row, on the next page if it does not fit on this one any more."""
        lines = [list(self._told(line, row)) for line in self._lines]
        heights = [max((len(words) for _, words in line), default=1) for line in lines]
        if self._y + sum(heights) * self._line_px > self._end:
            self._turn()
        put, ascent = self._painter.drawText, self._metrics.ascent()
        for line, height in zip(lines, heights, strict=True):
            for place, words in line:
                base = self._y + ascent
                for number, (indent, each) in enumerate(words):
                    put(QPointF(place.left + indent, base + number * self._line_px), each)
            self._y += height * self._line_px
        self._rule()

    def _told(self, line: Sequence[Place], row: Row) -> Iterator[tuple[Place, _Lines]]:
        """Yield the places of a line that have something to say, with it."""
        for place in line:
            words = as_text(row[place.number])
            if words:
                yield place, self._set(words, place.width, place.is_number)

    def _lay(self, words: str, width: float, is_number: bool) -> _Lines:
        """Return a text in lines no wider than its column, each with its indent."""
        words = printable(words)
        taken = width + 1 if "\n" in words else self._metrics.horizontalAdvance(words)
        if taken <= width:
            return ((width - taken if is_number else 0.0, words),)
        lines = self._broken(words, width)
        if not is_number:
            return tuple((0.0, each) for each in lines)
        return tuple((width - self._metrics.horizontalAdvance(each), each) for each in lines)

    def _broken(self, words: str, width: float) -> list[str]:
        lines: list[str] = []
        for part in words.splitlines():
            waiting = ""
            for word in part.split():
                joined = f"{waiting} {word}" if waiting else word
                if waiting and self._metrics.horizontalAdvance(joined) > width:
                    lines.append(waiting)
                    joined = word
                waiting = joined
            lines.append(waiting)
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} \N{HORIZONTAL ELLIPSIS}"]
        elide = self._metrics.elidedText
        return [elide(each, Qt.TextElideMode.ElideRight, width) for each in lines if each]

    def _turn(self) -> None:
        """Begin a page; what could not be written of the last one is told now."""
        self._put_foot()
        self._writer.newPage()
        _refuse(self._device)
        self._y, self._page = 0.0, self._page + 1
        self._put_heads()

    def _put_foot(self) -> None:
        painter = self._painter
        painter.setFont(self._font)
        painter.setPen(_SOFT)
        foot = QRectF(0, self._end + 4, self._width, _FOOT_PX - 4)
        painter.drawText(foot, _LEFT, self._table.title)
        words = QCoreApplication.translate("Papers", "Page {number}").format(number=self._page)
        painter.drawText(foot, _RIGHT, words)
