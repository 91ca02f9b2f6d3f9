"""The answers of a server of version 1, kept as they were, are understood by the present desk."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.system.sync.albums import standing, transfer
from tests.system.sync.carrying import take
from tests.system.sync.desks import SyncedDesk, join_at
from tests.wire.frozen.v1 import client as recorded
from tests.wire.frozen.v1.server import ANSWERS, RECORDED, OldServer, old_server
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services import areas, conflicts
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.store import history, officers, reports
from trafficdesk.sync import bundle_requests, link
from trafficdesk.sync.bundle_requests import Asked
from trafficdesk.sync.errors import RefusedError
from trafficdesk.sync.line import Call
from trafficdesk.wire.exchange import Welcome
from trafficdesk.wire.receipts import SignedStatement, prove, read_statement, signed_by_server


@pytest.fixture
def server() -> Iterator[OldServer]:
    with old_server() as running:
        yield running


@pytest.fixture
def desk(server: OldServer, tmp_path: Path) -> Iterator[SyncedDesk]:
    """A desk that was enrolled by the old server and has read its city."""
    joined = join_at(server.url, "one-time", "meena", tmp_path / "desk")
    joined.sync()
    yield joined
    joined.close()


def by_plate(desk: SyncedDesk, plate: str) -> Report:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT pk FROM reports WHERE plate = ?", (plate,)).all()
        assert len(rows) == 1
        return reports.get(connection, rows[0][0])


def test_its_enrolment_snapshot_and_feed_are_read(desk: SyncedDesk, server: OldServer) -> None:
    # Its twelve pages; and of three kinds that came after it, that it knows none but the city.
    assert server.asked.count("GET /api/v1/sync/snapshot") == 12 + 3 * 2
    first, second = by_plate(desk, "TN37BZ4412"), by_plate(desk, "TN38BB0002")
    assert (first.status, first.decision_note) == (ReportStatus.APPROVED, "clear photo")
    assert first.description.endswith("ஹெல்மெட் இல்லை")
    assert (second.status, second.address) == (ReportStatus.PENDING, "Cross Cut Road")
    assert [area.name for area in areas.find_all(desk.session)] == ["Market"]
    with desk.session.store.reading() as connection:
        told = [event.action for event in history.events_of(connection, first.id)]
        names = {each.name for each in officers.find_present(connection)}
    assert told == ["file", "claim", "approve"]
    assert names == {"Gopal R", "Meena K"}
    desk.engine.recall()
    assert "GET /api/v1/sync/history" in server.asked


def test_its_outcomes_settle_what_was_sent(desk: SyncedDesk, server: OldServer) -> None:
    content = base64.b64decode(recorded.REQUESTS["piece"]["body_base64"])
    photo = examine(content)
    assert isinstance(photo, Examined)
    report = desk.file_with(photo)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).version == 1
    transfer(desk)
    assert standing(desk, photo.sha256).state == "sent"

    theirs = by_plate(desk, "TN39CC0001")
    desk.step(theirs.id, Move.REJECT, "mine")
    server.push = "push-conflict"
    desk.sync()
    assert desk.counts() == (0, 0, 0, 1)
    assert desk.report(theirs.id).status is ReportStatus.APPROVED
    (conflict,) = conflicts.find_open(desk.session)
    assert {each.field for each in conflict.conflict.fields} >= {"status"}


def test_its_answer_to_a_bundle_is_taken_in(desk: SyncedDesk) -> None:
    desk.sync()
    desk.sync()
    with desk.session.store.writing() as connection:
        asked = msgspec.json.decode(RECORDED["asked"], type=Asked)
        bundle_requests.note_asked(connection, bundle_requests.get(connection), asked)
    taken = take(desk, base64.b64decode(RECORDED["bundle_base64"]))
    assert (taken.events, taken.records, taken.unread) == (1, 1, set())
    assert by_plate(desk, "TN40DD0001").version == 1


def test_its_receipt_proves_what_it_held(desk: SyncedDesk) -> None:
    signed = msgspec.json.decode(ANSWERS["receipt"]["body"], type=SignedStatement)
    with desk.session.store.reading() as connection:
        enrolled = link.find_link(connection)
    assert enrolled is not None
    prove(enrolled.server_public_key, signed.signature, signed_by_server(bytes(signed.statement)))
    statement = read_statement(signed)
    assert statement.device_id == enrolled.device_id
    assert {each.result for each in statement.operations} == {"applied"}
    assert len(statement.operations[0].photos) == 1


def test_its_refusal_tells_which_side_is_too_old(
    desk: SyncedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWERS, "hello", ANSWERS["upgrade-needed"])
    with pytest.raises(RefusedError) as refused:
        desk.engine.access.ask(Call("POST", "/api/v1/sync/hello", b"{}"), Welcome)
    assert (refused.value.code, refused.value.problem.side) == ("upgrade_needed", "server")
