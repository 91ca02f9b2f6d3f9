"""What an officer does at a desk, drawn at random: reviews, corrections, conflicts, dispatch."""

import json
import random
from collections.abc import Callable
from uuid import UUID

from tests.system.sync import dispatch_deeds
from tests.system.sync.albums import photo, want
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import GeofenceKind, RejectionReason
from trafficdesk.services import areas, conflicts, parked, review, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.media import is_here
from trafficdesk.store import facts, media, places
from trafficdesk.sync import link

MOVES = tuple(Move)
_CROWD = 6
_SIDE_PX = 40
_SHARE_OF_DISPATCH = 0.5

Deed = Callable[[SyncedDesk, random.Random], None]


def work(desk: SyncedDesk, draw: random.Random) -> None:
    """Do one thing at a desk; some of it is refused, as it would be on the screen."""
    if draw.random() < _SHARE_OF_DISPATCH:
        dispatch_deeds.work(desk, draw)
    else:
        draw.choice((*_OFTEN, *_SELDOM))(desk, draw)


def _some_report(desk: SyncedDesk, draw: random.Random) -> review.Target | None:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT pk, revision FROM reports ORDER BY id").all()
    return review.Target(*draw.choice(rows)) if rows else None


def _file(desk: SyncedDesk, draw: random.Random) -> None:
    with desk.session.store.reading() as connection:
        known = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one()
        home = facts.home_station_id(connection)
        stations = list(link.get_marks(connection).station_ids)
        stations = stations or [each.id for each in places.find_stations(connection)]
    if known >= _CROWD:  # few reports, so that desks meet
        return
    photos = [photo(_SIDE_PX, draw.randbytes)] if draw.random() < 0.3 else []
    station = draw.choice((home, *sorted(stations)))
    desk.file_with(*photos, plate=f"TN37AA{draw.randrange(10_000):04d}", station_id=station)


def _step(desk: SyncedDesk, draw: random.Random) -> None:
    target = _some_report(desk, draw)
    if target is None:
        return
    move = draw.choice(MOVES)
    original = None
    if move is Move.MARK_DUPLICATE:
        other = _some_report(desk, draw)
        original = None if other is None else desk.id_of(other.pk)
    reason = draw.choice(tuple(RejectionReason)) if move is Move.REJECT else None
    step = review.Step(move, f"note {draw.randrange(99)}", reason, original)
    review.take_step(desk.session, (target,), step)


def _correct(desk: SyncedDesk, draw: random.Random) -> None:
    target = _some_report(desk, draw)
    if target is None:
        return
    lon, lat = 76.9 + draw.random() / 10, 11 + draw.random() / 10
    choices: tuple[dict[str, object], ...] = (
        {"plate": f"TN38BB{draw.randrange(10_000):04d}"},
        {"severity": draw.randrange(1, 5)},
        {"address": f"Street {draw.randrange(99)}"},
        {"lon": lon},
        {"lon": lon, "lat": lat},
    )
    review.correct(desk.session, target, draw.choice(choices))


def _assign(desk: SyncedDesk, draw: random.Random) -> None:
    target = _some_report(desk, draw)
    if target is not None:
        review.assign(desk.session, (target,), draw.choice((None, desk.session.officer.id)))


def _flag(desk: SyncedDesk, draw: random.Random) -> None:
    target = _some_report(desk, draw)
    if target is not None:
        review.set_escalated(desk.session, (target,), escalated=draw.random() < 0.5)


def _undo(desk: SyncedDesk, _draw: random.Random) -> None:
    undo.undo_last(desk.session)


def _box(draw: random.Random) -> str:
    east = 77.0 + draw.randrange(9) / 100
    ring = [[76.9, 11.0], [east, 11.0], [east, 11.1], [76.9, 11.1], [76.9, 11.0]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _draw_area(desk: SyncedDesk, draw: random.Random) -> None:
    known = sorted(areas.find_all(desk.session), key=lambda area: area.id)
    if not known or draw.random() >= 0.6:
        areas.draw(desk.session, "New area", GeofenceKind.GEOFENCE, _box(draw))
        return
    area, chance = draw.choice(known), draw.random()
    if chance < 0.3:
        areas.remove(desk.session, area.id, area.revision)
    elif chance < 0.6:
        areas.reshape(desk.session, area.id, area.revision, _box(draw))
    else:
        areas.rename(desk.session, area.id, area.revision, f"Area {draw.randrange(99)}")


def _settle(desk: SyncedDesk, draw: random.Random) -> None:
    found = conflicts.find_open(desk.session)
    if found:
        settle(desk, draw, draw.choice(found).conflict.id)


def settle(desk: SyncedDesk, draw: random.Random, conflict_id: UUID) -> None:
    """Settle one conflict by one side, whole."""
    for each in conflicts.find_open(desk.session):
        if each.conflict.id == conflict_id:
            side = draw.choice((Side.MINE, Side.THEIRS))
            choices = conflicts.keep_side(each.conflict, side)
            settling = Settling(each.conflict.id, each.conflict.revision, choices, "so be it")
            conflicts.settle(desk.session, [settling])


def _reopen(desk: SyncedDesk, draw: random.Random) -> None:
    found = conflicts.find_settled(desk.session)
    if found:
        conflict = draw.choice(found).conflict
        undo.reopen_conflict(desk.session, conflict.id, conflict.revision)


def _retry(desk: SyncedDesk, _draw: random.Random) -> None:
    for each in parked.find_parked(desk.session):
        parked.retry(desk.session, each.operation.op_id)


def give_up_parked(desk: SyncedDesk) -> None:
    """Withdraw all that the server refused."""
    for each in parked.find_parked(desk.session):
        parked.withdraw(desk.session, each.operation.op_id)


def _look(desk: SyncedDesk, draw: random.Random) -> None:
    """Ask for photos of a report or an incident that are not here."""
    owner = draw.choice((media.of_report, media.of_incident))
    table = "reports" if owner is media.of_report else "incidents"
    with desk.session.store.reading() as connection:
        pks = connection.exec_driver_sql(f"SELECT pk FROM {table} ORDER BY id").scalars().all()
        found = media.find_of(connection, owner(draw.choice(pks))) if pks else []
    want(desk, *(each.sha256 for each in found if not is_here(desk.session, each.sha256)))


_OFTEN: tuple[Deed, ...] = (_file, _step, _step, _step, _correct, _correct)
_SELDOM: tuple[Deed, ...] = (
    _assign,
    _flag,
    _undo,
    _settle,
    _reopen,
    _draw_area,
    _retry,
    _look,
)
