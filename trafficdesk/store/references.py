"""Reference numbers given by this desk until the server gives the city's own."""

from sqlalchemy import Connection


def take_next(connection: Connection, series: str) -> int:
    """Return the next number of a series, starting at 1; a rolled-back one is given again."""
    return int(
        connection.exec_driver_sql(
            "INSERT INTO reference_counters VALUES (?, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
            (series,),
        ).scalar_one()
    )
