"""Inter and, for Tamil and Devanagari, Noto, at the text size in force; digits for columns."""

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from trafficdesk.qt.theme.palette import px
from trafficdesk.shipped import shipped

FAMILIES: Final = ("Inter", "Noto Sans Tamil", "Noto Sans Devanagari")
REGULAR: Final = 400
MEDIUM: Final = 500
SEMIBOLD: Final = 600
BOLD: Final = 700


@cache
def load_fonts() -> tuple[str, ...]:
    """Give the shipped fonts to Qt, once; returns the files that Qt refused."""
    # Inter has no Tamil: Noto takes over, and Qt would say so each time.
    QLoggingCategory.setFilterRules("qt.text.font.db=false")
    files = sorted(shipped("vendor", "fonts").glob("*.ttf"))
    return tuple(f.name for f in files if QFontDatabase.addApplicationFont(str(f)) < 0)


@cache
def _font(pixels: int, weight: int, *, is_tabular: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    # Unhinted widths are the same on every desk; cv10 is the tailed G's 1. Digits as wide as each
    # other are for columns alone: Inter then sets hyphens apart, too.
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for feature in ("tnum", "cv10") if is_tabular else ("cv10",):
        made.setFeature(QFont.Tag(feature), 1)
    return made


def font(size_px: float, weight: int = REGULAR) -> QFont:
    """Return the desk's font; ``size_px`` at a text scale of 100 %. Don't change it in place."""
    return _font(px(size_px), weight, is_tabular=False)


def numerals(size_px: float, weight: int = REGULAR) -> QFont:
    """Return ``font`` with digits that stand under each other, for columns and counters."""
    return _font(px(size_px), weight, is_tabular=True)


@cache
def _metrics(pixels: int, weight: int, *, is_tabular: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(pixels, weight, is_tabular=is_tabular))


def metrics(size_px: float, weight: int = REGULAR) -> QFontMetricsF:
    """Return the measures of ``font(size_px, weight)``."""
    return _metrics(px(size_px), weight, is_tabular=False)


def text_width(text: str, size_px: float, weight: int = REGULAR) -> int:
    """Return the width of a line in px, rounded up."""
    return _width(text, px(size_px), weight, is_tabular=False)


def numeral_width(text: str, size_px: float, weight: int = REGULAR) -> int:
    """Return the width of a line in ``numerals``, in px, rounded up."""
    return _width(text, px(size_px), weight, is_tabular=True)


@lru_cache(8192)
def _width(text: str, pixels: int, weight: int, *, is_tabular: bool) -> int:
    # The same few hundred words are measured at every step through a queue.
    return int(_metrics(pixels, weight, is_tabular=is_tabular).horizontalAdvance(text)) + 1
