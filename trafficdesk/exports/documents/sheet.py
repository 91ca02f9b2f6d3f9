"""Paper for PDFs: A4 in the shipped fonts, every script shaped, with a numbered foot."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from trafficdesk.exports.plain_text import printable
from trafficdesk.shipped import shipped

MARGIN: Final = 40.0
LEAD: Final = 1.32  # of a line, in sizes of its letters
FOOT: Final = 46.0
INK: Final = "#16202c"
SOFT: Final = "#4c5765"
RULE: Final = "#dfe3e8"
_FAMILY: Final = "Inter"
_FILES: Final[Mapping[str, str]] = {
    _FAMILY: "Inter",
    "Tamil": "NotoSansTamil",
    "Devanagari": "NotoSansDevanagari",
}
_WEIGHTS: Final[Mapping[str, str]] = {"": "Regular", "B": "SemiBold"}
# Inter's other shapes of colons and hyphens are no letters: whoever searches the paper or copies
# from it would miss them.
_SHAPES: Final = {"calt": False}
_COLUMNS: Final = {"calt": False, "tnum": True}


def fonts_folder() -> Path:
    """Return where the fonts lie: with the package on a server, else with what is shipped."""
    own = Path(__file__).parent / "fonts"
    return own if own.is_dir() else shipped("vendor", "fonts")


class Sheet(FPDF):
    """Pages with a foot; what is written flows down, and onto the next page."""

    def __init__(self, title: str, foot: str, page_words: str, made_at: datetime) -> None:
        super().__init__(unit="pt", format="A4")
        self._foot, self._page_words = printable(foot), page_words
        self._widths = dict[tuple[object, ...], float]()
        self._shapes = _SHAPES
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0.0
        for family, file in _FILES.items():
            for style, weight in _WEIGHTS.items():
                self.add_font(family, style, fonts_folder() / f"{file}-{weight}.ttf")
        self.set_fallback_fonts([name for name in _FILES if name != _FAMILY])
        self.set_title(printable(title))
        self.set_creation_date(made_at)
        self.pen(9)
        self.add_page()

    @property
    def room(self) -> float:
        """The width between the margins."""
        return float(self.epw)

    @property
    def left(self) -> float:
        """How much of the page is left above its foot."""
        return float(self.h - FOOT - self.y)

    @property
    def whole(self) -> float:
        """How much an empty page takes."""
        return float(self.h - FOOT - MARGIN)

    def pen(self, size: float, style: str = "", ink: str = INK, *, columns: bool = False) -> None:
        """Choose letters; ``columns`` makes digits stand under each other."""
        self.set_font(_FAMILY, style, size)
        self.set_text_color(ink)
        self._shapes = _COLUMNS if columns else _SHAPES
        self.set_text_shaping(use_shaping_engine=True, features=self._shapes)

    def need(self, height: float) -> bool:
        """Begin a page if so much has no room on this one and would have on another."""
        is_begun = self.y > MARGIN + 1
        if height > self.left and is_begun:
            self.add_page()
            return True
        return False

    def wide(self, words: str) -> float:
        """Return how wide words are on one line; each is measured once."""
        key = words, self.font_style, self.font_size_pt, self._shapes is _COLUMNS
        if key not in self._widths:
            self._widths[key] = float(self.get_string_width(printable(words)))
        return self._widths[key]

    def lines(self, words: str, width: float) -> list[str]:
        """Return words broken into lines of a width."""
        if "\n" not in words and self.wide(words) <= width:
            return [words]
        found = self.multi_cell(
            width,
            text=printable(words).replace(" %", "\N{NO-BREAK SPACE}%"),
            align="L",
            dry_run=True,
            output=MethodReturnValue.LINES,
        )
        return [str(each) for each in found] if isinstance(found, list) else []

    def paragraph(self, words: str, after: float = 4.0) -> None:
        """Write words over the whole width, line by line and onto the next page."""
        high = self.font_size * LEAD
        for line in self.lines(words, self.room):
            self.need(high)
            self.put(line, self.l_margin, self.y, self.room)
            self.set_y(self.y + high)
        self.set_y(self.y + after)

    def put(self, words: str, x: float, y: float, width: float, align: str = "L") -> None:
        """Write one line at a place without moving on."""
        before = self.x, self.y
        self.set_xy(x, y)
        # What a line in another script says of its font ends with that line; fpdf2 believes that
        # it holds on. So every line says its own.
        self.current_font_is_set_on_page = False
        self.cell(
            width,
            self.font_size * LEAD,
            printable(words),
            align=align,
            new_x=XPos.LEFT,
            new_y=YPos.TOP,
        )
        self.set_xy(*before)

    def rule(self, y: float) -> None:
        """Draw a hair line over the whole width."""
        self.set_draw_color(RULE)
        self.set_line_width(0.6)
        self.line(self.l_margin, y, self.l_margin + self.room, y)

    def close_fonts(self) -> None:
        """Let the files of the fonts go, which are read until the end."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def footer(self) -> None:
        """Write what stands at the foot of every page."""
        self.pen(7.5, ink=SOFT)
        y = self.h - FOOT + 18
        number = self.page_no()
        # How many pages there are is known at the end: as wide as this page's number, about.
        wide = self.wide(self._page_words.format(number=number, pages=number))
        told = self._page_words.format(number=number, pages=self.str_alias_nb_pages)
        self.put(self._foot, self.l_margin, y, self.room - wide - 10)
        self.put(told, self.l_margin + self.room - wide, y, wide)
