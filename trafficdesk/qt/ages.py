"""Times, ages, distances and sums as people at this desk read them."""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from trafficdesk.domain.records import Place
from trafficdesk.domain.times import from_ms, to_ms

_MINUTE_MS: Final = 60_000
_HOURS_SHOWN: Final = 48
_HOURS_WITH_DAYS: Final = 100  # days; beyond, nobody asks for the hours
_DAYS_SHOWN: Final = 730
_METRES_SHOWN: Final = 1_000
_TENS_FROM_M: Final = 100


def _say(source: str) -> str:
    return QCoreApplication.translate("Ages", source)


def locale() -> QLocale:
    """Return the language's way with numbers; the plain C one has no marks for thousands."""
    own = QLocale()
    if own.language() is QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.India)
    return own


def age(at_ms: int, now: datetime) -> str:
    """Return how old something is: ``3 h 04``; from 48 hours on ``3 d 04`` (days, hours).

    From 100 days on only the days are said, from two years on ``16 y 06`` (years, months).
    """
    minutes = max(0, to_ms(now) - at_ms) // _MINUTE_MS
    hours, rest = divmod(minutes, 60)
    if hours < _HOURS_SHOWN:
        return _say("{hours} h {minutes}").format(hours=hours, minutes=f"{rest:02d}")
    days, hours = divmod(hours, 24)
    if days >= _DAYS_SHOWN:
        years, rest = divmod(days, 365)
        months = f"{min(rest * 12 // 365, 11):02d}"
        return _say("{years} y {months}").format(years=years, months=months)
    if days >= _HOURS_WITH_DAYS:
        return _say("{days} d").format(days=days)
    return _say("{days} d {hours}").format(days=days, hours=f"{hours:02d}")


def ago(at: datetime, now: datetime) -> str:
    """Return an age as a phrase: ``3 h 04 ago``."""
    return _say("{age} ago").format(age=age(to_ms(at), now))


def clock(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """Return the local time of day, ``17:42`` or ``17:42:07``."""
    return at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime, zone: tzinfo) -> str:
    """Return the local day, ``21 Nov``; with its year when that is not this one."""
    local = at.astimezone(zone)
    is_this_year = local.year == datetime.now(UTC).astimezone(zone).year
    pattern = "dd MMM" if is_this_year else "dd MMM yyyy"
    return _date(local.date(), pattern, QLocale().name())


@lru_cache(2048)
def _date(day: date, pattern: str, _language: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def moment(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """Return day and time, ``Sat 21 Nov 2026 17:42``."""
    local = at.astimezone(zone)
    day_text = _date(local.date(), "ddd dd MMM yyyy", QLocale().name())
    return f"{day_text}  {clock(at, zone, seconds=seconds)}"


def day_of_ms(at_ms: int, zone: tzinfo) -> str:
    """Return the local day of epoch milliseconds."""
    return day(from_ms(at_ms), zone)


def distance(metres: float) -> str:
    """Return a distance, ``40 m`` or ``1.2 km``."""
    if metres < _METRES_SHOWN:
        rounded = round(metres / 10) * 10 if metres >= _TENS_FROM_M else round(metres)
        return _say("{metres} m").format(metres=rounded)
    return _say("{kilometres} km").format(kilometres=locale().toString(metres / 1000, "f", 1))


def money(amount_minor: int, currency: str) -> str:
    """Return a sum in its currency, ``₹ 1,000``."""
    sign = {"INR": "₹", "EUR": "€", "USD": "$"}.get(currency, currency)
    digits = 0 if amount_minor % 100 == 0 else 2
    return f"{sign} {locale().toString(amount_minor / 100, 'f', digits)}"


def coordinates(place: Place) -> str:
    """Return a place in degrees, ``11.0183 N, 76.9674 E``."""
    north = _say("N") if place.lat >= 0 else _say("S")
    east = _say("E") if place.lon >= 0 else _say("W")
    # Degrees read from left to right in every language.
    isolate, pop = "\u2066", "\u2069"
    return f"{isolate}{abs(place.lat):.4f} {north}, {abs(place.lon):.4f} {east}{pop}"


def number(count: int) -> str:
    """Return a count with its thousands marked."""
    return locale().toString(count)


def short_number(count: int) -> str:
    """Return a count that fits a tab: ``9,999``, ``12 k``, ``1.2 M``."""
    if count < 10_000:
        return number(count)
    if count < 1_000_000:
        return _say("{thousands} k").format(thousands=count // 1000)
    return _say("{millions} M").format(millions=locale().toString(count / 1e6, "f", 1))
