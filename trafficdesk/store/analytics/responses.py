"""Incidents of a period and how long each step of the answer to them took."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.analytics.sums import Responses
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.vocabulary import IncidentStatus
from trafficdesk.store.rows import fetch_as


class Answered(NamedTuple):
    """An incident: when it was reported, and how long each step took; all in milliseconds."""

    at_ms: int
    station_id: bytes
    ward_id: bytes | None
    injuries: int
    to_dispatch: int | None
    to_arrival: int | None
    to_clear: int | None

    def part_id(self, part: Part) -> bytes | None:
        """Return the station or ward it counts for; b"" for the city."""
        return (b"", self.station_id, self.ward_id, None)[part]


_READ: Final = f"""
SELECT reported_ms, station_id, ward_id, injuries, dispatched_ms - reported_ms,
arrived_ms - reported_ms, CASE WHEN status = '{IncidentStatus.CLEARED}' THEN
cleared_ms - reported_ms END FROM incidents
WHERE deleted_ms IS NULL AND merged_into IS NULL AND reported_ms >= ? AND reported_ms < ?
"""


def find_answered(connection: Connection, calendar: Calendar, period: Period) -> list[Answered]:
    """Return the incidents of a period, those merged into others left out."""
    return fetch_as(Answered, connection, _READ, period.span_ms(calendar))


def responses_of(answered: Iterable[Answered]) -> Responses:
    """Return what incidents come to."""
    found = list(answered)
    return Responses(
        len(found),
        sum(bool(each.injuries) for each in found),
        tuple(each.to_dispatch for each in found if each.to_dispatch is not None),
        tuple(each.to_arrival for each in found if each.to_arrival is not None),
        tuple(each.to_clear for each in found if each.to_clear is not None),
    )
