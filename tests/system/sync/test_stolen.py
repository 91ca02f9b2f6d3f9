"""What a thief holds of a desk's requests is worth nothing, and the desk works on undisturbed."""

from dataclasses import dataclass, field

import msgspec
import pytest
import requests

from sync_server.db.engine import Crossing
from tests.server.world import PASSWORD, World, code_of
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.security.device import new_device
from trafficdesk.sync.line import Call, Line, Reply
from trafficdesk.sync.signatures import sign
from trafficdesk.wire.accounts import RefreshRequest


@dataclass
class Tap:
    """A thief on the line: keeps every request as it travelled."""

    url: str
    calls: list[Call] = field(default_factory=list)

    def on(self, desk: SyncedDesk) -> None:
        tap, address = self, desk.engine.access.line.address

        class TappedLine(Line):
            def fetch(self, call: Call) -> bytes:
                tap.calls.append(call)
                return super().fetch(call)

            def exchange(self, call: Call) -> Reply:
                tap.calls.append(call)
                return super().exchange(call)

        desk.engine.access.line.close()
        desk.engine.access.line = TappedLine(address)

    def last(self, part: str) -> Call:
        return next(call for call in reversed(self.calls) if part in call.target)

    def send(self, call: Call) -> requests.Response:
        return requests.request(
            call.method, self.url + call.target, data=call.body, headers=call.headers, timeout=30
        )


@pytest.fixture
def desk(add_desk: AddDesk) -> SyncedDesk:
    joined = add_desk()
    joined.sync()
    return joined


@pytest.fixture
def tap(world: World, desk: SyncedDesk) -> Tap:
    made = Tap(world.live.url)
    made.on(desk)
    return made


def events(world: World) -> int:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        found = connection.execute(
            "SELECT count(*) AS n FROM events WHERE city_id = %s", [world.city_id]
        ).fetchone()
    assert found is not None
    return int(found["n"])


def test_a_captured_push_sent_again_does_nothing_and_disturbs_nobody(
    world: World, desk: SyncedDesk, tap: Tap
) -> None:
    report = desk.file()
    desk.sync()
    before, captured = events(world), tap.last("/push")
    again = tap.send(captured)
    assert (again.status_code, events(world)) == (200, before)  # as after a lost answer
    desk.step(report.id, Move.APPROVE)
    desk.sync()
    for call in (captured, tap.last("/push"), captured):
        answer = tap.send(call)
        assert answer.ok or code_of(answer) == "device_copied"
    assert code_of(tap.send(captured)) == "device_copied"
    assert events(world) == before + 1
    desk.file()
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)


def test_a_captured_request_with_other_content_is_not_signed(desk: SyncedDesk, tap: Tap) -> None:
    desk.file()
    desk.sync()
    captured = tap.last("/push")
    altered = captured.body.replace(b"TN37BZ4412", b"TN37BZ4413")
    assert altered != captured.body
    for call in (
        Call(captured.method, captured.target, altered, captured.headers),
        Call(captured.method, captured.target + "?x=1", captured.body, captured.headers),
        Call("GET", "/api/v1/users", b"", captured.headers),
    ):
        assert code_of(tap.send(call)) == "sign_in_needed"


def test_tokens_without_the_device_key_open_nothing(desk: SyncedDesk, tap: Tap) -> None:
    desk.sync()
    headers = tap.last("/changes").headers
    bare = {"Authorization": headers["Authorization"]}
    target = tap.last("/changes").target
    assert code_of(tap.send(Call("GET", target, b"", bare))) == "sign_in_needed"
    thief = new_device()  # says that it is the desk, and signs with its own key
    forged = sign(thief, Call("GET", target), token=headers["Authorization"].split()[1])
    forged.headers["X-Device"] = headers["X-Device"]
    assert code_of(tap.send(forged)) == "sign_in_needed"
    desk.sync()


def test_a_stolen_refresh_token_ends_the_session_and_the_desk_asks_for_a_sign_in(
    world: World, desk: SyncedDesk, tap: Tap
) -> None:
    desk.engine.access._renew_at = 0.0
    desk.sync()
    stolen = msgspec.json.decode(tap.last("/refresh").body, type=RefreshRequest)
    used = msgspec.json.encode(stolen)
    plain = {"Content-Type": "application/json"}
    assert code_of(tap.send(Call("POST", "/api/v1/auth/refresh", used, plain))) == "sign_in_needed"
    report = desk.file()
    assert desk.engine._exchange() is not None
    assert desk.statuses[-1].fault == "sign_in_needed"
    assert sum(desk.counts()) == 1
    desk.engine.access.sign_in(world.person().login, PASSWORD)
    desk.sync()
    assert desk.report(report.id).version == 1
