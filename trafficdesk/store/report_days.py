"""How many reports occurred on which days, by status and severity."""

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import ReportStatus, Severity


def count_by_day(
    connection: Connection, statuses: frozenset[ReportStatus], severities: frozenset[Severity]
) -> dict[int, int]:
    """Return the reports of each day that has any; empty sets ask for all."""
    where, values = ["n <> 0"], list[object]()
    for column, chosen in (
        ("status", [str(status) for status in sorted(statuses)]),
        ("severity", [int(severity) for severity in sorted(severities)]),
    ):
        if chosen:
            where.append(f"{column} IN ({', '.join('?' * len(chosen))})")
            values += chosen
    rows = connection.exec_driver_sql(
        f"SELECT day, sum(n) FROM report_days WHERE {' AND '.join(where)} GROUP BY day",
        tuple(values),
    )
    return {int(day): int(n) for day, n in rows}


def count_by_facet(
    connection: Connection, first_day: int, past_day: int
) -> dict[tuple[ReportStatus, Severity], int]:
    """Return the reports of ``[first_day, past_day)`` by status and severity."""
    rows = connection.exec_driver_sql(
        "SELECT status, severity, sum(n) FROM report_days WHERE day >= ? AND day < ? "
        "GROUP BY status, severity HAVING sum(n) <> 0",
        (first_day, past_day),
    )
    return {(ReportStatus(status), Severity(severity)): int(n) for status, severity, n in rows}
