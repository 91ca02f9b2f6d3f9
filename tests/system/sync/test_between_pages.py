"""What is sent while a city is being read stays here, and a call for help does not wait for it."""

from dataclasses import replace
from uuid import UUID

import msgspec

from tests.services.dispatching import enlist, file, incident
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import incidents
from trafficdesk.store import sync_marks
from trafficdesk.sync import link, pulling, pushing
from trafficdesk.sync.line import Call, Line
from trafficdesk.sync.pulling import SNAPSHOT
from trafficdesk.sync.pushing import PUSH
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.exchange import PushRequest
from trafficdesk.wire.fields import SNAPSHOT_ORDER


def _read_anew_past(desk: SyncedDesk, kind: Entity) -> None:
    """Begin to read the desk's city anew, and break off when a kind of record was read."""
    with desk.session.store.writing() as connection:
        (city_id,) = link.get_marks(connection).city_ids
        sync_marks.forget_cursors(connection)
    for _ in pulling.pull_pages(desk.engine.access, city_id):
        with desk.session.store.reading() as connection:
            place = sync_marks.find_snapshot(connection, city_id)
        assert place is not None
        if SNAPSHOT_ORDER.index(place.entity) > SNAPSHOT_ORDER.index(kind):
            return


def test_what_was_sent_while_a_snapshot_was_broken_off_is_not_dropped_at_its_end(
    add_desk: AddDesk,
) -> None:
    desk = add_desk()
    before = desk.file()
    desk.sync()
    _read_anew_past(desk, Entity.INCIDENT)
    report, made = desk.file(), file(desk.session)
    list(pushing.push_all(desk.engine.access, lambda: 0))
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.find(before.id) is not None
    assert desk.find(report.id) is not None
    assert incident(desk.session, made.id).version == 1


class _Watched(Line):
    """A line that remembers what was asked, and the actions of each push."""

    def __init__(self, line: Line, asked: list[str]) -> None:
        super().__init__(line.address)
        self._asked = asked

    def fetch(self, call: Call) -> bytes:
        what = call.target.partition("?")[0]
        if call.target == PUSH:
            request = msgspec.json.decode(call.body, type=PushRequest)
            what = " ".join(each.action for each in request.operations)
        self._asked.append(what)
        return super().fetch(call)


def test_a_call_for_help_does_not_wait_for_what_is_being_read(add_desk: AddDesk) -> None:
    one, patrol = add_desk(Role.DISPATCHER, "Devi D"), add_desk()
    car = enlist(one.session, "P12")
    one.sync()
    patrol.sync()
    with patrol.session.store.writing() as connection:
        sync_marks.forget_cursors(connection)
    asked, calls = list[str](), list[UUID | None]()
    line = patrol.engine.access.line
    patrol.engine.access.line = _Watched(line, asked)
    line.close()

    def call_once(_touched: Touched) -> None:
        if not calls and asked[-1] == SNAPSHOT:
            calls.append(incidents.call_for_help(patrol.session, car.id).incident_id)
            patrol.file()

    patrol.engine.listener = replace(patrol.engine.listener, touched=call_once)
    patrol.sync()
    assert calls
    at = asked.index("call_for_help")
    assert SNAPSHOT in asked[:at]
    assert SNAPSHOT in asked[at:]
    assert asked[at + 1] == "file"
    assert patrol.counts() == (0, 0, 0, 0)
    one.sync()
    (called,) = calls
    assert called is not None
    for desk in (one, patrol):
        assert incident(desk.session, called).unit_id == car.id
