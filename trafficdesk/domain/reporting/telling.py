"""How a KPI changed, as a report tells it."""

from typing import Final

from trafficdesk.domain.analytics.trends import Verdict
from trafficdesk.domain.reporting.document import FigureLine, Kind
from trafficdesk.domain.reporting.figures import Show

_MANIFOLD: Final = 10  # as a share; beyond, the difference itself says more
_AS_THEY_ARE: Final = frozenset({Kind.MS, Kind.DAYS, Kind.KAPPA})


def change_told(line: FigureLine, show: Show) -> str:
    """Return how far a KPI moved, such as ``↓ 6.2 %``; "" where that is not known."""
    if line.value is None or line.before is None or line.value == line.before:
        return ""
    size = line.value - line.before
    arrow = "\N{UPWARDS ARROW}" if size > 0 else "\N{DOWNWARDS ARROW}"
    return f"{arrow} {_size_told(line, abs(size), show)}"


def _size_told(line: FigureLine, size: float, show: Show) -> str:
    if line.kind is Kind.SHARE:
        return show.words.say("{points} pt").format(points=show.decimal(size * 100))
    if line.kind in _AS_THEY_ARE or not line.before or size / abs(line.before) >= _MANIFOLD:
        return show.value(size, line.kind)
    return show.share(size / abs(line.before))


def verdict_told(line: FigureLine, show: Show) -> str:
    """Return what a change means: better or worse, else nothing."""
    match line.verdict:
        case Verdict.BETTER:
            return show.words.say("better")
        case Verdict.WORSE:
            return show.words.say("worse")
        case Verdict.SAME:
            return show.words.say("as before")
        case _:
            return ""
