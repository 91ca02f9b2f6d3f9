"""Figures of a caller's city, made by the desk's own definitions from the server's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sync_server.accounts.service import Caller
from sync_server.analytics import counting, queries, telling
from sync_server.analytics.asked import Asked, date_of, wrong
from sync_server.analytics.queries import Question
from sync_server.analytics.squares import forecast_squares
from sync_server.analytics.told import (
    ToldForecast,
    ToldHeat,
    ToldLocations,
    ToldOverview,
    ToldReport,
    ToldSquares,
    ToldTable,
    ToldTrends,
)
from sync_server.audit.reads import Read, What, note_read
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.analytics.compared import parts_over, period_before
from trafficdesk.domain.analytics.hotspots import find_discs
from trafficdesk.domain.analytics.micro_cells import Micro
from trafficdesk.domain.analytics.outlook import EVER, outlook_of
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.analytics.scope import Part, scope_of
from trafficdesk.domain.analytics.sums import Sums, added, with_ages
from trafficdesk.domain.calendar import DayTime
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.codes import Code

MONTHS_AHEAD: Final = 3


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with all that answering it needs."""

    connection: Connection
    question: Question
    now_ms: int

    @property
    def now(self) -> DayTime:
        """The day it is in the city, and how much of it has passed."""
        return self.question.calendar.day_time(self.now_ms)

    @property
    def today(self) -> int:
        """The day it is in the city."""
        return self.now.day

    @property
    def period(self) -> Period:
        """The days that are asked for."""
        return self.question.scope.period

    def about(self, period: Period, part: Part, part_id: UUID | None) -> "Inquiry":
        """Return the same question of other days, or of another station, ward or officer."""
        scope = scope_of(period, part, part_id)
        return Inquiry(self.connection, self.question._replace(scope=scope), self.now_ms)


def _inquire(connection: Connection, caller: Caller, asked: Asked) -> Inquiry:
    city_id = city_of(caller, asked.whose.city)
    calendar = queries.find_calendar(connection, city_id)
    now_ms = to_ms(utc_now())
    scope = asked.scope(calendar.day_of(now_ms))
    if scope.officer_id not in {None, caller.user.id}:
        caller.require(Permission.ANALYTICS_OFFICERS)
    return Inquiry(connection, Question(city_id, calendar, scope), now_ms)


@contextmanager
def _inquiring(server: Server, caller: Caller, asked: Asked) -> Iterator[Inquiry]:
    """Give the question in one snapshot; figures of another officer are noted when it is answered.

    What cannot be noted raises, and so is not told.
    """
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        inquiry = _inquire(connection, caller, asked)
        yield inquiry
    officer_id = inquiry.question.scope.officer_id
    if officer_id not in {None, caller.user.id}:
        _note(server, caller, inquiry, str(officer_id), 1)


def _note(server: Server, caller: Caller, inquiry: Inquiry, of: str, count: int) -> None:
    period = inquiry.period
    asked = {
        "city": str(inquiry.question.city_id),
        "from": date_of(period.first_day),
        "to": date_of(period.past_day - 1),
    }
    note_read(server, caller, Read(what=What.FIGURES, count=count, subject=of, asked=asked))


def city_of(caller: Caller, named: UUID | None) -> UUID:
    """Return the city that is asked about. Raises ``RefusedError``: not theirs, or which one?"""
    if named is not None and named in caller.city_ids:
        return named
    if named is None and len(caller.city_ids) == 1:
        return caller.city_ids[0]
    if named is None:
        raise wrong("city", "Several cities are yours: name one.")
    raise RefusedError(Code.NOT_FOUND, "There is no such city.")


