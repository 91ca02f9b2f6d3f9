"""Reports that come round, in the database."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, one, rows

_SCHEDULE: Final = (
    "SELECT s.*, s.wish::text AS wish_text, c.time_zone, c.name AS city, c.code "
    "FROM report_schedules AS s JOIN cities AS c ON c.id = s.city_id"
)


def add(connection: Connection, of: tuple[UUID, UUID, UUID], wish: str, now_ms: int) -> None:
    """Write a schedule of a tenant, a city and an id."""
    connection.execute(
        "INSERT INTO report_schedules (tenant_id, city_id, id, wish, made_ms, looked_ms) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [*of, wish, now_ms, now_ms],
    )


def find_all(connection: Connection) -> list[dict[str, Any]]:
    """Return every schedule with its city, in the order they were made."""
    return rows(connection, f"{_SCHEDULE} ORDER BY s.made_ms, s.id")


def lock(connection: Connection, schedule_id: UUID) -> dict[str, Any] | None:
    """Return a schedule and hold it until the transaction ends; None if it was removed."""
    return one(connection, f"{_SCHEDULE} WHERE s.id = %s FOR UPDATE OF s", schedule_id)


def find(connection: Connection, schedule_id: UUID) -> dict[str, Any] | None:
    """Return a schedule with its city; None if it was removed."""
    return one(connection, f"{_SCHEDULE} WHERE s.id = %s", schedule_id)


def remove(connection: Connection, schedule_id: UUID) -> None:
    """Forget a schedule with its runs and deliveries."""
    connection.execute("DELETE FROM report_schedules WHERE id = %s", [schedule_id])


def plan(
    connection: Connection, schedule: dict[str, Any], due: Sequence[tuple[int, int]], now_ms: int
) -> int:
    """Plan a run for each day and when it was due; return how many are new."""
    new = 0
    for day, due_ms in due:
        new += connection.execute(
            "INSERT INTO report_runs (tenant_id, city_id, schedule_id, day, due_ms, next_ms) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [schedule["tenant_id"], schedule["city_id"], schedule["id"], day, due_ms, now_ms],
        ).rowcount
    connection.execute(
        "UPDATE report_schedules SET looked_ms = %s, passed_over = %s WHERE id = %s",
        [now_ms, schedule["passed_over"], schedule["id"]],
    )
    return new


def forget_early(connection: Connection, schedule_id: UUID, after_ms: int) -> None:
    """Forget runs that were due after an instant: a clock that ran ahead had them made."""
    connection.execute(
        "DELETE FROM report_runs WHERE schedule_id = %s AND due_ms > %s", [schedule_id, after_ms]
    )


def claim_run(connection: Connection, now_ms: int, next_ms: int) -> dict[str, Any] | None:
    """Count a try of the run that was due first and return it; other programs pass it over."""
    return one(
        connection,
        "UPDATE report_runs AS r SET tries = tries + 1, next_ms = %s FROM ("
        "  SELECT city_id, schedule_id, day FROM report_runs"
        "  WHERE state = 'planned' AND next_ms <= %s ORDER BY due_ms LIMIT 1"
        "  FOR UPDATE SKIP LOCKED) AS f "
        "WHERE (r.city_id, r.schedule_id, r.day) = (f.city_id, f.schedule_id, f.day) "
        "RETURNING r.*",
        next_ms,
        now_ms,
    )


def claim_delivery(connection: Connection, now_ms: int, next_ms: int) -> dict[str, Any] | None:
    """Count a try of the delivery that waited longest and return it with its run's file."""
    return one(
        connection,
        "UPDATE report_deliveries AS d SET tries = d.tries + 1, next_ms = %s FROM ("
        "  SELECT city_id, schedule_id, day, way, target FROM report_deliveries"
        "  WHERE state = 'queued' AND next_ms <= %s ORDER BY next_ms LIMIT 1"
        "  FOR UPDATE SKIP LOCKED) AS f JOIN report_runs AS r USING (city_id, schedule_id, day) "
        "WHERE (d.city_id, d.schedule_id, d.day, d.way, d.target) "
        "  = (f.city_id, f.schedule_id, f.day, f.way, f.target) "
        "RETURNING d.*, r.file, r.content, r.made_ms",
        next_ms,
        now_ms,
    )


