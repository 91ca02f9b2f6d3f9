"""The pages of a PDF that lies in memory, as pictures and as words."""

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QPainter


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page (the first is 0) of so many: its picture, and what can be read on it."""

    number: int
    of: int
    picture: QImage
    words: str


def read_page(content: bytes, number: int, width: int) -> PaperPage:
    """Return a page as wide as asked for, in pixels; on a thread that may wait.

    Raises:
        ValueError: this is no PDF, or it has no such page.
    """
    from PySide6.QtPdf import QPdfDocument  # large, and most sittings never need it

    paper, held = QPdfDocument(), QBuffer()
    held.setData(QByteArray(content))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    paper.load(held)
    if not 0 <= number < paper.pageCount():
        raise ValueError(f"page {number} of {paper.pageCount()}")
    size = paper.pagePointSize(number)
    high = round(width * size.height() / size.width())
    page = QImage(QSize(width, high), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.drawImage(0, 0, paper.render(number, page.size()))
    painter.end()
    return PaperPage(number, paper.pageCount(), page, paper.getAllText(number).text())
