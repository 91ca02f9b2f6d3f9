"""What the screen has shown as done before the store has answered, until somebody is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.review import Target


@dataclass(slots=True, eq=False)
class Promise:
    """One decision; ``left`` are the reports that it has not been done with (0: none by number).

    The writer's thread takes out of it what was done.
    """

    left: frozenset[int]

    def keep(self, targets: Iterable[Target], outcome: Outcome) -> None:
        """Take out what a decision on these reports has done."""
        not_done = {each.pk for each in outcome.refused}
        not_done |= {each.report.pk for each in outcome.lost}
        self.left -= {target.pk for target in targets} - not_done


class Promises:
    """Those of one sitting. They are made and told on the GUI thread, until the book is closed."""

    def __init__(self) -> None:
        self._untold: list[Promise] = []
        self._is_closed = False

    def make(self, pks: Iterable[int]) -> Promise:
        """Note a decision that is on its way."""
        made = Promise(frozenset(pks))
        self._untold.append(made)
        return made

    def tell(self, promise: Promise) -> None:
        """Forget a decision whose end was shown; too late when the screen is gone."""
        if not self._is_closed:
            self._untold.remove(promise)

    def close(self) -> None:
        """Let nothing be told any more: the screen goes."""
        self._is_closed = True

    def left(self) -> tuple[int, ...]:
        """Return the reports that were not done and never told of; once all is written."""
        return tuple(sorted(pk for promise in self._untold for pk in promise.left))