def put_off(connection: Connection, found: dict[str, Any], next_ms: int) -> None:
    """Say when a delivery is tried again."""
    connection.execute(
        "UPDATE report_deliveries SET next_ms = %s "
        "WHERE schedule_id = %s AND day = %s AND way = %s AND target = %s",
        [next_ms, *(found[name] for name in ("schedule_id", "day", "way", "target"))],
    )


def refuse(connection: Connection, run: dict[str, Any], fault: str) -> None:
    """Write why a report cannot be made."""
    connection.execute(
        "UPDATE report_runs SET state = 'refused', fault = %s "
        "WHERE schedule_id = %s AND day = %s AND state = 'planned'",
        [fault, run["schedule_id"], run["day"]],
    )


def keep(
    connection: Connection,
    run: dict[str, Any],
    made: tuple[int, str, bytes],
    targets: Sequence[tuple[str, str]],
) -> bool:
    """Write a run's report (when, file, content) and whom it is for; False if it was before."""
    done = connection.execute(
        "UPDATE report_runs SET state = 'made', fault = '', made_ms = %s, file = %s, content = %s "
        "WHERE schedule_id = %s AND day = %s AND state = 'planned'",
        [*made, run["schedule_id"], run["day"]],
    ).rowcount
    for way, target in targets if done else ():
        connection.execute(
            "INSERT INTO report_deliveries (tenant_id, city_id, schedule_id, day, way, target, "
            "next_ms) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                *(run[name] for name in ("tenant_id", "city_id", "schedule_id", "day")),
                way,
                target,
                made[0],
            ],
        )
    return bool(done)


def note(
    connection: Connection, found: dict[str, Any], state: str, at_ms: int, why: tuple[str, str]
) -> None:
    """Write what a delivery came to, and why; a report that everybody has is forgotten here."""
    of = [found["schedule_id"], found["day"]]
    connection.execute(
        "UPDATE report_deliveries SET state = %s, fault = %s, detail = %s, done_ms = %s "
        "WHERE schedule_id = %s AND day = %s AND way = %s AND target = %s",
        [state, *why, at_ms if state == "sent" else None, *of, found["way"], found["target"]],
    )
    connection.execute(
        "UPDATE report_runs SET content = NULL WHERE schedule_id = %s AND day = %s "
        "AND NOT EXISTS (SELECT FROM report_deliveries AS d "
        "  WHERE d.schedule_id = report_runs.schedule_id AND d.day = report_runs.day "
        "  AND d.state <> 'sent')",
        of,
    )


def find_last(connection: Connection, schedule_id: UUID) -> dict[str, Any] | None:
    """Return the newest run of a schedule; None before its first."""
    return one(
        connection,
        "SELECT day, due_ms, state, tries, fault, file FROM report_runs "
        "WHERE schedule_id = %s ORDER BY due_ms DESC LIMIT 1",
        schedule_id,
    )


def find_deliveries(connection: Connection, schedule_id: UUID, count: int) -> list[dict[str, Any]]:
    """Return what of a schedule waits or failed, then what was brought last."""
    return rows(
        connection,
        "SELECT d.way, d.target, d.state, d.tries, d.fault, d.detail, d.next_ms, r.file "
        "FROM report_deliveries AS d JOIN report_runs AS r USING (city_id, schedule_id, day) "
        "WHERE schedule_id = %s ORDER BY d.state = 'sent', r.due_ms DESC LIMIT %s",
        schedule_id,
        count,
    )


def try_again(connection: Connection, schedule_id: UUID | None, now_ms: int) -> None:
    """Make what waits for its next try, or failed, be tried at once; of one or of all."""
    of = {"now": now_ms, "id": schedule_id}
    connection.execute(
        "UPDATE report_runs SET state = 'planned', next_ms = %(now)s "
        "WHERE state IN ('planned', 'refused') "
        "AND (%(id)s::uuid IS NULL OR schedule_id = %(id)s)",
        of,
    )
    connection.execute(
        "UPDATE report_deliveries SET state = 'queued', next_ms = %(now)s, tries = 0 "
        "WHERE state <> 'sent' AND (%(id)s::uuid IS NULL OR schedule_id = %(id)s)",
        of,
    )


def prune(connection: Connection, before_ms: int) -> int:
    """Forget runs that were due before an instant; return how many."""
    return connection.execute("DELETE FROM report_runs WHERE due_ms < %s", [before_ms]).rowcount
