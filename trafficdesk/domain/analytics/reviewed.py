"""What happened to decisions, added up: let go, overturned, looked at twice."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from trafficdesk.domain.analytics.sums import Reviewing
from trafficdesk.domain.authority import UNDO, plain_action
from trafficdesk.domain.vocabulary import ReportStatus

LET_GO: Final = frozenset({"release", "lease_ended"})
REOPEN: Final = "reopen"


class LookedAt(NamedTuple):
    """One action, or its undo; of a second look what had been decided, and what it came to."""

    action: str
    first: ReportStatus | None
    second: ReportStatus | None


def reviewing_of(happened: Iterable[LookedAt]) -> Reviewing:
    """Return what actions come to; what was taken back did not happen."""
    let_go = reopened = 0
    opinions = Counter[tuple[ReportStatus, ReportStatus]]()
    for action, first, second in happened:
        plain = plain_action(action)
        step = -1 if action.startswith(UNDO) else 1
        if plain in LET_GO:
            let_go += step
        elif plain == REOPEN:
            reopened += step
        elif first is not None and second is not None:
            opinions[first, second] += step
    return Reviewing(
        max(0, let_go), max(0, reopened), {pair: n for pair, n in opinions.items() if n > 0}
    )
