"""What is asked for: of which city and days, and of which station, ward or officer."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query

from sync_server.problems import RefusedError
from trafficdesk.domain.analytics.periods import Period, last_months
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.wire.codes import Code

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MOST_DAYS: Final = 3_700  # ten years
_MONTHS: Final = 12
_EARLIEST: Final = date(1990, 1, 1)  # and the periods before it are days, too


class Days:
    """From which day to which; none at all are the last twelve months."""

    def __init__(
        self,
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> None:
        self.first, self.last = first, last

    def period(self, today: int) -> Period:
        """Return the days. Raises ``ValueError``: they have no order, or are too many."""
        if self.first is None and self.last is None:
            return last_months(today, _MONTHS)
        first = today if self.first is None else day_of(self.first)
        found = Period(first, 1 + (today if self.last is None else day_of(self.last)))
        if found.days > _MOST_DAYS or found.first_day < day_of(_EARLIEST):
            raise ValueError(found)
        return found


class Whose:
    """Of which city, and of which station, ward or officer if of one."""

    def __init__(
        self,
        city: UUID | None = None,
        station: UUID | None = None,
        ward: UUID | None = None,
        officer: UUID | None = None,
    ) -> None:
        self.city, self.station, self.ward, self.officer = city, station, ward, officer


class Asked:
    """What figures are asked for."""

    def __init__(
        self, days: Annotated[Days, Depends()], whose: Annotated[Whose, Depends()]
    ) -> None:
        self.days, self.whose = days, whose

    def scope(self, today: int) -> Scope:
        """Return what it is about. Raises ``RefusedError``."""
        whose = self.whose
        try:
            return Scope(self.days.period(today), whose.station, whose.ward, whose.officer)
        except ValueError:
            told = "Name days in their order, and one station, ward or officer."
            raise wrong("from", told) from None


def day_of(at: date) -> int:
    """Return the number of a day since 1970."""
    return at.toordinal() - _EPOCH


def date_of(day: int) -> str:
    """Return a day as people write it."""
    return date.fromordinal(day + _EPOCH).isoformat()


def wrong(field: str, detail: str) -> RefusedError:
    """Return the refusal of a question that makes no sense."""
    return RefusedError(Code.BAD_REQUEST, detail, field=field)
