"""The shipped fonts serve: Inter with digits in columns, Tamil and Devanagari beside it."""

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QRawFont

from trafficdesk.qt.theme.fonts import (
    FAMILIES,
    SEMIBOLD,
    font,
    load_fonts,
    numeral_width,
    text_width,
)
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice


def test_every_shipped_font_is_taken() -> None:
    assert load_fonts() == ()
    assert set(FAMILIES) <= set(QFontDatabase.families())


def test_the_desk_writes_in_inter_in_the_weight_that_is_asked() -> None:
    info = QFontInfo(font(13, SEMIBOLD))
    assert info.family() == "Inter"
    assert info.weight() == SEMIBOLD


def test_numerals_stand_in_columns() -> None:
    widths = {numeral_width(digit * 6, 13) for digit in "0123456789"}
    assert widths == {numeral_width("000000", 13)}


def test_words_are_set_as_the_font_was_drawn() -> None:
    plain = QFont(font(13))
    plain.unsetFeature(QFont.Tag("cv10"))
    assert font(13).featureTags() == [QFont.Tag("cv10")]
    for words in ("Red-light", "CBE-2026-000123", "10-12 h"):
        assert text_width(words, 13) == int(QFontMetricsF(plain).horizontalAdvance(words)) + 1
        assert text_width(words, 13) < numeral_width(words, 13)


def test_tamil_and_hindi_have_their_letters() -> None:
    for family, text in (("Noto Sans Tamil", "கோயம்புத்தூர்"), ("Noto Sans Devanagari", "कोयंबटूर")):
        raw = QRawFont.fromFont(QFontDatabase.font(family, "Regular", 13))
        assert all(raw.supportsCharacter(ord(letter)) for letter in text), family


def test_text_grows_with_the_scale(appearance: Appearance) -> None:
    before = text_width("Approve", 13)
    appearance.apply(ThemeChoice.LIGHT, 150, Density.COMFORTABLE)
    assert font(12).pixelSize() == 18
    assert text_width("Approve", 13) > before * 1.4
