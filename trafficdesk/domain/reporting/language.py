"""The languages that reports are written in."""

from enum import StrEnum


class Language(StrEnum):
    """What a report may be written in, by its code."""

    ENGLISH = "en"
    TAMIL = "ta"
    HINDI = "hi"
