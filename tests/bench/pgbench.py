"""The same statements by PostgreSQL's own pgbench, with their values written into them."""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import psycopg
from psycopg.abc import Params

from sync_server.db.engine import APP_ROLE
from sync_server.private_cluster import find_programs
from sync_server.programs import run

Statement = tuple[bytes, Params | None]
_BEFORE = (f"SET ROLE {APP_ROLE}", "SET timezone = 'UTC'")
_LATENCY = re.compile(r"^ +(\d+\.\d+) +\d+ ", re.MULTILINE)


def time_transactions(
    url: str, transactions: Sequence[Sequence[Statement]], folder: Path
) -> list[float]:
    """Run transactions one after the other on one connection; return the milliseconds of each.

    Raises:
        RuntimeError: pgbench failed, or told of other statements than these.
    """
    script = folder / "transactions.sql"
    with psycopg.connect(url) as connection, psycopg.ClientCursor(connection) as cursor:
        wrapped = [
            ["BEGIN", *(cursor.mogrify(query, values) for query, values in statements), "COMMIT"]
            for statements in transactions
        ]
    written = [*_BEFORE, *(each for statements in wrapped for each in statements)]
    script.write_text("".join(f"{each.strip()};\n" for each in written), encoding="utf-8")
    command = "--no-vacuum --transactions=1 --report-per-command --protocol=simple"
    done = run(str(find_programs() / "pgbench"), *command.split(), f"--file={script}", url)
    _, _, told = done.out.partition("statement latencies")
    found = [float(each) for each in _LATENCY.findall(told)]
    if done.code or len(found) != len(written):
        raise RuntimeError(f"{done.code}, {len(found)} of {len(written)}: {done.err[-2000:]}")
    latencies = iter(found[len(_BEFORE) :])
    return [sum(islice(latencies, len(statements))) for statements in wrapped]
