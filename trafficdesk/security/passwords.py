"""Which passwords a desk takes, and the one form in which they are hashed."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trafficdesk.policy.bounds import LEAST_CHARACTERS
from trafficdesk.policy.schema import PasswordRules

MAX_CHARACTERS: Final = 1024


class PasswordFault(StrEnum):
    """Why a new password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OFFICERS_NAME = "officers_name"
    ONE_CHARACTER = "one_character"
    SAME_AS_BEFORE = "same_as_before"


@dataclass(frozen=True, slots=True)
class PasswordRefused:
    """A new password was not taken."""

    fault: PasswordFault
    min_characters: int = LEAST_CHARACTERS


def normalise(password: str) -> str:
    """Return the password in NFC: two keyboards may compose one Tamil letter differently."""
    return unicodedata.normalize("NFC", password)


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def find_fault(password: str, officer_name: str, rules: PasswordRules) -> PasswordRefused | None:
    """Return why this password is not taken for this officer, or ``None`` if it is.

    The name counts as the password if nothing else but digits, spaces and signs was added.
    """
    form = normalise(password)
    if len(form) < rules.min_characters:
        return PasswordRefused(PasswordFault.TOO_SHORT, rules.min_characters)
    if len(form) > MAX_CHARACTERS:
        return PasswordRefused(PasswordFault.TOO_LONG)
    if len(set(form)) == 1:
        return PasswordRefused(PasswordFault.ONE_CHARACTER)
    without_digits = "".join(c for c in _letters(form) if not c.isdigit())
    names = {_letters(officer_name), *(_letters(part) for part in officer_name.split())}
    if without_digits and without_digits in names:
        return PasswordRefused(PasswordFault.OFFICERS_NAME)
    return None
