"""Fuzzy matching for the palette: which letters of a title the query meets, and how well. Pure."""

from typing import NamedTuple


class Match(NamedTuple):
    """A higher score is a better match; ``at`` are the places of the matched letters."""

    score: float
    at: tuple[int, ...]


def find_match(query: str, title: str) -> Match | None:
    """Return how ``query`` meets ``title``: every letter in order, words' beginnings preferred."""
    wanted = query.casefold().replace(" ", "")
    if not wanted:
        return Match(0.0, ())
    text = title.casefold()
    if len(text) != len(title):
        # Some letters fold into two; places would be off.
        text = title.lower() if len(title.lower()) == len(title) else title
    starts = [i for i, letter in enumerate(text) if letter == wanted[0]]
    found = [m for start in starts if (m := _match_from(wanted, text, start)) is not None]
    return max(found, default=None)


def _match_from(wanted: str, text: str, start: int) -> Match | None:
    at = [start]
    for letter in wanted[1:]:
        after = at[-1] + 1
        if after < len(text) and text[after] == letter:
            at.append(after)
            continue
        place = _next_place(letter, text, after)
        if place < 0:
            return None
        at.append(place)
    return Match(_score(text, at), tuple(at))


def _next_place(letter: str, text: str, after: int) -> int:
    """Return where a letter comes next, at the beginning of a word if it can."""
    for place in range(after, len(text)):
        if text[place] == letter and _begins_word(text, place):
            return place
    return text.find(letter, after)


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()


def _score(text: str, at: list[int]) -> float:
    points = 0.0
    for index, place in enumerate(at):
        if _begins_word(text, place):
            points += 8
        if index and place == at[index - 1] + 1:
            points += 6
        points += 1
    span = at[-1] - at[0] + 1
    return points - 0.4 * (span - len(at)) - 0.1 * at[0] - 0.02 * len(text)
