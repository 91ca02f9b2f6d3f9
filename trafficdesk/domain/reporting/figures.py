"""Values as people read them: the same on desk and server, whatever the computer's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from trafficdesk.domain.analytics.periods import MONTHS_A_YEAR
from trafficdesk.domain.reporting.document import Kind, Value
from trafficdesk.domain.reporting.words import Words

UNKNOWN: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
MULTIPLIED: Final = "\N{MULTIPLICATION SIGN}"
_EPOCH: Final = date(1970, 1, 1)
_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
_HOURS_TOLD: Final = 48
_LEAST_CHANCE: Final = 0.001
_SIGNS: Final[Mapping[str, str]] = {"INR": "₹", "EUR": "€", "USD": "$"}


def date_of(day: int) -> date:
    """Return the date of a day."""
    return _EPOCH + timedelta(days=day)


def moment_of(ms: float, offset_ms: int) -> datetime:
    """Return an instant on the city's clocks, without a zone."""
    return datetime.fromtimestamp((ms + offset_ms) / 1000, UTC).replace(tzinfo=None)


def grouped(number: int, currency: str = "") -> str:
    """Return a whole number with marks: by lakh and crore where rupees are paid, else by 1,000."""
    if currency != "INR":
        return f"{number:,}".replace("-", MINUS)
    digits, sign = str(abs(number)), MINUS if number < 0 else ""
    head, tail = digits[:-3], digits[-3:]
    parts = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return sign + ",".join([*parts, tail])


@dataclass(frozen=True, slots=True)
class Show:
    """Shows values in words, in a currency, at the city's offset from UTC."""

    words: Words
    currency: str
    offset_ms: int

    def value(self, value: Value, kind: Kind) -> str:
        """Return a value with its unit; a dash where there is none."""
        if value is None:
            return UNKNOWN
        if isinstance(value, str):
            return value
        return _WAYS[kind](self, value)

    def count(self, value: float) -> str:
        """Return a whole number with its marks."""
        return grouped(round(value), self.currency)

    def decimal(self, value: float, digits: int = 1) -> str:
        """Return a number with digits behind its point and a real minus sign."""
        whole, _, rest = f"{abs(value):.{digits}f}".partition(".")
        is_less = value < 0 and float(f"{value:.{digits}f}") != 0
        return (MINUS if is_less else "") + grouped(int(whole), self.currency) + "." + rest

    def share(self, value: float) -> str:
        """Return a share as a percentage."""
        return self.words.say("{number} %").format(number=self.decimal(value * 100))

    def length(self, ms: float) -> str:
        """Return a length of time: ``7:40 min`` below an hour, ``3 h 20``, ``4.2 d``."""
        say = self.words.say
        if ms < _HOUR_MS:
            minutes, seconds = divmod(round(ms / 1000), 60)
            return say("{minutes}:{seconds} min").format(minutes=minutes, seconds=f"{seconds:02d}")
        if ms < _HOURS_TOLD * _HOUR_MS:
            hours, minutes = divmod(round(ms / _MINUTE_MS), 60)
            return say("{hours} h {minutes}").format(hours=hours, minutes=f"{minutes:02d}")
        return say("{days} d").format(days=self.decimal(ms / _DAY_MS))

    def money(self, minor: float) -> str:
        """Return a sum in its currency."""
        sign = _SIGNS.get(self.currency, self.currency)
        whole, rest = divmod(round(abs(minor)), 100)
        less = MINUS if minor < 0 else ""
        behind = f".{rest:02d}" if rest else ""
        return f"{less}{sign} {grouped(whole, self.currency)}{behind}"

    def day(self, day: float) -> str:
        """Return a day such as 22 Nov 2026."""
        at = date_of(int(day))
        return f"{at.day} {self.words.month(at.month)} {at.year}"

    def month(self, month: float) -> str:
        """Return a month such as Nov 2026."""
        year, number = divmod(int(month), MONTHS_A_YEAR)
        return f"{self.words.month(number + 1)} {year}"

    def moment(self, ms: float) -> str:
        """Return an instant such as 22 Nov 2026 17:42."""
        at = moment_of(ms, self.offset_ms)
        return f"{at.day} {self.words.month(at.month)} {at.year} {at:%H:%M}"

    def time_of_day(self, ms: int) -> str:
        """Return how much of a day has passed as what its clocks show: ``14:05``."""
        hours, minutes = divmod(ms // _MINUTE_MS, 60)
        return f"{hours:02d}:{minutes:02d}"

    def chance(self, value: float) -> str:
        """Return a chance; one that is next to none is said to be less than 0.001."""
        return f"< {_LEAST_CHANCE}" if value < _LEAST_CHANCE else f"{value:.3f}"


_WAYS: Final[Mapping[Kind, Callable[[Show, float], str]]] = {
    Kind.COUNT: Show.count,
    Kind.SHARE: Show.share,
    Kind.MS: Show.length,
    Kind.DAYS: lambda show, value: show.words.say("{days} d").format(days=show.count(value)),
    Kind.MONEY: Show.money,
    Kind.SCORE: Show.decimal,
    Kind.RATE: Show.decimal,
    Kind.NUMBER: Show.decimal,
    Kind.KAPPA: lambda show, value: show.decimal(value, 2),
    Kind.TIMES: lambda show, value: f"{MULTIPLIED} {show.decimal(value)}",
    Kind.DEGREES: lambda _show, value: f"{value:.5f}",
    Kind.CHANCE: Show.chance,
    Kind.DAY: Show.day,
    Kind.MONTH: Show.month,
    Kind.MOMENT: Show.moment,
    Kind.TEXT: lambda _show, value: str(value),
}
