"""Sentences about what may be the same event: how likely, how far off, and what speaks for it."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.duplicates import Fact, Reason
from trafficdesk.qt.ages import distance
from trafficdesk.services.same_event import MayBeSame

_SECONDS_SHOWN_MS = 120_000
_MOST_PERCENT = 99  # a score is never a certainty
_SAME_PLATE, _NEARLY_SAME_PLATE, _ALIKE_BITS = 0.0, 2.0, 8.0


def _say(source: str) -> str:
    return QCoreApplication.translate("SameEvent", source)


class SameWords(NamedTuple):
    """What a row says: which report, how likely, what says most about it, and how far off."""

    reference: str
    likelihood: str
    facts: str
    apart: str


def same_words(each: MayBeSame) -> SameWords:
    """Return what may be the same event as a row."""
    facts, apart = ", ".join(_facts(each)[:2]), _apart(each)
    return SameWords(each.row.reference, likelihood(each), _begun(facts), apart)


def same_choice(each: MayBeSame) -> str:
    """Return what may be the same event as one of several to choose; ``why`` tells the rest."""
    first = _facts(each)[:1] or [distance_words(each)]
    return " · ".join((each.row.reference, likelihood(each), *first))


def likelihood(each: MayBeSame) -> str:
    """Return how likely it is the same event."""
    return _say("{share} %").format(share=min(_MOST_PERCENT, round(100 * each.score)))


def why(each: MayBeSame) -> str:
    """Return everything that speaks for its being the same event, then what speaks against."""
    found = sorted(each.reasons, key=lambda reason: -abs(reason.weight))
    said = {True: list[str](), False: list[str]()}
    for reason in found:
        if words := _fact(reason):
            said[reason.weight > 0].append(words)
    said[True] += [distance_words(each), gap_words(each.gap_ms)]
    if each.group > 1:
        others = QCoreApplication.translate(
            "SameEvent", "%n more reports of it", None, each.group - 1
        )
        said[True].append(others)
    parts = [
        _say("Likely the same event") if each.is_likely else _say("Perhaps the same event"),
        ", ".join(said[True]),
    ]
    if said[False]:
        parts.append(_say("against it: {facts}").format(facts=", ".join(said[False])))
    return " · ".join(parts)


def _facts(each: MayBeSame) -> list[str]:
    """Return what the facts say, the strongest first."""
    facts = sorted(each.reasons, key=lambda reason: -abs(reason.weight))
    return [said for reason in facts if (said := _fact(reason))]


def _apart(each: MayBeSame) -> str:
    return ", ".join((distance_words(each), gap_words(each.gap_ms)))


def _begun(text: str) -> str:
    """Return words as a line begins; scripts without capitals stay as they are."""
    return text[:1].upper() + text[1:]


def _fact(reason: Reason) -> str:
    """Return what one fact says; nothing for how far off it was, which is told in figures."""
    value = reason.value
    match reason.fact:
        case Fact.PLATE:
            return _plate(value)
        case Fact.VIOLATION:
            return _say("same violation") if value else _say("another violation")
        case Fact.LANDMARK:
            return _say("same landmark") if value else _say("another landmark")
        case Fact.PICTURE if value <= _ALIKE_BITS:
            return _say("a copy of the photo")
    return ""


def _plate(apart: float) -> str:
    if apart == _SAME_PLATE:
        return _say("same plate")
    return _say("plate nearly the same") if apart <= _NEARLY_SAME_PLATE else _say("another plate")


def distance_words(each: MayBeSame) -> str:
    """Return how far away it was seen."""
    return _say("{distance} away").format(distance=distance(each.distance_m))


def gap_words(gap_ms: int) -> str:
    """Return how much earlier or later it was seen."""
    size = abs(gap_ms)
    if size < 1000:
        return _say("same second")
    if size < _SECONDS_SHOWN_MS:
        words = _say("{seconds} s earlier") if gap_ms < 0 else _say("{seconds} s later")
        return words.format(seconds=size // 1000)
    words = _say("{minutes} min earlier") if gap_ms < 0 else _say("{minutes} min later")
    return words.format(minutes=size // 60_000)
