"""What the server does with reports: tells which may be of one event."""

from uuid import UUID

from sync_server.accounts.service import Caller
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.reports import queries
from sync_server.reports.queries import Found, Seen
from sync_server.reports.told import MayBeSame, same_told
from sync_server.server import Server
from trafficdesk.domain.same_event import suggest
from trafficdesk.wire.codes import Code


def list_duplicates(server: Server, caller: Caller, report_id: UUID) -> list[MayBeSame]:
    """Return what may be of the same event as a report, the likeliest first.

    Of what the caller may see: on a desk, reports of its stations. Raises ``RefusedError``.
    """
    stations = () if caller.device is None else caller.device.scope.station_ids
    seen = Seen(caller.city_ids, stations)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        mine = queries.find_one(connection, seen, report_id)
        if mine is None:
            raise RefusedError(Code.NOT_FOUND, "There is no such report.")
        return find_same(connection, seen, mine)


def find_same(connection: Connection, seen: Seen, mine: Found) -> list[MayBeSame]:
    """Return what may be of the same event as a report, which need not be stored: at its intake."""
    near = queries.find_near(connection, seen, mine.city_id, mine.known.told)
    found = suggest(mine.known, [each.known for each in near])
    at_ms = mine.known.told.at_ms
    return [same_told(near[each.number], each, at_ms) for each in found]
