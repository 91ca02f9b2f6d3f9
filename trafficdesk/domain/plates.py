"""Vehicle plates: one canonical token for storing and searching, one spelling for reading."""

import re
import unicodedata

# AA 00 [A-Z]{0,3} 0000 (Central Motor Vehicles Rules 1989, rule 50) and the newer BH series.
_STATE_SERIES = re.compile(r"^([A-Z]{2})(\d{1,2})([A-Z]{0,3})(\d{1,4})$")
_BHARAT_SERIES = re.compile(r"^(\d{2})(BH)(\d{4})([A-Z]{1,2})$")
MAX_PLATE_LENGTH = 16
_SHOWN_WHEN_MASKED = 4  # state and office
_MASK = "\N{BULLET}"


def plate_token(text: str) -> str:
    """Return the plate as upper-case letters and digits only, at most 16; '' when there is none."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if c.isalnum() and c.isascii())[:MAX_PLATE_LENGTH]


def format_plate(token: str) -> str:
    """Return the token as it is read on a plate: ``TN37BZ4412`` becomes ``TN 37 BZ 4412``."""
    for series in (_STATE_SERIES, _BHARAT_SERIES):
        if found := series.match(token):
            return " ".join(part for part in found.groups() if part)
    return token


def is_regular_plate(token: str) -> bool:
    """Tell whether the token is well formed for a registered Indian series."""
    return bool(_STATE_SERIES.match(token) or _BHARAT_SERIES.match(token))


def masked_plate(token: str) -> str:
    """Return a plate for whoever may not read it: its state and office alone."""
    return token[:_SHOWN_WHEN_MASKED] + _MASK * max(0, len(token) - _SHOWN_WHEN_MASKED)
