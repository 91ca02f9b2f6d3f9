"""Which landmark a text names: the words after "near", "opposite" and the like."""

import re
from typing import Final

from trafficdesk.domain.plate_readings import plates_in

_MOST_WORDS: Final = 6
_WORDS: Final = re.compile(
    r"[^\s.;:!?,/()]+|[.;:!?,]"
)  # vowel signs of Tamil are no letters to \\w
# Before a landmark in English, behind it in Tamil and Hindi.
_BEFORE: Final = frozenset(
    ("near", "nearby", "at", "opp", "opposite", "behind", "beside", "before", "outside", "towards")
)
_BEHIND: Final = frozenset(
    ("அருகில்", "அருகே", "எதிரில்", "எதிரே", "பக்கத்தில்", "பின்னால்", "पास", "सामने", "पीछे", "निकट")
)
# Words that any landmark may have, and those between a preposition and its landmark.
_EMPTY: Final = frozenset(
    (
        *("a", "an", "and", "the", "in", "of", "on", "to", "front", "next", "close", "side", "के"),
        *("road", "rd", "street", "st", "main", "cross", "junction", "jn", "signal", "bus", "stop"),
    )
)
_FEWEST: Final = 2  # letters


def find_landmarks(text: str) -> frozenset[str]:
    """Return the words of a text that name a place near by, in lower case; plates are none."""
    for plate in plates_in(text):
        text = text.replace(plate, " ")
    words = [each.casefold() for each in _WORDS.findall(text)]
    found = set[str]()
    for at, word in enumerate(words):
        if word in _BEFORE:
            after = at + 2 if words[at + 1 : at + 2] == ["."] else at + 1  # "opp. the mill"
            found.update(_until_stop(words[after : after + _MOST_WORDS]))
        elif word in _BEHIND:
            found.update(_until_stop(words[max(0, at - 3) : at][::-1]))
    return frozenset(found)


def _until_stop(words: list[str]) -> list[str]:
    """Return the words that say something, up to the end of the sentence."""
    end = next((at for at, word in enumerate(words) if word in ".;:!?,"), len(words))
    return [
        word
        for word in words[:end]
        if len(word) >= _FEWEST and word not in _EMPTY and word not in _BEFORE
    ]


def shared(mine: frozenset[str], theirs: frozenset[str]) -> float | None:
    """Return which part of the shorter description the other has too; None where one names none."""
    fewer = min(len(mine), len(theirs))
    return len(mine & theirs) / fewer if fewer else None
