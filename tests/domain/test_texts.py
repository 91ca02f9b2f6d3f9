"""What a citizen typed is kept readable in every script and cannot trick the screen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.texts import clean_line, clean_text, isolated

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "text",
    [
        "சிக்னல் சிவப்பாக இருந்தபோது வெள்ளை கார் நிற்காமல் சென்றது.",
        "سفید گاڑی سرخ بتی پر نہیں رکی",
        "लाल बत्ती पर गाड़ी नहीं रुकी।",
        "No helmet 👨‍👩‍👧 on one scooter",
        "ശ്രീ\u200dനാഥ്",
    ],
)
def test_a_sentence_in_any_script_stays_as_it_was_typed(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_a_right_to_left_override_cannot_reverse_a_plate() -> None:
    assert clean_text("plate \u202e2144ZB73NT\u202c seen") == "plate 2144ZB73NT seen"


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert clean_text("one\x00\x07\x1b[31m\r\ntwo\u2028three\tfour\x7f") == (
        "one[31m\ntwo\nthree\tfour"
    )


def test_a_field_of_blank_lines_shrinks_to_one() -> None:
    assert clean_text("above\n\n \n\n\n\nbelow") == "above\n\nbelow"


def test_a_cut_never_parts_a_letter_from_its_marks() -> None:
    assert clean_text("நிநி", 3) == "நி"
    assert clean_text("நிநி", 4) == "நிநி"


def test_a_line_has_single_spaces_and_no_break() -> None:
    assert clean_line(" Cross\nCut\t\tRoad ") == "Cross Cut Road"


def test_an_isolated_text_closes_what_it_opens() -> None:
    assert isolated("سفید") == "\u2068سفید\u2069"


@given(st.text(st.characters(codec=None)), st.integers(0, 50))
def test_a_clean_text_is_short_free_of_tricks_and_stays_as_it_is(text: str, limit: int) -> None:
    cleaned = clean_text(text, limit)
    assert len(cleaned) <= limit
    assert not set(cleaned) & set(BIDI_CONTROLS)
    assert all(unicodedata.category(c) not in {"Cs", "Cc"} or c in "\n\t" for c in cleaned)
    assert clean_text(cleaned, limit) == cleaned
    cleaned.encode("utf-8")
