"""Old against new: unknown members are passed over, and versions with nothing in common wait."""

import json
from typing import Any

import pytest

from sync_server.sync import service
from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.test_old_client import TOOK, cast_of, greeted
from tests.system.sync.test_unknown_records import write
from tests.wire.frozen.v1 import client as frozen
from tests.wire.frozen.v1.client import Client
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.services import parked
from trafficdesk.sync import greeting, link
from trafficdesk.sync.errors import RefusedError
from trafficdesk.sync.line import Call, Line
from trafficdesk.sync.status import Phase
from trafficdesk.wire.fields import FIELDS, SNAPSHOT_ORDER, Kind

LATER: dict[str, Any] = {"of_a_later_version": {"deep": [1, None]}}
MAPS = {"heads", "restored_at", "changes", "choices", "geometry", "places", "metadata"}


def enriched(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON as a later program would send it: more members in every message."""
    if isinstance(value, list):
        return [enriched(each) for each in value]
    if not isinstance(value, dict):
        return value
    known = {name: each if name in MAPS else enriched(each) for name, each in value.items()}
    return known | LATER


class LaterServer(Line):
    """A line to a server that says more than this program knows; ``snapshots`` counts pages."""

    snapshots = 0

    def fetch(self, call: Call) -> bytes:
        self.snapshots += "/snapshot" in call.target
        return json.dumps(enriched(json.loads(super().fetch(call)))).encode()


def speak_with_later(desk: SyncedDesk) -> LaterServer:
    line = LaterServer(desk.engine.access.line.address)
    desk.engine.access.line.close()
    desk.engine.access.line = line
    return line


def test_a_desk_passes_over_what_a_later_server_adds(add_desk: AddDesk) -> None:
    desk, other = add_desk(), add_desk()
    speak_with_later(desk)
    report = desk.file()
    desk.step(report.id, Move.APPROVE)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    other.sync()
    other.correct(report.id, plate="TN38AA0001")
    other.sync()
    desk.correct(report.id, address="North Street")
    desk.sync()
    assert (desk.report(report.id).plate, desk.report(report.id).version) == ("TN38AA0001", 4)
    desk.engine.recall()


def test_a_reason_of_a_later_server_sets_the_operation_aside(
    add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(Line):
        def fetch(self, call: Call) -> bytes:
            return super().fetch(call).replace(b'"unknown_record"', b'"not_before_noon"')

    desk = add_desk()
    desk.sync()
    never = write(desk, new_id())
    with monkeypatch.context() as patched:
        line = Later(desk.engine.access.line.address)
        patched.setattr(desk.engine.access, "line", line)
        desk.sync()
        line.close()
    (refused,) = parked.find_parked(desk.session)
    assert (refused.operation.op_id, refused.reason) == (never.op_id, "not_before_noon")


def test_a_server_passes_over_what_a_later_desk_adds(
    own_live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, recorded in frozen.REQUESTS.items():
        if "body" in recorded:
            body = json.dumps(enriched(json.loads(recorded["body"])))
            monkeypatch.setitem(frozen.REQUESTS, name, recorded | {"body": body})
    client = Client(own_live.url, cast_of(World(own_live)))
    greeted(client)
    assert {each["result"] for each in client.ask("push")["outcomes"]} <= TOOK
    assert client.ask("receipt")["statement"]["operations"]


def test_fields_that_were_passed_over_are_read_after_the_upgrade(
    add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = add_desk()
    line = speak_with_later(desk)
    report = desk.file()
    desk.sync()
    desk.sync()
    assert "report.of_a_later_version" in unread(desk)
    assert desk.report(report.id).plate == "TN37BZ4412"
    line.snapshots = 0
    again(desk)
    assert line.snapshots == 0  # the same program has nothing to read anew

    for entity in FIELDS:
        monkeypatch.setitem(FIELDS[entity], "of_a_later_version", Kind.OBJECT)
    again(desk)
    assert line.snapshots == len(SNAPSHOT_ORDER)
    assert unread(desk) == ()
    line.snapshots = 0
    again(desk)
    assert line.snapshots == 0


def unread(desk: SyncedDesk) -> tuple[str, ...]:
    with desk.session.store.reading() as connection:
        return link.get_marks(connection).unread


def again(desk: SyncedDesk) -> None:
    """Exchange as after a start of the program."""
    desk.engine._has_greeted = False
    desk.sync()


def test_a_desk_too_new_for_its_server_waits_and_loses_nothing(
    add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    with monkeypatch.context() as changed:
        changed.setattr(greeting, "SPOKEN", (2, 3))
        assert told(desk) == ("upgrade_needed", "server")
        assert desk.counts() == (1, 0, 0, 0)
        desk.step(report.id, Move.APPROVE)
    again(desk)
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).version == 2


def test_a_desk_too_old_for_its_server_waits_and_loses_nothing(
    add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    desk.sync()
    desk.step(report.id, Move.APPROVE)
    with monkeypatch.context() as changed:
        changed.setattr(service, "SPOKEN", (2, 3))
        # The server was upgraded between two pushes: also without a new greeting it says so.
        with pytest.raises(RefusedError, match="upgrade_needed"):
            desk.sync()
        assert desk.counts() == (0, 1, 0, 0)
        assert told(desk) == ("upgrade_needed", "desk")
    again(desk)
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).version == 2


def told(desk: SyncedDesk) -> tuple[str, str]:
    """Let the engine meet the server; return what it stopped with, and which side is too old."""
    desk.engine._has_greeted = False
    with pytest.raises(RefusedError) as refused:
        desk.sync()
    assert desk.engine._exchange() is None
    status = desk.statuses[-1]
    assert status.phase is Phase.STOPPED
    assert status.side == refused.value.problem.side
    return status.fault, status.side
