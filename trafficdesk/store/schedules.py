"""Reports that come round: what is wished for, and the day of each that is to be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.deliveries import RunState
from trafficdesk.store.rows import fetch_all, run, run_each

_SCHEDULE = "SELECT id, officer_id, wish, made_ms, looked_ms, passed_over FROM schedules"
_RUN = (
    "SELECT pk, schedule_id, day, due_ms, state, tries, next_ms, fault, made_ms, file "
    "FROM schedule_runs"
)


class Schedule(NamedTuple):
    """A wish of an officer's as JSON; runs are planned until ``looked_ms``.

    ``passed_over``: so many days had their report left out, for too many were missed at once.
    """

    id: UUID
    officer_id: UUID
    wish: str
    made_ms: int
    looked_ms: int
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The report of one day of a schedule, and where it stands."""

    pk: int
    schedule_id: UUID
    day: int
    due_ms: int
    state: RunState
    tries: int
    next_ms: int
    fault: str
    made_ms: int | None
    file: str


def add(connection: Connection, schedule: Schedule) -> None:
    """Write a new schedule."""
    run(
        connection,
        "INSERT INTO schedules (id, officer_id, wish, made_ms, looked_ms, passed_over) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (schedule.id.bytes, schedule.officer_id.bytes, *schedule[2:]),
    )


def find_all(connection: Connection) -> list[Schedule]:
    """Return every schedule in the order they were made."""
    rows = fetch_all(connection, f"{_SCHEDULE} ORDER BY made_ms, id")
    return [Schedule(UUID(bytes=row[0]), UUID(bytes=row[1]), *row[2:]) for row in rows]


def find(connection: Connection, schedule_id: UUID) -> Schedule | None:
    """Return a schedule; None if there is none of that id."""
    rows = fetch_all(connection, f"{_SCHEDULE} WHERE id = ?", (schedule_id.bytes,))
    return Schedule(UUID(bytes=rows[0][0]), UUID(bytes=rows[0][1]), *rows[0][2:]) if rows else None


def remove(connection: Connection, schedule_id: UUID) -> None:
    """Forget a schedule with its runs and whatever of them was not delivered yet."""
    of = (schedule_id.bytes,)
    run(
        connection,
        "DELETE FROM deliveries WHERE run_pk IN "
        "(SELECT pk FROM schedule_runs WHERE schedule_id = ?)",
        of,
    )
    run(connection, "DELETE FROM schedule_runs WHERE schedule_id = ?", of)
    run(connection, "DELETE FROM schedules WHERE id = ?", of)


def plan(
    connection: Connection, schedule: Schedule, due: Sequence[tuple[int, int]], now_ms: int
) -> int:
    """Plan runs, each a day and when it was due, and note that all until now were looked at.

    A day that has its run keeps it. ``schedule`` brings how many were passed over by now. Returns
    how many runs are new.
    """
    new = 0
    for day, due_ms in due:
        new += run(
            connection,
            "INSERT INTO schedule_runs (schedule_id, day, due_ms, next_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (schedule_id, day) DO NOTHING",
            (schedule.id.bytes, day, due_ms, now_ms),
        )
    run(
        connection,
        "UPDATE schedules SET looked_ms = ?, passed_over = ? WHERE id = ?",
        (now_ms, schedule.passed_over, schedule.id.bytes),
    )
    return new


def forget_early(connection: Connection, schedule_id: UUID, after_ms: int) -> None:
    """Forget runs that were due after an instant: a clock that ran ahead had them made."""
    of = (schedule_id.bytes, after_ms)
    early = "SELECT pk FROM schedule_runs WHERE schedule_id = ? AND due_ms > ?"
    run(connection, f"DELETE FROM deliveries WHERE run_pk IN ({early})", of)
    run(connection, "DELETE FROM schedule_runs WHERE schedule_id = ? AND due_ms > ?", of)


def find_planned(connection: Connection, now_ms: int) -> Run | None:
    """Return the run that was due first of those to be made now; None if there is none."""
    rows = fetch_all(
        connection,
        f"{_RUN} WHERE state = 'planned' AND next_ms <= ? ORDER BY due_ms, pk LIMIT 1",
        (now_ms,),
    )
    return _run(rows[0]) if rows else None


def get(connection: Connection, pk: int) -> Run:
    """Return a run that is there."""
    (row,) = fetch_all(connection, f"{_RUN} WHERE pk = ?", (pk,))
    return _run(row)


def find_last(connection: Connection, schedule_id: UUID) -> Run | None:
    """Return the newest run of a schedule; None before its first."""
    rows = fetch_all(
        connection,
        f"{_RUN} WHERE schedule_id = ? ORDER BY due_ms DESC LIMIT 1",
        (schedule_id.bytes,),
    )
    return _run(rows[0]) if rows else None


def _run(row: tuple[Any, ...]) -> Run:
    pk, schedule_id, day, due_ms, state, *rest = row
    return Run(pk, UUID(bytes=schedule_id), day, due_ms, RunState(state), *rest)


def claim(connection: Connection, found: Run, next_ms: int) -> bool:
    """Count a try before it is made; False when another was counted since the run was read."""
    return bool(
        run(
            connection,
            "UPDATE schedule_runs SET tries = tries + 1, next_ms = ? "
            "WHERE pk = ? AND state = 'planned' AND tries = ?",
            (next_ms, found.pk, found.tries),
        )
    )


def note_fault(connection: Connection, pk: int, state: RunState, fault: str) -> None:
    """Write why a report could not be made."""
    run(
        connection,
        "UPDATE schedule_runs SET state = ?, fault = ? WHERE pk = ? AND state = 'planned'",
        (state, fault, pk),
    )


class Made(NamedTuple):
    """A report that was made: when, its file's name and its bytes."""

    at_ms: int
    file: str
    content: bytes


def keep(connection: Connection, pk: int, made: Made, targets: Sequence[tuple[str, str]]) -> bool:
    """Write a run's report and who it is for; False when it was made before."""
    done = run(
        connection,
        "UPDATE schedule_runs SET state = 'made', fault = '', made_ms = ?, file = ?, content = ? "
        "WHERE pk = ? AND state = 'planned'",
        (*made, pk),
    )
    if done:
        run_each(
            connection,
            "INSERT INTO deliveries (run_pk, way, target, next_ms) VALUES (?, ?, ?, ?)",
            [(pk, way, target, made.at_ms) for way, target in targets],
        )
    return bool(done)


def try_again(connection: Connection, schedule_id: UUID | None, now_ms: int) -> None:
    """Make what waits for its next try, or was refused, be tried at once; of one or of all."""
    which = "" if schedule_id is None else " AND schedule_id = ?"
    of = () if schedule_id is None else (schedule_id.bytes,)
    run(
        connection,
        "UPDATE schedule_runs SET state = 'planned', next_ms = ? "
        f"WHERE state IN ('planned', 'refused'){which}",
        (now_ms, *of),
    )
    run(
        connection,
        "UPDATE deliveries SET state = 'queued', next_ms = ?, tries = 0 WHERE state <> 'sent' "
        f"AND run_pk IN (SELECT pk FROM schedule_runs WHERE true{which})",
        (now_ms, *of),
    )


def prune(connection: Connection, before_ms: int) -> int:
    """Forget runs that were due before an instant; return how many."""
    old = "SELECT pk FROM schedule_runs WHERE due_ms < ?"
    run(connection, f"DELETE FROM deliveries WHERE run_pk IN ({old})", (before_ms,))
    return run(connection, "DELETE FROM schedule_runs WHERE due_ms < ?", (before_ms,))
