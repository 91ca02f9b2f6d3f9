"""Reports that come round on the server: the operator asks for them and ends them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from sync_server.audit import service as audit
from sync_server.audit.reads import What
from sync_server.db.engine import Crossing
from sync_server.problems import RefusedError
from sync_server.reporting import schedule_queries as queries
from sync_server.reporting.service import Maker, template_of
from sync_server.server import Server
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.deliveries import is_address
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.schedules import About, Stretch, Timetable, Wish
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.codes import Code

MOST_ADDRESSES: Final = 20
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule with its city, when it is due next, its newest run and what of it is told."""

    tenant_id: UUID
    id: UUID
    city: str
    wish: Wish
    next_ms: int
    passed_over: int
    last: dict[str, Any] | None
    deliveries: list[dict[str, Any]]


def add(server: Server, maker: Maker, wish: Wish) -> UUID:
    """Have a report come round from now on; return its id. Raises ``RefusedError``."""
    is_of_shift = wish.about is About.LAST_SHIFT
    template = template_of(maker, wish.asked(Stretch(Period(0, 1), 0 if is_of_shift else None)))
    if template.is_of_a_shift is not is_of_shift:
        raise _wrong("A report of a shift is about last_shift, and no other is.")
    if not wish.folder and not wish.addresses:
        raise _wrong("Say where it is to go: a folder or mail addresses.")
    if wish.folder and not Path(wish.folder).is_absolute():
        raise _wrong("The folder is no whole path.")
    if len(wish.addresses) > MOST_ADDRESSES or not all(map(is_address, wish.addresses)):
        raise _wrong(f"Mail goes to plain addresses, {MOST_ADDRESSES} at most.")
    schedule_id = new_id()
    of = maker.tenant_id, maker.city_id, schedule_id
    told = msgspec.json.encode(wish).decode()
    with server.database.transaction(maker.tenant_id, [maker.city_id]) as connection:
        queries.add(connection, of, told, to_ms(utc_now()))
        audit.append(connection, _deed("schedule.add", maker.tenant_id, schedule_id, wish))
    return schedule_id


def _wrong(said: str) -> RefusedError:
    return RefusedError(Code.BAD_REQUEST, said)


def _deed(action: str, tenant_id: UUID, schedule_id: UUID, wish: Wish) -> audit.Deed:
    detail = {"template": wish.template_id, "about": wish.about, "mails": len(wish.addresses)}
    return audit.Deed(action=action, tenant_id=tenant_id, subject=str(schedule_id), detail=detail)


def wish_of(row: dict[str, Any]) -> Wish | None:
    """Return the wish of a schedule's row; None of one that a newer program wrote."""
    try:
        return msgspec.json.decode(row["wish_text"], type=Wish)
    except (msgspec.MsgspecError, ValueError):
        return None


def timetable(row: dict[str, Any], wish: Wish) -> Timetable:
    """Return when a schedule's reports are due."""
    return Timetable(wish.rhythm, wish.about, row["time_zone"])


def find(server: Server) -> list[Scheduled]:
    """Return what comes round in every city of this server."""
    now_ms = to_ms(utc_now())
    with server.database.crossing(Crossing.OPERATOR) as connection:
        return [
            Scheduled(
                row["tenant_id"],
                row["id"],
                row["code"],
                wish,
                timetable(row, wish).next_due_ms(now_ms),
                row["passed_over"],
                queries.find_last(connection, row["id"]),
                queries.find_deliveries(connection, row["id"], _SHOWN),
            )
            for row in queries.find_all(connection)
            if (wish := wish_of(row)) is not None
        ]


def read_all(server: Server) -> list[Scheduled]:
    """Return what ``find`` does, to be told: how many addresses of each agency is noted."""
    found = find(server)
    told = Counter[UUID]()
    for each in found:
        told[each.tenant_id] += len(each.wish.addresses)
    with server.database.crossing(Crossing.OPERATOR) as connection:
        for tenant_id, count in sorted((+told).items()):
            deed = audit.Deed(action=What.ADDRESSES, tenant_id=tenant_id, detail={"count": count})
            audit.append(connection, deed)
    return found


def get(server: Server, wanted: str) -> Scheduled:
    """Return the schedule whose id begins so. Raises ``RefusedError``: none or several."""
    found = [each for each in find(server) if str(each.id).startswith(wanted.lower())]
    if len(found) != 1:
        raise RefusedError(Code.NOT_FOUND, f"No schedule, or more than one, begins with {wanted}.")
    return found[0]


def remove(server: Server, wanted: str) -> UUID:
    """End a schedule, with what of it was not brought yet. Raises ``RefusedError``."""
    found = get(server, wanted)
    with server.database.crossing(Crossing.OPERATOR) as connection:
        row = queries.lock(connection, found.id)
        if row is not None:
            queries.remove(connection, found.id)
            deed = _deed("schedule.remove", row["tenant_id"], found.id, found.wish)
            audit.append(connection, deed)
    return found.id
