"""Which of several reports tell of the same event: decided for groups, not pair by pair.

One report of a crowd may look unlike another that it belongs with: no plate here, another type
there. Its group as a whole says more than the one that happens to be beside it. So reports are put
together by the mean log-odds of all their pairs (average linkage: Sokal and Michener 1958).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from uuid import UUID

from trafficdesk.domain.duplicates import (
    MODEL,
    Model,
    Reason,
    Sighting,
    Told,
    compare,
    look_at,
    probability,
    reasons_of,
    weigh,
)

LogOdds = Callable[[int, int], float]
LIKELY: Final = 0.0  # log-odds from which two are suggested to be one
_SURE: Final = 8.0  # more than this no pair says for or against
_WORTH_TELLING: Final = 0.05
_TOLD_AT_MOST: Final = 5
_GROUPED_AT_MOST: Final = 12  # the likeliest of a crowd; all pairs of them are compared


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the others: how likely it is of the same event, all of its group considered.

    ``number`` counts the others from 0; ``group`` is how many of the others tell of one
    event with it, itself included.
    """

    number: int
    score: float
    is_likely: bool
    group: int
    reasons: tuple[Reason, ...]


class Known(NamedTuple):
    """A report that is known; ``original`` is the one it was found to repeat."""

    id: UUID
    original: UUID | None
    told: Told


def bounded(log_odds: float) -> float:
    """Return log-odds within bounds, so that no single pair outweighs a group."""
    return max(-_SURE, min(_SURE, log_odds))


def find_groups(
    members: Sequence[int], odds: LogOdds, together: Sequence[Sequence[int]] = ()
) -> list[list[int]]:
    """Put together what tells of one event; ``together`` are groups that a person has made.

    The two groups whose pairs have the greatest mean log-odds become one, as long as that is
    likely. The same input gives the same groups.
    """
    made = {each for group in together for each in group}
    groups = [list(group) for group in together] + [[m] for m in members if m not in made]
    links = {
        (i, j): _mean(groups[i], groups[j], odds) for i in range(len(groups)) for j in range(i)
    }
    alive = set(range(len(groups)))
    while links:
        (i, j), best = max(links.items(), key=lambda item: (item[1], item[0]))
        if best < LIKELY:
            break
        sizes = len(groups[i]), len(groups[j])
        for other in alive - {i, j}:
            mine, theirs = _key(other, i), _key(other, j)
            whole = links[mine] * sizes[0] + links.pop(theirs) * sizes[1]
            links[mine] = whole / sum(sizes)
        del links[i, j]
        alive.discard(j)
        groups[i] += groups[j]
    return [groups[each] for each in sorted(alive)]


def _key(i: int, j: int) -> tuple[int, int]:
    return (i, j) if i > j else (j, i)


def _mean(mine: Sequence[int], theirs: Sequence[int], odds: LogOdds) -> float:
    return sum(odds(a, b) for a in mine for b in theirs) / (len(mine) * len(theirs))


def find_candidates(
    mine: Sighting,
    others: Sequence[Sighting],
    keys: Sequence[Hashable] | None = None,
    model: Model = MODEL,
) -> list[Candidate]:
    """Return the others, the likeliest first, with what speaks for and against each.

    Others of one key are known to tell of one event. Of a large crowd only the likeliest are
    grouped; the rest stand for themselves.
    """
    compared = [compare(mine, other) for other in others]
    odds = [bounded(weigh(each, model)) for each in compared]
    order = sorted(range(len(others)), key=lambda index: (-odds[index], index))
    grouped = order[:_GROUPED_AT_MOST]
    between = {
        (a, b): bounded(weigh(compare(others[a], others[b]), model))
        for a in grouped
        for b in grouped
        if a < b
    }
    groups = find_groups(
        grouped, lambda a, b: between[min(a, b), max(a, b)], _together(grouped, keys)
    )
    groups += [[index] for index in order[_GROUPED_AT_MOST:]]
    found = list[Candidate]()
    means = [sum(odds[index] for index in group) / len(group) for group in groups]
    best = max(means, default=LIKELY)
    for group, mean in zip(groups, means, strict=True):
        is_likely = mean == best and mean >= LIKELY
        found += [
            Candidate(i, probability(mean), is_likely, len(group), reasons_of(compared[i], model))
            for i in group
        ]
    return sorted(found, key=lambda each: (-each.score, -odds[each.number], each.number))


def _together(members: Sequence[int], keys: Sequence[Hashable] | None) -> list[list[int]]:
    if keys is None:
        return []
    groups = dict[Hashable, list[int]]()
    for member in members:
        groups.setdefault(keys[member], []).append(member)
    return [group for group in groups.values() if len(group) > 1]


def suggest(mine: Known, near: Sequence[Known]) -> list[Candidate]:
    """Return which of the reports near one may tell of its event, the likeliest five at most.

    Of reports that are known to be one, the original alone is told if it is near. Nothing is told
    of what is known already: of a duplicate, and of what repeats ``mine``.
    """
    if mine.original is not None:
        return []
    at = [i for i, each in enumerate(near) if mine.id not in {each.id, each.original}]
    others = [near[i] for i in at]
    originals = {each.id for each in others} & {each.original for each in others}
    found = find_candidates(
        look_at(mine.told),
        [look_at(each.told) for each in others],
        [each.original or each.id for each in others],
    )
    return [
        replace(each, number=at[each.number])
        for each in found
        if each.score >= _WORTH_TELLING and others[each.number].original not in originals
    ][:_TOLD_AT_MOST]
