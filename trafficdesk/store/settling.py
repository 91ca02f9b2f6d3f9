"""Marking what was sent as confirmed."""

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store.dispatch_rows import TABLES

_RECORDS = ("reports", "geofences", *TABLES.values())


def settle_all(connection: Connection) -> None:
    """Take every queued operation as confirmed by a server: records stand at their revision."""
    confirmed = int(SyncState.CONFIRMED)
    connection.exec_driver_sql("UPDATE outbox SET state = 'settled' WHERE state = 'queued'")
    connection.exec_driver_sql("UPDATE events SET sync_state = ?", (confirmed,))
    for table in _RECORDS:
        connection.exec_driver_sql(
            f"UPDATE {table} SET sync_state = ?, version = revision", (confirmed,)
        )
    connection.exec_driver_sql("UPDATE citations SET version = revision")
