"""End-of-shift proof: what the server holds is signed, and what it says can be proved later."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from sync_server.cli.commands import app as server_app
from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.services.dispatching import crash, enlist, incident, send
from tests.system.sync.albums import exchange, photo
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import incidents
from trafficdesk.sync import receipts
from trafficdesk.sync.errors import LineError
from trafficdesk.sync.line import Call, Line, ServerAddress
from trafficdesk.sync.receipts import Asked, Proof
from trafficdesk.wire.receipts import ReceiptError, ReceiptRequest, SignedStatement, read_statement

ALWAYS = Asked(0, 2**60)
NOW_MS = 1_795_000_000_000
Edit = Callable[[dict[str, Any]], None]
Verify = Callable[[bytes], tuple[int, dict[str, Any]]]


def _proof(desk: SyncedDesk, asked: Asked = ALWAYS) -> Proof:
    return receipts.fetch_proof(desk.engine.access, asked, NOW_MS)


@pytest.fixture
def verify(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Verify a receipt as an operator does."""
    settings = world.live.server.settings
    monkeypatch.setenv("TRAFFICDESK_SERVER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRAFFICDESK_SERVER_KEYS_DIR", str(settings.keys_dir))

    def run(content: bytes) -> tuple[int, dict[str, Any]]:
        file = tmp_path / "receipt.json"
        file.write_bytes(content)
        line = ["receipt", "verify", str(file), "--json"]
        done = CliRunner().invoke(server_app, line, catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    return run


def test_a_shift_is_proved_change_by_change(
    add_desk: AddDesk, world: World, verify: Verify
) -> None:
    desk = add_desk()
    report = desk.file()
    desk.step(report.id, Move.APPROVE)
    desk.sync()
    unsent = desk.file()
    proof = _proof(desk)
    assert [line.change.entity_id for line in proof.lines] == [report.id, report.id, unsent.id]
    first, second, third = (line.held for line in proof.lines)
    assert first is not None
    assert second is not None
    assert third is None
    assert [first.version, second.version] == [1, 2]
    assert first.reference == report.reference
    assert (proof.taken, proof.lines[2].change.state) == (2, "queued")
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT encode(hash, 'hex') AS hash FROM events WHERE city_id = %s AND seq = ANY (%s) "
            "ORDER BY seq",
            [world.city_id, [first.seq, second.seq]],
        ).fetchall()
    assert [row["hash"] for row in rows] == [first.event_hash, second.event_hash]
    code, told = verify(proof.content)
    assert (code, told["operations"], told["changes"], told["untaken"]) == (0, 2, 3, 1), told


def test_what_was_done_at_dispatch_is_proved_by_what_people_call_it(
    add_desk: AddDesk, verify: Verify
) -> None:
    desk = add_desk(Role.DISPATCHER, "Divya R")
    car, taken = enlist(desk.session, "P12"), photo(64)
    filed = incidents.file(desk.session, crash(desk.session), (taken,))
    assert filed.incident_id is not None
    send(desk.session, incident(desk.session, filed.incident_id), car)
    exchange(desk)
    proof = _proof(desk)
    held = [line.held for line in proof.lines]
    assert [each and (each.entity, each.reference) for each in held] == [
        ("unit", "P12"),
        ("incident", filed.reference),
        ("assignment", filed.reference),
        ("unit", "P12"),
    ]
    (named,) = [each.photos for each in held if each is not None and each.entity == "incident"]
    assert [(each.sha256, each.is_held) for each in named] == [(taken.sha256, True)]
    assert verify(proof.content)[0] == 0


def test_what_was_rejected_or_conflicts_is_told_as_it_is(add_desk: AddDesk, verify: Verify) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    one.step(report.id, Move.APPROVE)
    two.step(report.id, Move.REJECT)
    one.sync()
    two.sync()
    proof = _proof(two)
    (line,) = proof.lines
    assert line.held is not None
    assert (line.held.result, line.held.version, line.is_taken) == ("conflict", 0, True)
    assert line.held.conflict_id is not None
    assert line.held.event_hash
    assert verify(proof.content)[0] == 0


