"""Alerts that nobody acknowledges: escalated by whichever server process sees it first, once."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
from starlette.concurrency import run_in_threadpool

from sync_server.db.engine import Connection, Crossing
from sync_server.incidents import queries
from sync_server.incidents.told import score_of
from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync import service as sync
from sync_server.sync.own import Act, Place
from trafficdesk.domain.authority import ESCALATE
from trafficdesk.domain.dispatch import is_critical
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, Severity
from trafficdesk.wire.operations import Operation

EVERY_S: Final = 2.0
_FAILURES: Final = (RefusedError, psycopg.Error)


class Escalation:
    """Looks beside the requests for alerts that have waited too long.

    Nothing is remembered between two rounds: since when an alert waits is what the feed says, so a
    restart forgets none. That it is escalated is written as any other change, under the record's
    lock, so of several processes one writes it.
    """

    def __init__(self, server: Server, every_s: float = EVERY_S) -> None:
        self._server, self._every_s = server, every_s

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            await run_in_threadpool(self.once)

    def once(self) -> None:
        """Go round once; what fails is tried in the next round."""
        try:
            escalate_due(self._server)
        except _FAILURES as error:
            _note_failure(self._server, error)


def escalate_due(server: Server) -> int:
    """Escalate what waits for longer than the settings allow; return how many it were.

    One that cannot be escalated now keeps no other waiting. Raises ``RefusedError``,
    ``psycopg.Error`` if it cannot be read which there are.
    """
    patience_ms = server.settings.escalate_s * 1000
    with server.database.crossing(Crossing.JOB) as connection:
        due = [
            each
            for each in queries.find_unanswered(connection)
            if _is_alert(each)
            and queries.waited_ms(connection, each["city_id"], each["id"]) >= patience_ms
        ]
    return sum(_escalate(server, each) for each in due)


def _is_alert(row: Mapping[str, Any]) -> bool:
    return is_critical(Severity(row["severity"]), score_of(row))


def _escalate(server: Server, found: Mapping[str, Any]) -> bool:
    place = Place(found["tenant_id"], found["city_id"])
    try:
        return bool(sync.write(server.database, place, partial(_operations, found["id"], place)))
    except _FAILURES as error:
        _note_failure(server, error)
        return False


def _note_failure(server: Server, error: Exception) -> None:
    server.metrics.failed_jobs.labels("escalation").inc()
    logger().warning("job_failed", job="escalation", error=error)


def _operations(incident_id: UUID, place: Place, connection: Connection) -> list[Operation]:
    """Return what escalates an incident; nothing if somebody was faster, be it to answer.

    One that somebody works on now has its turn in the next round: to wait for it would keep all
    others waiting.
    """
    standing = queries.lock_free(connection, place.city_id, incident_id)
    if standing is None:
        return []
    row, now_ms = standing.row, to_ms(utc_now())
    is_answered = row["acknowledged_ms"] is not None or row["cleared_ms"] is not None
    if is_answered or row["escalated_ms"] is not None or not _is_alert(row):
        return []
    record, changes = (Entity.INCIDENT, incident_id), {"escalated_ms": (None, now_ms)}
    return [Act.of(None, now_ms).operation(record, standing.version, ESCALATE, changes)]