def read_overview(server: Server, caller: Caller, asked: Asked) -> ToldOverview:
    """Return the KPIs of a scope, beside the period before. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        return _overview(inquiry)


def _overview(inquiry: Inquiry) -> ToldOverview:
    question, period = inquiry.question, inquiry.period
    before, over = period_before(period, inquiry.now), parts_over(period, inquiry.today)
    runs = _stretches(inquiry, period.parts())
    now = _with_rest(inquiry, added(runs))
    earlier = inquiry.about(before, question.scope.part, question.scope.part_id)
    then = _with_rest(earlier, added(_stretches(earlier, (before,))))
    beside = telling.Beside(question, (period, before), inquiry.now_ms)
    return beside.of(now, then, runs[: len(over)])


def _stretches(inquiry: Inquiry, parts: tuple[Period, ...]) -> list[Sums]:
    asked = inquiry.question
    return counting.count_stretches(inquiry.connection, asked, asked.edges(*parts))


def _with_rest(inquiry: Inquiry, sums: Sums) -> Sums:
    """Add what is no sum of stretches: vehicles, and how old what waits is."""
    if sums.waiting is None:
        return sums
    of = inquiry.connection, inquiry.question
    reaches_today = inquiry.period.past_day > inquiry.today
    ages = counting.ages_of_waiting(*of, inquiry.today) if reaches_today else {}
    return with_ages(sums, ages, counting.count_vehicles(*of))


def read_kpis(server: Server, caller: Caller, asked: Asked, part: Part) -> ToldTable:
    """Return every station, ward or officer side by side. Raises ``RefusedError``."""
    is_of_officers = part is Part.OFFICER
    may_see_all = not is_of_officers or may(caller.role, Permission.ANALYTICS_OFFICERS)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        inquiry = _inquire(connection, caller, asked)
        told = _table(inquiry, part, None if may_see_all else caller.user.id)
    if is_of_officers and may_see_all:
        _note(server, caller, inquiry, "", len(told.rows))
    return told


def _table(inquiry: Inquiry, part: Part, only: UUID | None) -> ToldTable:
    period, connection = inquiry.period, inquiry.connection
    city = inquiry.about(period, Part.CITY, None)
    each = counting.count_parts(connection, city.question._replace(by=part), city.question.edges())
    found = [
        (row, each[row["id"]])
        for row in queries.find_parts(connection, inquiry.question.city_id, part)
        if row["id"] in each and only in {None, row["id"]}
    ]
    whole = _stretches(city, (period,))[0]
    return telling.table(inquiry.question.city_id, period, inquiry.now_ms, (found, whole))


def read_trends(server: Server, caller: Caller, asked: Asked) -> ToldTrends:
    """Return how a scope's reports run. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        return _trends(inquiry)


def _trends(inquiry: Inquiry) -> ToldTrends:
    of = inquiry.connection, inquiry.question, inquiry.question.edges()
    return telling.trends(
        inquiry.question,
        inquiry.now_ms,
        telling.Counted(
            queries.count_hours(*of), queries.count_kinds(*of), queries.find_answered(*of)
        ),
    )


def read_heat(server: Server, caller: Caller, asked: Asked, cell_m: int) -> ToldHeat:
    """Return where how much was reported, in cells so wide. Raises ``RefusedError``."""
    degrees = cell_m / telling.METRES_A_DEGREE
    with _inquiring(server, caller, asked) as inquiry:
        cells = queries.count_cells(inquiry.connection, inquiry.question, degrees)
    return telling.heat(inquiry.question, inquiry.now_ms, degrees, cells)


def read_locations(server: Server, caller: Caller, asked: Asked, at_most: int) -> ToldLocations:
    """Return the gravest discs of a period. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        return _locations(inquiry, at_most)


def _locations(inquiry: Inquiry, at_most: int) -> ToldLocations:
    question, period = inquiry.question, inquiry.period
    before = period_before(period, inquiry.now)
    spans = [each.span_ms(question.calendar) for each in (period, before)]
    now, then = (
        {
            (row["x"], row["y"]): row
            for row in queries.count_micro(inquiry.connection, question, span)
        }
        for span in spans
    )
    cells = [
        Micro(
            *place,
            now[place]["n"] if place in now else 0,
            int(now[place]["weight"]) if place in now else 0,
            then[place]["n"] if place in then else 0,
        )
        for place in sorted(now.keys() | then.keys())
    ]
    # Of a part it is not known which squares are its own.
    is_city = question.scope.part is Part.CITY
    known = queries.find_known_squares(inquiry.connection, question) if is_city else []
    discs = find_discs(cells, by_weight=True, at_most=at_most, known=known)
    return telling.locations(question, before, inquiry.now_ms, discs)


def read_forecast(server: Server, caller: Caller, asked: Asked) -> ToldForecast:
    """Return the months after a scope's period, and what that is worth. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        days = queries.count_days(inquiry.connection, inquiry.question)
    by_day = {row["day"]: row["n"] for row in days}
    past_day = min(inquiry.period.past_day, inquiry.today)
    outlook = outlook_of(by_day, EVER, past_day, MONTHS_AHEAD)
    return telling.forecast(inquiry.question.city_id, inquiry.now_ms, outlook)


def read_squares(
    server: Server, caller: Caller, asked: Asked, unit: Unit, at_most: int
) -> ToldSquares:
    """Return the squares of the next week or month and their worth. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        ahead = forecast_squares(inquiry.connection, inquiry.question, inquiry.today, unit)
    return telling.squares(inquiry.question.city_id, inquiry.now_ms, ahead, at_most)


def read_report(server: Server, caller: Caller, asked: Asked, at_most: int) -> ToldReport:
    """Return what a monthly report is made of, in one snapshot. Raises ``RefusedError``."""
    with _inquiring(server, caller, asked) as inquiry:
        return ToldReport(
            overview=_overview(inquiry),
            trends=_trends(inquiry),
            stations=_table(inquiry, Part.STATION, None),
            locations=_locations(inquiry, at_most),
        )
