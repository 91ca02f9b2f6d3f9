"""What was read of a plate, in a field or in a sentence, and how far two readings are apart."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import permutations, product
from string import ascii_uppercase, digits
from typing import Final

from trafficdesk.domain.plates import plate_token

FEWEST = 6  # of characters: less is part of a plate, and fits too many
# One step is one character wrong, missing or too many. What looks alike is taken for each other by
# people and machines far more often than any other two: measured in the training set, a character
# of these is mistaken 20 times as often for its twin as for any other.
_TWINS: Final = ("0O", "1I", "2Z", "5S", "6G", "8B")
_TWIN_STEP: Final = 0.3
# Less alike; what is written of reading plates names them (0/D/Q, 1/L/T, 7/T, 4/A, U/V, C/G, M/N).
_COUSINS: Final = ("0DQ", "OQD", "1LJ", "IL", "7T1", "4A", "UV", "CG", "MN", "8S", "3B", "8R")
_COUSIN_STEP: Final = 0.6
_IN_TEXT: Final = re.compile(
    # A registration as it is written, with or without spaces; or one word of letters and digits.
    r"(?<![A-Z0-9])(?:[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{3,4}|[A-Z0-9]{6,11})(?![A-Z0-9])"
)
_DIGITS_AT_LEAST: Final = 3
_CHARACTERS: Final = ascii_uppercase + digits


def _steps() -> Mapping[str, Mapping[str, float]]:
    found = defaultdict[str, dict[str, float]](dict)
    for alike, step in ((_COUSINS, _COUSIN_STEP), (_TWINS, _TWIN_STEP)):
        for group in alike:
            for a, b in permutations(group, 2):
                found[a][b] = step
    for each in _CHARACTERS:
        found[each][each] = 0.0
    return dict(found)


_STEPS: Final = _steps()


def find_readings(plate: str, text: str) -> tuple[str, ...]:
    """Return what is known of a vehicle's plate: the plate's own field first, then what is told."""
    found = [plate_token(plate), *(plate_token(each) for each in plates_in(text))]
    return tuple(dict.fromkeys(each for each in found if len(each) >= FEWEST))


def plates_in(text: str) -> list[str]:
    """Return the words of a text that look like a plate, as they stand there."""
    found = _IN_TEXT.finditer(text.upper())
    words = (text[each.start() : each.end()] for each in found)
    return [word for word in words if _looks_like_plate(word)]


def _looks_like_plate(word: str) -> bool:
    count = sum(character.isdigit() for character in word)
    return count >= _DIGITS_AT_LEAST and any(character.isalpha() for character in word)


def readings_apart(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float | None:
    """Return how far two vehicles' nearest readings are apart; None where one has none."""
    return min((apart(a, b) for a, b in product(mine, theirs)), default=None)


@lru_cache(maxsize=4096)
def apart(a: str, b: str) -> float:
    """Return the weighted edit distance of two plates in characters (Wagner and Fischer 1974)."""
    if a == b:
        return 0.0
    shorter = min(len(a), len(b))
    same = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    a, b = a[same:], b[same:]  # most plates of a city begin alike
    above = [float(at) for at in range(len(b) + 1)]
    for one in a:
        steps, diagonal = _STEPS[one], above[0]
        left = diagonal + 1
        line = [left]
        for other, over in zip(b, above[1:], strict=True):
            left = min(diagonal + steps.get(other, 1.0), min(left, over) + 1)
            line.append(left)
            diagonal = over
        above = line
    return above[-1]
