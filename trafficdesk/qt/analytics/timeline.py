"""What a line over months shows: counts, the count of before, and what is expected."""

from dataclasses import dataclass

from trafficdesk.domain.queues import ReportFilter


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one month to come: the middle, and where 8 of 10 should fall."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One month: its short and whole name, what was counted, and what is expected.

    ``plain`` is the plain count for that month; ``count`` is None for a month to come.
    """

    mark: str
    name: str
    count: float | None
    plain: float | None = None
    expected: Expected | None = None
    wanted: ReportFilter | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The months of a chart in their order; ``title`` names them."""

    title: str = ""
    moments: tuple[Moment, ...] = ()
    has_forecast: bool = False

    @property
    def past(self) -> int:
        """Return how many of the months were counted."""
        return sum(moment.count is not None for moment in self.moments)

    @property
    def values(self) -> tuple[float | None, ...]:
        """Return every value that has to find room on the axis."""
        return tuple(
            value
            for moment in self.moments
            for value in (
                moment.count,
                moment.plain,
                *((moment.expected.low, moment.expected.high) if moment.expected else ()),
            )
        )

    @property
    def most(self) -> int:
        """Return the place of the largest count, -1 for none."""
        counted = [(m.count, -place) for place, m in enumerate(self.moments) if m.count is not None]
        return -max(counted)[1] if counted else -1
