"""Making what a citizen typed safe to keep and to show, without harming any script."""

import re
import unicodedata

MAX_DESCRIPTION_LENGTH = 4_000
_KEPT_CONTROLS = "\n\t"
# Embeddings, overrides and isolates can make a plate or a name read as another one.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Joiners shape Tamil, Urdu and emoji; the weak marks order mixed text and can override nothing.
_KEPT_FORMATS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_MANY_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTER_MASK = 0xFFFE


def clean_text(text: str, max_length: int = MAX_DESCRIPTION_LENGTH) -> str:
    """Return the text in NFC without control characters, bidi overrides and lone surrogates.

    Cut to ``max_length`` code points without parting a letter from its marks. Cleaning a clean
    text changes nothing.
    """
    lines = _LINE_BREAKS.sub("\n", text)
    kept = unicodedata.normalize("NFC", "".join(c for c in lines if _is_kept(c)))
    return _cut(_MANY_BLANK_LINES.sub("\n\n", kept).strip(), max_length).rstrip()


def clean_line(text: str, max_length: int = 200) -> str:
    """Return the text as ``clean_text`` does, on one line with single spaces."""
    return _cut(" ".join(clean_text(text, len(text)).split()), max_length).rstrip()


def isolated(text: str) -> str:
    """Return the text inside a first-strong isolate, so that it cannot reorder its surroundings."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def _is_kept(char: str) -> bool:
    if char in _BIDI_CONTROLS:
        return False
    category = unicodedata.category(char)
    if category == "Cc":
        return char in _KEPT_CONTROLS
    if category == "Cf":
        return char in _KEPT_FORMATS
    is_noncharacter = (
        ord(char) & _NONCHARACTER_MASK == _NONCHARACTER_MASK or "\ufdd0" <= char <= "\ufdef"
    )
    return category != "Cs" and not is_noncharacter


def _cut(text: str, max_length: int) -> str:
    if len(text) <= max_length:
        return text
    end = max_length
    while end > 0 and (unicodedata.category(text[end])[0] == "M" or text[end] in _KEPT_FORMATS):
        end -= 1
    return text[:end]
