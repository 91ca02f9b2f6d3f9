"""Addresses of the sync: hello, push, changes, snapshot."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from sync_server.accounts.service.dependencies import DeviceCaller, PushingDevice
from sync_server.accounts.service.guard import believe_next_turn, take_turn
from sync_server.http.bodies import message_of
from sync_server.http.context import TheServer
from sync_server.http.replies import described, reply
from sync_server.sync import service
from sync_server.sync.noting import note_push, note_snapshot, note_stretch
from sync_server.sync.scope import Device, SnapshotPlace, Stretch
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.exchange import (
    ChangesPage,
    Hello,
    HistoryPage,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    Welcome,
)
from trafficdesk.wire.values import EXACT

router = APIRouter(prefix="/api/v1/sync", tags=["sync"])

_Hello = Annotated[Hello, Depends(message_of(Hello))]
_Push = Annotated[PushRequest, Depends(message_of(PushRequest))]
_Limit = Annotated[int, Query(ge=1)]
_After = Annotated[int, Query(ge=0, le=EXACT)]


class _Place:
    """Where in a city's snapshot a page begins, and which way it goes on."""

    def __init__(
        self, city: UUID, entity: str, after: UUID | None = None, *, newest_first: bool = False
    ) -> None:
        self.place = SnapshotPlace(city, entity, after, newest_first)


class _From:
    """Where in a city's feed a page begins; ``own`` wants the device's own work told, too."""

    def __init__(self, city: UUID, after: _After, *, own: bool = True) -> None:
        self.city, self.after, self.own = city, after, own


class _Stretch:
    """Which numbers of a city's feed: after one, up to and with the other."""

    def __init__(self, city: UUID, after: _After, until: _After) -> None:
        self.place = (city, after, until)


@router.post("/hello", openapi_extra=described(Hello, Welcome))
def hello(request: Request, server: TheServer, who: DeviceCaller, said: _Hello) -> Response:
    """Tell what both sides speak, where each city stands, and what the device may see."""
    _, enrolled = who
    device = Device.of(enrolled)
    found = service.welcome(
        server.database, device, enrolled.scope, said, server.settings.escalate_s
    )
    if said.epoch not in {None, found.epoch}:
        with server.database.transaction(device.tenant_id, device.cities) as connection:
            believe_next_turn(connection, device.id)
    return reply(request, found)


@router.post("/push", openapi_extra=described(PushRequest, PushAnswer))
def push(request: Request, server: TheServer, who: PushingDevice, sent: _Push) -> Response:
    """Take operations and say what each came to."""
    service.check_protocol(sent.protocol)
    caller, enrolled = who
    answer = service.push(
        server.database,
        Device.of(enrolled),
        sent.operations,
        lambda connection: take_turn(connection, enrolled),
    )
    service.count(server.metrics, answer.outcomes)
    note_push(server, caller, answer)
    return reply(request, answer)


@router.get("/changes", openapi_extra=described(None, ChangesPage))
def changes(
    request: Request,
    server: TheServer,
    who: DeviceCaller,
    place: Annotated[_From, Depends()],
    limit: _Limit = service.MAX_EVENTS,
) -> Response:
    """Return what happened in a city after a number."""
    caller, enrolled = who
    caller.require(Permission.REPORT_READ)
    stretch = Stretch(place.after, limit, place.own)
    page = service.changes(server.database, Device.of(enrolled), place.city, stretch)
    note_stretch(server, caller, place.city, "changes", page)
    server.reads.note(enrolled.id, place.city, page)
    return reply(request, page)


@router.get("/history", openapi_extra=described(None, HistoryPage))
def history(
    request: Request,
    server: TheServer,
    who: DeviceCaller,
    stretch: Annotated[_Stretch, Depends()],
    limit: _Limit = service.MAX_EVENTS,
) -> Response:
    """Return the events of a city between two numbers, without their records."""
    caller, enrolled = who
    caller.require(Permission.REPORT_READ)
    page = service.history(server.database, Device.of(enrolled), stretch.place, limit)
    note_stretch(server, caller, stretch.place[0], "history", page)
    return reply(request, page)


@router.get("/snapshot", openapi_extra=described(None, SnapshotPage))
def snapshot(
    request: Request,
    server: TheServer,
    who: DeviceCaller,
    place: Annotated[_Place, Depends()],
    limit: _Limit = service.MAX_RECORDS,
) -> Response:
    """Return records of one kind in the order of their ids, or the newest first."""
    caller, enrolled = who
    caller.require(Permission.REPORT_READ)
    device = Device.of(enrolled)
    page = service.snapshot(server.database, device, place.place, limit)
    note_snapshot(server, caller, place.place, page)
    return reply(request, page)