def test_a_receipt_is_kept_and_opens_again(add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.file()
    desk.sync()
    proof = _proof(desk)
    (kept,) = receipts.find_kept(desk.session.store)
    device_key = desk.session.device.public_key
    again = receipts.open_proof(desk.session.store, kept, device_key)
    assert (again.lines, again.statement) == (proof.lines, proof.statement)


def test_only_the_span_and_the_officer_asked_about_are_proved(add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.file()
    desk.sync()
    officer = desk.session.officer.id
    store = desk.session.store
    (change,) = receipts.find_shift(store, Asked(0, 2**60, officer))
    assert not receipts.find_shift(store, Asked(0, change.at_ms, officer))
    assert not receipts.find_shift(store, Asked(change.at_ms + 1, 2**60, officer))
    assert not receipts.find_shift(store, Asked(0, 2**60, desk.session.device_id))
    with pytest.raises(ReceiptError, match="nothing_done"):
        _proof(desk, Asked(change.at_ms + 1, 2**60))


def test_spaces_and_new_lines_do_not_break_a_receipt(add_desk: AddDesk, verify: Verify) -> None:
    desk = add_desk()
    desk.file()
    desk.sync()
    content = _proof(desk).content
    pretty = json.dumps(json.loads(content), indent=2, ensure_ascii=False).encode()
    assert verify(pretty)[0] == 0


def _raise_version(receipt: dict[str, Any]) -> None:
    receipt["statement"]["operations"][0]["version"] = 7


def _add_member(receipt: dict[str, Any]) -> None:
    receipt["statement"]["operations"][0]["also"] = "approved"


def _drop_change(receipt: dict[str, Any]) -> None:
    receipt["desk"]["changes"].pop()


def _change_officer(receipt: dict[str, Any]) -> None:
    receipt["desk"]["officer"] = "Somebody Else"


def _name_other_device(receipt: dict[str, Any]) -> None:
    receipt["statement"]["device_id"] = receipt["statement"]["tenant_id"]


@pytest.mark.parametrize(
    "edit", [_raise_version, _add_member, _drop_change, _change_officer, _name_other_device]
)
def test_an_altered_receipt_is_refused_by_server_and_desk(
    add_desk: AddDesk, verify: Verify, edit: Edit
) -> None:
    desk = add_desk()
    desk.file()
    desk.file()
    desk.sync()
    receipt = json.loads(_proof(desk).content)
    edit(receipt)
    altered = json.dumps(receipt).encode()
    code, told = verify(altered)
    assert (code, told["code"]) == (5, "receipt.forged")
    device_key = desk.session.device.public_key
    with pytest.raises(ReceiptError, match="forged"):
        receipts.open_proof(desk.session.store, altered, device_key)


def test_a_receipt_put_together_from_two_is_refused(add_desk: AddDesk, verify: Verify) -> None:
    desk = add_desk()
    desk.file()
    desk.sync()
    first = json.loads(_proof(desk).content)
    desk.file()
    desk.sync()
    second = json.loads(_proof(desk).content)
    mixed = first | {name: second[name] for name in ("desk", "desk_signature")}
    code, told = verify(json.dumps(mixed).encode())
    assert (code, told["code"]) == (5, "receipt.mixed")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_receipt_is_said_to_be_none(verify: Verify, content: bytes) -> None:
    code, told = verify(content)
    assert (code, told["code"]) == (5, "receipt.damaged")


def test_a_database_that_holds_something_else_is_found_out(
    add_desk: AddDesk, world: World, verify: Verify
) -> None:
    desk = add_desk()
    desk.file()
    desk.file()
    desk.sync()
    content = _proof(desk).content
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_keep")
        connection.execute(
            "UPDATE events SET note = 'another' WHERE city_id = %s AND seq = 1", [world.city_id]
        )
        connection.execute("ALTER TABLE events ENABLE TRIGGER events_keep")
    code, told = verify(content)
    assert code == 5
    assert told["faults"] == [f"the feed of city {world.city_id} is broken at number 1"]


def test_nobody_is_told_of_another_desks_work(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    one.file()
    one.sync()
    two.sync()
    two.file()
    two.sync()
    (stranger,) = receipts.find_shift(one.session.store, ALWAYS)
    body = msgspec.json.encode(ReceiptRequest(op_ids=[stranger.op_id]))
    signed = two.engine.access.ask(Call("POST", receipts.RECEIPT, body), SignedStatement)
    assert read_statement(signed).operations == []


def test_without_contact_there_is_no_receipt_but_what_it_would_prove(add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.file()
    desk.engine.access.line.close()
    desk.engine.access.line = Line(ServerAddress("http://127.0.0.1:9"))
    with pytest.raises(LineError):
        _proof(desk)
    assert receipts.find_kept(desk.session.store) == []
    assert len(receipts.find_shift(desk.session.store, ALWAYS)) == 1


class _LyingLine(Line):
    """Answers with what another server signed."""

    answer = b""

    def fetch(self, call: Call) -> bytes:
        found = super().fetch(call)
        return self.answer if call.target == receipts.RECEIPT else found


def test_a_statement_that_the_server_did_not_sign_is_not_kept(add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.file()
    desk.sync()
    statement = json.loads(_proof(desk).content)
    signed = {"statement": statement["statement"], "signature": "A" * 86 + "=="}
    line = _LyingLine(desk.engine.access.line.address)
    line.answer = json.dumps(signed).encode()
    desk.engine.access.line.close()
    desk.engine.access.line = line
    with pytest.raises(ReceiptError, match="forged"):
        _proof(desk)
    assert len(receipts.find_kept(desk.session.store)) == 1
