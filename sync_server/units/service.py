"""What the server does with units: tells of them, and takes in where they are."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sync_server.accounts.service import Caller
from sync_server.audit.reads import Read, What, cities_of, note_daily
from sync_server.db.engine import Crossing, Database
from sync_server.server import Server
from sync_server.units import queries
from sync_server.units.queries import Kept, Written
from sync_server.units.told import UnitTold, unit_told
from sync_server.units.tracking import judge, unknown
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.live import UnitPosition
from trafficdesk.wire.positions import Doubted, PositionsTaken

_DAY_MS: Final = 86_400_000
_AT_ONCE: Final = 50_000


class Sender(NamedTuple):
    """Whose positions come in: of units of these cities alone."""

    tenant_id: UUID
    city_ids: Collection[UUID]


def take_positions(
    server: Server, sender: Sender, positions: Sequence[UnitPosition]
) -> PositionsTaken:
    """Take in where units of the sender's cities were; the last known of each is kept.

    Whether the sender may say so is asked before. Raises ``RefusedError`` without a database.
    """
    by_unit = dict[UUID, list[UnitPosition]]()
    for position in positions:
        by_unit.setdefault(position.unit_id, []).append(position)
    now_ms, days = to_ms(utc_now()), server.settings.track_days
    written, doubted = list[Written](), list[Doubted]()
    with server.database.transaction(sender.tenant_id, sender.city_ids) as connection:
        found = queries.find_known(connection, sender.city_ids, by_unit)
        for unit_id, given in by_unit.items():
            if unit_id not in found:
                doubted += unknown(unit_id, given)
                continue
            city_id, known = found[unit_id]
            judged = judge(known, given, now_ms)
            doubted += judged.refused
            written.append(Written(city_id, judged, known))
        queries.hasten(connection)
        queries.write(connection, sender.tenant_id, written)
        if days:
            since_ms = now_ms - days * _DAY_MS
            queries.keep_track(connection, sender.tenant_id, written, since_ms)
    moved = sum(each.judged.is_moved for each in written)
    return PositionsTaken(taken=moved, doubted=doubted)


def list_units(server: Server, caller: Caller, after: UUID | None, limit: int) -> list[UnitTold]:
    """Return units of the caller's cities after an id, in the order of their ids.

    Whoever follows them asks all the time, so a day's first is noted.
    """
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = queries.find_units(connection, caller.city_ids, after or UUID(int=0), limit)
    note_daily(server, caller, Read(what=What.UNITS, count=len(found), asked=cities_of(caller)))
    return [unit_told(each) for each in found]


def read_news(server: Server, caller: Caller, since_ms: int) -> list[Kept]:
    """Return what ``find_news`` does of the caller's cities; a day's first is noted."""
    found = find_news(server.database, caller.tenant_id, caller.city_ids, since_ms)
    note_daily(server, caller, Read(what=What.POSITIONS, count=len(found), asked=cities_of(caller)))
    return found


def find_positions(
    database: Database, tenant_id: UUID, city_ids: Collection[UUID], since_ms: int = 0
) -> list[UnitPosition]:
    """Return where the units of cities are, or those of which news came since."""
    return [each.position for each in find_news(database, tenant_id, city_ids, since_ms)]


def find_news(
    database: Database, tenant_id: UUID, city_ids: Collection[UUID], since_ms: int = 0
) -> list[Kept]:
    """Return where units are of which news came since, and when it came (database's clock)."""
    with database.reading(tenant_id, city_ids) as connection:
        return queries.find_positions(connection, city_ids, since_ms)


def forget_tracks(server: Server) -> int:
    """Remove the points of tracks that are too old, some at a time; return how many went."""
    before_ms = to_ms(utc_now()) - server.settings.track_days * _DAY_MS
    gone = 0
    while True:
        with server.database.crossing(Crossing.JOB) as connection:
            went = queries.forget_tracks(connection, before_ms, _AT_ONCE)
        gone += went
        if went < _AT_ONCE:
            return gone
