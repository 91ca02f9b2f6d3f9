"""From counted rows to what KPIs are made from, for each stretch of time."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sync_server.analytics import queries
from sync_server.analytics.queries import Question, Rows
from sync_server.db.engine import Connection
from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.durations import BUCKETS
from trafficdesk.domain.analytics.reviewed import LET_GO, LookedAt, reviewing_of
from trafficdesk.domain.analytics.scope import Part, Scope, scope_of
from trafficdesk.domain.analytics.sums import (
    Cited,
    Decided,
    Received,
    Responses,
    Sums,
    Vehicles,
    Waiting,
    Workload,
)
from trafficdesk.domain.authority import SECOND_OPINIONS, plain_action
from trafficdesk.domain.vocabulary import ReportStatus, Severity


class Counted(NamedTuple):
    """Everything counted of a question, by part and stretch."""

    received: Rows
    decided: Rows
    workload: Rows
    cited: Rows
    happened: Rows
    answered: Rows

    def parts(self) -> "dict[UUID | None, Counted]":
        """Return the same of each station, ward or officer apart."""
        found = defaultdict[UUID | None, Counted](lambda: Counted([], [], [], [], [], []))
        for number, rows in enumerate(self):
            for row in rows:
                found[row["part"]][number].append(row)
        return found


def _count(connection: Connection, asked: Question, edges: tuple[int, ...]) -> Counted:
    of = connection, asked, edges
    happened = queries.find_happenings(*of)
    for row in happened:
        if asked.by is Part.OFFICER:
            row["part"] = _whose(row)
    return Counted(
        queries.count_received(*of),
        queries.count_decided(*of),
        queries.count_workload(*of),
        queries.count_cited(*of),
        happened,
        queries.find_answered(*of),
    )


def count_stretches(connection: Connection, asked: Question, edges: tuple[int, ...]) -> list[Sums]:
    """Return what each stretch between two edges comes to, in their order; without vehicles."""
    return _stretches(_count(connection, asked, edges), asked.scope, len(edges))


def count_parts(
    connection: Connection, asked: Question, edges: tuple[int, ...]
) -> dict[UUID | None, Sums]:
    """Return what each station, ward or officer comes to between two edges, if to anything."""
    found = {
        part_id: _stretches(counted, scope_of(asked.scope.period, asked.by, part_id), len(edges))[0]
        for part_id, counted in _count(connection, asked, edges).parts().items()
        if part_id is not None
    }
    return {part_id: sums for part_id, sums in found.items() if sums.has_any}


def _stretches(counted: Counted, scope: Scope, edges: int) -> list[Sums]:
    received, decided = _received(counted.received), _decided(counted.decided)
    workload = {row["stretch"]: row for row in counted.workload}
    cited = {row["stretch"]: Cited(row["n"], int(row["amount"])) for row in counted.cited}
    happened, answered = _by_stretch(counted.happened), _by_stretch(counted.answered)
    is_officer, has_workload = scope.part is Part.OFFICER, scope.part is not Part.WARD
    found, waiting = list[Sums](), 0
    for stretch in range(edges):  # what was before the first has waited too
        arrived, done = received.get(stretch, Received()), decided.get(stretch, Decided())
        waiting += arrived.n - done.n
        work = workload.get(stretch, {"n": 0, "days": 0})
        found.append(
            Sums(
                received=None if is_officer else arrived,
                decided=done,
                waiting=None if is_officer else Waiting(max(0, waiting)),
                workload=Workload(work["n"], work["days"]) if has_workload else None,
                reviewing=reviewing_of(_looked_at(scope.officer_id, happened.get(stretch, []))),
                cited=cited.get(stretch, Cited()),
                responses=None if is_officer else _responses(answered.get(stretch, [])),
            )
        )
    return found[1:]


def count_vehicles(connection: Connection, asked: Question) -> Vehicles:
    """Return how many plates a scope's period has, and how many of them more than once."""
    rows = queries.count_vehicles(connection, asked, asked.edges())
    found = {row["stretch"]: Vehicles(row["n"], row["repeated"]) for row in rows}
    return found.get(1, Vehicles())


def ages_of_waiting(connection: Connection, asked: Question, today: int) -> dict[int, int]:
    """Return how many days what is undecided has waited."""
    ages = Counter[int]()
    for row in queries.count_waiting(connection, asked):
        ages[max(0, today - row["day"])] += row["n"]
    return dict(ages)


def _by_stretch(rows: Rows) -> dict[int, Rows]:
    found = defaultdict[int, Rows](list)
    for row in rows:
        found[row["stretch"]].append(row)
    return found


def _received(rows: Rows) -> dict[int, Received]:
    return {
        stretch: Received(
            {Severity(row["severity"]): row["n"] for row in of},
            sum(int(row["score"]) for row in of),
        )
        for stretch, of in _by_stretch(rows).items()
    }


def _decided(rows: Rows) -> dict[int, Decided]:
    found = dict[int, Decided]()
    for stretch, of in _by_stretch(rows).items():
        verdicts, times = Counter[ReportStatus | None](), [0] * BUCKETS
        for row in of:
            verdicts[verdict_of(ReportStatus(row["status"]))] += row["n"]
            times[row["bucket"]] += row["n"]
        found[stretch] = Decided(
            verdicts[ReportStatus.APPROVED],
            verdicts[ReportStatus.REJECTED],
            verdicts[ReportStatus.DUPLICATE],
            tuple(times),
        )
    return found


def _whose(row: dict[str, Any]) -> UUID | None:
    """Return who let go, or whose decision was overturned or looked at twice."""
    plain = plain_action(row["action"])
    if plain in LET_GO:
        text = row["actor"]
    else:
        text = row["officer"] if plain in SECOND_OPINIONS else row["overturned"]
    return UUID(text) if text else None


def _looked_at(officer_id: UUID | None, rows: Rows) -> Iterable[LookedAt]:
    """Return what happened to decisions; to an officer's if one is named."""
    for row in rows:
        if officer_id in {None, _whose(row)}:
            first = verdict_of(ReportStatus(row["verdict"])) if row["verdict"] else None
            second = SECOND_OPINIONS.get(plain_action(row["action"]))
            yield LookedAt(row["action"], first, second)


def _responses(rows: Rows) -> Responses:
    def took(name: str) -> tuple[int, ...]:
        return tuple(int(row[name]) for row in rows if row[name] is not None)

    injured = sum(bool(row["injuries"]) for row in rows)
    return Responses(len(rows), injured, took("to_dispatch"), took("to_arrival"), took("to_clear"))
