"""Values as text, and text that no spreadsheet takes for a formula."""

from datetime import datetime
from typing import Final

from trafficdesk.exports.table import Value

# What begins a formula in the usual spreadsheets, also after blanks that they trim (OWASP, "CSV
# injection").
_BEGINS_FORMULA: Final = frozenset("=+-@\t\r\n")
MOST: Final = 32_767  # characters of a spreadsheet's cell


def as_text(value: Value) -> str:
    """Return a value as people and programs read it; times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet shows instead of working it out, no longer than a cell."""
    if text[:1].isalnum() and len(text) <= MOST:
        return text  # as nearly all are
    stripped = text.lstrip()
    is_formula = text[:1] in _BEGINS_FORMULA or stripped[:1] in _BEGINS_FORMULA
    return (f"'{text}" if text and is_formula else text)[:MOST]


def printable(text: str) -> str:
    """Return a text without the control characters that XML and HTML have no place for."""
    if text.isprintable():
        return text  # as nearly all are
    return "".join(c if c in "\t\n\r" or c >= " " else "\N{REPLACEMENT CHARACTER}" for c in text)
