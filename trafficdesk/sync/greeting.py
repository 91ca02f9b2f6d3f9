"""The first words of a connection: which version is spoken, whose epoch and scope it is."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk import __version__
from trafficdesk.store import arriving, facts, media_transfers, outbox, sync_marks
from trafficdesk.store.replaying import put_again
from trafficdesk.sync import link, pulling
from trafficdesk.sync.access import Access
from trafficdesk.sync.believing import taking_in
from trafficdesk.sync.line import Call
from trafficdesk.sync.unread import still_unknown
from trafficdesk.wire.exchange import AWAITS_NEWER_SERVER, SPOKEN, Hello, Welcome

HELLO: Final = "/api/v1/sync/hello"


def greet(access: Access, clock_ms: Callable[[], int]) -> int:
    """Say hello, and draw from the answer what follows for cursors and outbox.

    Returns the server's clock less this desk's, in milliseconds.

    Another epoch means that the server was restored: what it may have lost is queued again. Another
    epoch, scope or version of the protocol means that the cities are read anew, as does a program
    that knows what an earlier one had to pass over.

    Raises:
        SyncError: nothing was changed.
    """
    with access.store.reading() as connection:
        epoch = link.get_marks(connection).epoch
    hello = Hello(speaks=SPOKEN, program=__version__, epoch=epoch)
    asked_ms = clock_ms()
    welcome = access.ask(Call("POST", HELLO, msgspec.json.encode(hello)), Welcome)
    skew_ms = welcome.server_time_ms - (asked_ms + clock_ms()) // 2
    with taking_in(access.store) as connection:
        follow(connection, welcome)
        sync_marks.put_skew_ms(connection, skew_ms)
        if welcome.escalate_s is not msgspec.UNSET:
            sync_marks.put_escalate_s(connection, welcome.escalate_s)
        outbox.forget_settled(connection, welcome.server_time_ms)
    return skew_ms


def follow(connection: Connection, welcome: Welcome) -> None:
    """Draw from a welcome what follows for cursors and outbox."""
    before = link.get_marks(connection)
    scope = welcome.scope
    read_by = (before.epoch, before.scope_id, before.protocol)
    unread = still_unknown(before.unread)
    if before.epoch is not None and before.epoch != welcome.epoch:
        _meet_epoch(connection, welcome)
    elif read_by != (welcome.epoch, scope.id, welcome.protocol) or unread != before.unread:
        _read_anew(connection, _cursors(connection, scope.city_ids))
    if scope.home_station_id is not None:
        facts.put_station(connection, scope.home_station_id)
    if before.server_program != welcome.program:
        reasons = [str(reason) for reason in AWAITS_NEWER_SERVER]
        put_again(connection, outbox.requeue(connection, reasons))
    after = msgspec.structs.replace(
        before,
        epoch=welcome.epoch,
        scope_id=scope.id,
        city_ids=tuple(scope.city_ids),
        station_ids=tuple(scope.station_ids),
        is_scope_swept=before.is_scope_swept and before.scope_id in {None, scope.id},
        protocol=welcome.protocol,
        server_program=welcome.program,
        unread=unread,
    )
    link.put_marks(connection, after)


def _cursors(connection: Connection, city_ids: list[UUID]) -> dict[UUID, int]:
    """Return the number each of the cities was read to, of those that were read whole."""
    found = {each: sync_marks.cursor_of(connection, each) for each in city_ids}
    return {city_id: cursor for city_id, cursor in found.items() if cursor is not None}


def _meet_epoch(connection: Connection, welcome: Welcome) -> None:
    """Distrust what an earlier epoch told, but for the numbers that both have in common."""
    cursors, common = _cursors(connection, welcome.scope.city_ids), dict[UUID, int]()
    for city_id in welcome.scope.city_ids:
        restored_at = welcome.restored_at.get(str(city_id))
        outbox.requeue_after(connection, city_id, restored_at or 0)
        if city_id in cursors and restored_at is not None:
            common[city_id] = min(cursors[city_id], restored_at)
    _read_anew(connection, common)
    arriving.distrust_versions(connection)
    media_transfers.distrust(connection)


def _read_anew(connection: Connection, read_to: dict[UUID, int]) -> None:
    """Let every city begin with a snapshot.

    A snapshot holds no events: those after the number that a city was read to come after it.
    """
    sync_marks.forget_cursors(connection)
    for city_id, seq in read_to.items():
        place = pulling.place_at_start(connection, city_id, seq)
        sync_marks.put_snapshot(connection, city_id, place)
