"""The stretch of days the map shows: presets, moving, stretching, and what its bar draws."""

from dataclasses import dataclass

PRESETS_DAYS = (7, 30, 90, 365)
DEFAULT_DAYS = 30
_LEAST_FRAME_DAYS = 90
_LONG_AGO_DAYS = 365  # data older than this has its own end, not today
_SHOWN_FACTOR = 3
_BAR_DAYS = (1, 2, 7, 14, 28, 91, 182, 364)


@dataclass(frozen=True, slots=True)
class Span:
    """Days ``[first, past)``, counted since 1970 in the city's standard time."""

    first: int
    past: int

    @property
    def days(self) -> int:
        """How many days these are."""
        return self.past - self.first


def frame_of(found: tuple[int, int] | None, today: int) -> Span:
    """Return the days worth showing: from the first report to today, or to the last report.

    ``found`` is the first and last day with reports. The frame is at least 90 days long.
    """
    first, last = found or (today, today)
    past = last + 1 if last < today - _LONG_AGO_DAYS else max(last, today) + 1
    return Span(min(first, past - _LEAST_FRAME_DAYS), past)


def latest(frame: Span, days: int) -> Span:
    """Return the last ``days`` days of a frame."""
    return Span(max(frame.first, frame.past - days), frame.past)


def placed(span: Span, frame: Span) -> Span:
    """Return the span pushed into the frame, as long as it was if it fits."""
    days = max(1, min(span.days, frame.days))
    first = max(frame.first, min(span.first, frame.past - days))
    return Span(first, first + days)


def moved(span: Span, by_days: int, frame: Span) -> Span:
    """Return the span so many days later, stopping at the frame's ends."""
    return placed(Span(span.first + by_days, span.past + by_days), frame)


def stretched(span: Span, by_days: int, frame: Span) -> Span:
    """Return the span longer (or shorter) by so many days, its end where it was if it can be."""
    days = max(1, min(frame.days, span.days + by_days))
    first = max(frame.first, span.past - days)
    return Span(first, first + days)


def step_days(span: Span) -> int:
    """Return by how many days a key moves the span: a day of a month, a week of a quarter."""
    return max(1, span.days // 30) if span.days < PRESETS_DAYS[2] else max(7, span.days // 12)


def shown_around(span: Span, frame: Span) -> Span:
    """Return the days the bar draws: three times the span, at its end if that is near."""
    width = max(_LEAST_FRAME_DAYS, span.days * _SHOWN_FACTOR)
    if width >= frame.days:
        return frame
    if span.first >= frame.past - width:
        return Span(frame.past - width, frame.past)
    middle = (span.first + span.past) // 2
    return placed(Span(middle - width // 2, middle - width // 2 + width), frame)


def bar_days(shown: Span, at_most: int) -> int:
    """Return how many days one bar stands for, so that no more than ``at_most`` are drawn."""
    wanted = -(-shown.days // max(1, at_most))
    return next((days for days in _BAR_DAYS if days >= wanted), wanted)


def bars(counts: dict[int, int], shown: Span, days: int) -> list[tuple[Span, int]]:
    """Return the bars from the end backwards in time, in order; the first may be cut short."""
    ends = range(shown.past, shown.first, -days)
    spans = [Span(max(shown.first, end - days), end) for end in ends][::-1]
    return [
        (span, sum(counts.get(day, 0) for day in range(span.first, span.past))) for span in spans
    ]
