"""All stations, wards or officers counted at once, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.reviewed import reviewing_of
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.analytics.sums import Sums, Waiting
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics import day_figures
from trafficdesk.store.analytics.responses import Answered, find_answered, responses_of
from trafficdesk.store.analytics.reviewing import Happening, find_happenings

Row = TypeVar("Row", Happening, Answered)


def count_parts(
    connection: Connection, calendar: Calendar, period: Period, part: Part
) -> dict[bytes, Sums]:
    """Return what each part of a kind comes to, if to anything, by its id; the city under b"".

    What is read report by report is left out: ages of what waits, and vehicles.
    """
    days = day_figures.read_each(connection, part, period)
    waiting = day_figures.waiting_of_each(connection, part, period)
    workload = day_figures.workload_of_each(connection, part, period)
    reviewing = _by_part(find_happenings(connection, calendar, period), part)
    answered = _by_part(find_answered(connection, calendar, period), part)
    known = days.keys() | waiting.keys() | reviewing.keys() | answered.keys() | workload.keys()
    found = dict[bytes, Sums]()
    for part_id in known | ({b""} if part is Part.CITY else set()):
        of = days.get(part_id, day_figures.NOTHING)
        is_officer = part is Part.OFFICER
        found[part_id] = Sums(
            received=None if is_officer else of.received,
            decided=of.decided,
            waiting=None if is_officer else Waiting(waiting.get(part_id, 0)),
            workload=workload.get(part_id),
            reviewing=reviewing_of(each.looked_at for each in reviewing.get(part_id, ())),
            cited=of.cited,
            responses=None if is_officer else responses_of(answered.get(part_id, ())),
        )
    return {part_id: sums for part_id, sums in found.items() if sums.has_any or not part_id}


def _by_part(rows: Iterable[Row], part: Part) -> dict[bytes, list[Row]]:
    found = defaultdict[bytes, list[Row]](list)
    for row in rows:
        part_id = row.part_id(part)
        if part_id is not None:
            found[part_id].append(row)
    return found
