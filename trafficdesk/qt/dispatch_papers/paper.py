"""Paper: HTML in the shipped fonts as A4 pages with numbers, as the bytes of a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

from PySide6.QtCore import QBuffer, QCoreApplication, QEventLoop, QMarginsF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from trafficdesk.qt.theme.fonts import FAMILIES

DPI: Final = 96  # so that a px of HTML is what it is on screen
_POINTS: Final = 9.0
_FOOT_POINTS: Final = 7.5
_FOOT_PX: Final = 26.0
_MARGIN_MM: Final = 12.0
_INK: Final = Qt.GlobalColor.black
_STYLE: Final = """
body { color: #111; }
h1 { font-size: 17pt; margin-top: 0; margin-bottom: 2px; }
h2 { font-size: 11pt; margin-top: 12px; margin-bottom: 3px; }
p { margin-top: 2px; margin-bottom: 2px; }
th { text-align: left; color: #444; font-weight: 600; font-size: 7.5pt; }
td { font-size: 8pt; }
.warn { font-weight: 700; }
.num { text-align: right; }
.big { font-size: 15pt; font-weight: 600; }
.small { font-size: 7.5pt; color: #444; }
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A title, what stands on every page's foot beside its number, the body, and its pictures."""

    title: str
    foot: str
    body: str
    pictures: Mapping[str, QImage] = field(default_factory=dict)


def text(words: str) -> str:
    """Return words as they may stand in the body."""
    return escape(words)


def row(cells: tuple[str, ...], mark: str = "", wide: frozenset[int] = frozenset()) -> str:
    """Return a row of a table of plain words; ``mark`` names the class of its last cell.

    Only the cells numbered in ``wide`` break their lines.
    """
    told = []
    for i, words in enumerate(cells):
        style = "" if i in wide else " style='white-space: nowrap'"
        named = f" class='{mark}'" if mark and i == len(cells) - 1 else ""
        told.append(f"<td{style}{named}>{escape(words)}</td>")
    return f"<tr>{''.join(told)}</tr>"


def table(heads: tuple[str, ...], rows: str) -> str:
    """Return a table over the whole width; its head stands again on every page it reaches."""
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    return (
        "<table width='100%' cellspacing='0' cellpadding='3'>"
        f"<thead><tr>{head}</tr></thead>{rows}</table>"
    )


def heading(words: str, *, on_new_page: bool = False) -> str:
    """Return a heading, which may begin a page."""
    style = " style='page-break-before: always'" if on_new_page else ""
    return f"<h2{style}>{escape(words)}</h2>"


def pdf_of(paper: Paper) -> bytes:
    """Return a paper as a PDF. Needs a ``QGuiApplication``, and the shipped fonts loaded."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = _writer(buffer)
    writer.setTitle(paper.title)
    page = _page(writer)
    document = _lay_out(paper, writer, page)
    painter = QPainter(writer)
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        _paint_page(painter, document, page, number)
        _paint_foot(painter, paper.foot, page, (number + 1, document.pageCount()))
    painter.end()
    return bytes(buffer.data().data())


def fits_one_page(body: str) -> bool:
    """Tell whether a body takes no more than one page."""
    writer = _writer(QBuffer())
    return _lay_out(Paper("", "", body), writer, _page(writer)).pageCount() == 1


def _page(writer: QPdfWriter) -> QRectF:
    return QRectF(0, 0, writer.width(), writer.height() - _FOOT_PX)


def _writer(buffer: QBuffer) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    return writer


def paper_font(points: float) -> QFont:
    """Return the shipped font in a size, as paper wants it."""
    font = QFont()
    font.clearFeatures()  # those of the screen's font
    font.setFamilies(list(FAMILIES))
    font.setPointSizeF(points)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # Inter's other shapes of colons, hyphens and the G are no letters: whoever searches the paper
    # or copies from it would miss them.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _lay_out(paper: Paper, writer: QPdfWriter, page: QRectF) -> QTextDocument:
    # A long document is set in parts, from a timer; a thread that Python made has none to start
    # one with until it has had a loop. Whoever counts the pages does not wait for it.
    QEventLoop()
    made = QTextDocument()
    made.documentLayout().setPaintDevice(writer)
    made.setDocumentMargin(0)
    made.setDefaultFont(paper_font(_POINTS))
    made.setDefaultStyleSheet(_STYLE)
    for name, picture in paper.pictures.items():
        made.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture)
    made.setHtml(f"<body>{paper.body}</body>")
    made.setPageSize(page.size())
    return made


def _paint_page(painter: QPainter, document: QTextDocument, page: QRectF, number: int) -> None:
    painter.save()
    painter.translate(0, -number * page.height())
    shown = page.translated(0, number * page.height())
    painter.setClipRect(shown)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = shown
    context.palette.setColor(QPalette.ColorRole.Text, _INK)  # not that of a dark screen
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_foot(painter: QPainter, foot: str, page: QRectF, of: tuple[int, int]) -> None:
    line = QRectF(0, page.height() + 6, page.width(), _FOOT_PX - 6)
    painter.setFont(paper_font(_FOOT_POINTS))
    painter.setPen(_INK)
    number, pages = of
    words = QCoreApplication.translate("Papers", "Page {number} of {pages}")
    told = words.format(number=number, pages=pages)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, foot)
    painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, told)
