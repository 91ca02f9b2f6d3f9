"""The desk's days and months: those of its city's standard time, as fixed boundaries in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from trafficdesk.domain.times import from_ms, to_ms

DAY_MS = 86_400_000
SLOT_MS = 900_000  # a quarter of an hour: every time zone's midnight falls on one


@lru_cache(maxsize=64)
def standard_offset_ms(time_zone: str) -> int:
    """Return the zone's offset from UTC without daylight saving, in milliseconds."""
    winter = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(time_zone))
    offset = (winter.utcoffset() or timedelta(0)) - (winter.dst() or timedelta(0))
    return offset // timedelta(milliseconds=1)


class DayTime(NamedTuple):
    """An instant as a day and how many milliseconds of it have passed."""

    day: int
    passed_ms: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts days and months since 1970 at a fixed offset from UTC."""

    offset_ms: int

    def day_of(self, ms: int) -> int:
        """Return the number of the day an instant falls on."""
        return (ms + self.offset_ms) // DAY_MS

    def day_time(self, ms: int) -> DayTime:
        """Return the day an instant falls on and how much of it has passed by then."""
        return DayTime(*divmod(ms + self.offset_ms, DAY_MS))

    def day_start_ms(self, day: int) -> int:
        """Return the instant a day starts."""
        return day * DAY_MS - self.offset_ms

    def month_of(self, ms: int) -> int:
        """Return ``year * 12 + month - 1`` of an instant."""
        local = from_ms(ms + self.offset_ms)
        return local.year * 12 + local.month - 1

    def month_start_ms(self, month: int) -> int:
        """Return the instant a month starts."""
        start = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return to_ms(start) - self.offset_ms

    def nearest_month(self, ms: int) -> int:
        """Return the month whose start lies closest to an instant."""
        month = self.month_of(ms)
        start, past = self.month_start_ms(month), self.month_start_ms(month + 1)
        return month if ms - start <= past - ms else month + 1
