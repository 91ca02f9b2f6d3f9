"""The schema's history: numbered steps, each one transaction, counted in ``user_version``.

Alembic was weighed and left to the server: the desk's steps are linear raw SQL with SpatiaLite
calls, must run inside a frozen program without script files, and the check for "nothing to do"
lies on the way to the first window.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from trafficdesk.store.errors import StoreTooNewError
from trafficdesk.store.migrations import m0001_first, m0002_sync

STEPS: tuple[Callable[[Connection], None], ...] = (
    m0001_first.upgrade,
    m0002_sync.upgrade,
)
SCHEMA_VERSION = len(STEPS)


def upgrade(connection: Connection, database: Path) -> int:
    """Run the steps this store lacks, inside the caller's transaction; return how many ran.

    Raises:
        StoreTooNewError: the store was written by a newer program.
    """
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if found > SCHEMA_VERSION:
        raise StoreTooNewError(database, f"schema {found}, this program knows {SCHEMA_VERSION}")
    for step in STEPS[found:]:
        step(connection)
    if found < SCHEMA_VERSION:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return SCHEMA_VERSION - found
