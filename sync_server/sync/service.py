"""What the sync does for a device: hello, push, pages of changes and of snapshots."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Final
from uuid import UUID

import psycopg

from sync_server.db.asked import StaleError
from sync_server.db.engine import Connection, Database
from sync_server.metrics import Metrics
from sync_server.problems import RefusedError
from sync_server.sync import pages
from sync_server.sync.own import Place, write_own
from sync_server.sync.pushing import push_batch
from sync_server.sync.scope import Device, SnapshotPlace, Stretch
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import (
    MAX_OPERATIONS,
    SPOKEN,
    Hello,
    Outcome,
    PushAnswer,
    Scope,
    Welcome,
)
from trafficdesk.wire.fields import FIELDS
from trafficdesk.wire.operations import Operation

PROGRAM: Final = f"sync-server {version('trafficdesk')}"
MAX_EVENTS: Final = 2_000
MAX_RECORDS: Final = 5_000
MAX_PAGE_BYTES: Final = 24 * 2**20  # well below what a desk takes, also unpacked
_TRIES: Final = 4
_TOTALS: Final = pages.Totals()
# Two desks met: one of them made what the other was about to make. What is there now is read anew.
_MEETINGS: Final = (
    StaleError,
    psycopg.errors.UniqueViolation,
    psycopg.errors.ExclusionViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


def welcome(
    database: Database, device: Device, scope: Scope, hello: Hello, escalate_s: int
) -> Welcome:
    """Answer a desk's first words. Raises ``RefusedError`` when no version is common to both."""
    protocol = min(hello.speaks[1], SPOKEN[1])
    if protocol < max(hello.speaks[0], SPOKEN[0]):
        raise _upgrade_needed(desk_is_older=hello.speaks[1] < SPOKEN[0])
    with database.reading(device.tenant_id, device.cities) as connection:
        epoch, restored_at, now_ms, heads = pages.read_state(connection, device, hello.epoch)
    return Welcome(
        protocol=protocol,
        program=PROGRAM,
        epoch=epoch,
        scope=scope,
        heads=heads,
        restored_at=restored_at,
        server_time_ms=now_ms,
        escalate_s=escalate_s,
    )


def check_protocol(protocol: int) -> None:
    """Raise ``RefusedError`` unless this server speaks a version."""
    if not SPOKEN[0] <= protocol <= SPOKEN[1]:
        raise _upgrade_needed(desk_is_older=protocol < SPOKEN[0])


def _upgrade_needed(*, desk_is_older: bool) -> RefusedError:
    side = "desk" if desk_is_older else "server"
    return RefusedError(
        Code.UPGRADE_NEEDED, f"The {side} must be upgraded.", side=side, speaks=list(SPOKEN)
    )


Turning = Callable[[Connection], str]


def push(
    database: Database, device: Device, operations: Sequence[Operation], take_turn: Turning
) -> PushAnswer:
    """Answer operations in one transaction; the answer holds the device's next turn.

    Raises:
        RefusedError: there are too many, ``take_turn`` refuses, or desks met too often.
    """
    if len(operations) > MAX_OPERATIONS:
        raise RefusedError(Code.TOO_LARGE, f"At most {MAX_OPERATIONS} operations at once.")
    for _ in range(_TRIES):
        try:
            with database.transaction(device.tenant_id, device.cities) as connection:
                turn = take_turn(connection)
                return push_batch(connection, device, operations).answer(turn)
        except _MEETINGS:
            continue
    raise _too_many()


def _too_many() -> RefusedError:
    detail = "Too many desks write the same at once."
    return RefusedError(Code.UNAVAILABLE, detail, retry_after_s=2)


Making = Callable[[Connection], Sequence[Operation]]


def write(database: Database, place: Place, make: Making) -> list[Outcome]:
    """Write what the server itself has to say in a city, as a push would be: one transaction.

    ``make`` reads what it needs under lock and returns operations of ``own.NOBODY``'s device.

    Raises:
        RefusedError: ``make`` refuses, an operation is rejected, or others met it too often.
    """
    for _ in range(_TRIES):
        try:
            with database.transaction(place.tenant_id, [place.city_id]) as connection:
                return write_own(connection, place, make(connection))
        except _MEETINGS:
            continue
    raise _too_many()


def count(metrics: Metrics, outcomes: Sequence[Outcome]) -> None:
    """Count what operations came to."""
    for outcome in outcomes:
        metrics.operations.labels(str(outcome.result), str(outcome.reason or "")).inc()


def changes(database: Database, device: Device, city_id: UUID, stretch: Stretch) -> bytes:
    """Return a ``ChangesPage`` as JSON. Raises ``RefusedError`` for a city that is not its own."""
    _check_city(device, city_id)
    bounded = stretch._replace(limit=min(stretch.limit, MAX_EVENTS))
    return _page(
        database,
        device,
        bounded.limit,
        lambda connection, limit: pages.build_changes(
            connection, device, city_id, bounded._replace(limit=limit)
        ),
    )


def history(database: Database, device: Device, place: tuple[UUID, int, int], limit: int) -> bytes:
    """Return a ``HistoryPage`` as JSON. Raises ``RefusedError`` for a city that is not its own."""
    _check_city(device, place[0])
    return _page(
        database,
        device,
        min(limit, MAX_EVENTS),
        lambda connection, most: pages.build_history(connection, device, place, most),
    )


def snapshot(database: Database, device: Device, place: SnapshotPlace, limit: int) -> bytes:
    """Return a ``SnapshotPage`` that goes on from a place, as JSON.

    Raises ``RefusedError`` for a city that is not the device's, or a kind that nobody knows.
    """
    _check_city(device, place.city_id)
    if place.entity not in set(FIELDS):
        raise RefusedError(Code.NOT_FOUND, "There is no such kind of record.")
    return _page(
        database,
        device,
        min(limit, MAX_RECORDS),
        lambda connection, most: pages.build_snapshot(connection, device, place, most, _TOTALS),
    )


def _check_city(device: Device, city_id: UUID) -> None:
    if str(city_id) not in device.city_ids:
        raise RefusedError(Code.NOT_FOUND, "There is no such city.")


def _page(
    database: Database,
    device: Device,
    limit: int,
    build: Callable[[Connection, int], bytes | None],
) -> bytes:
    """Return a page that a desk can take: of fewer rows where these would be too large."""
    while True:
        try:
            with database.reading(device.tenant_id, device.cities) as connection:
                page = build(connection, limit)
        except psycopg.errors.ProgramLimitExceeded:  # more than PostgreSQL makes at once
            if limit == 1:
                raise
        else:
            if page is None:
                raise RefusedError(Code.NOT_FOUND, "There is no such city.")
            if len(page) <= MAX_PAGE_BYTES or limit == 1:
                return page
        limit = max(1, limit // 8)
