"""A desk carries what another wrote: that one's work is settled, and the courier learns nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync_server.db.engine import Crossing
from tests.server.live import Live, running, settings_for
from tests.server.world import World
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, join, join_at
from tests.system.sync.fault_proxy import Road, Way
from tests.system.sync.killing import reopened
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, SyncState
from trafficdesk.services import auditing
from trafficdesk.services.carried import note_carried
from trafficdesk.sync import carrying, link
from trafficdesk.sync.carrying import CarryError, CarryFault, Errand, Handed, carry_file
from trafficdesk.wire.bundles import BundleError, BundleFault


@dataclass
class Stick:
    """A folder that people carry about."""

    folder: Path
    noted: list[Handed] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """What the desk without a line wrote."""
        return self.folder / "patrol.tdbundle"

    def carry(self, courier: SyncedDesk, to: Path | None = None) -> Path:
        """Have a desk carry the file."""
        session = courier.session

        def note(handed: Handed) -> None:
            self.noted.append(handed)
            note_carried(session, handed.name, handed.sha256)

        return carry_file(session.store, session.device, Errand(self.file, to), note)

    def names(self) -> list[str]:
        """Return what lies on it."""
        return sorted(each.name for each in self.folder.iterdir())


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    (tmp_path / "stick").mkdir()
    return Stick(tmp_path / "stick")


def fault_of(act: Callable[[], object]) -> CarryError:
    with pytest.raises(CarryError) as refused:
        act()
    return refused.value


def everything(desk: SyncedDesk) -> list[object]:
    """Return what a desk knows: all rows of its store but its tokens and its audit."""
    told = list[object]()
    with desk.session.store.reading() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN "
            "('reports', 'events', 'outbox', 'actions', 'incidents', 'conflicts', 'officers')"
        ).all()
        assert len(tables) == 7
        for (name,) in sorted(tables):
            told.append((name, connection.exec_driver_sql(f"SELECT * FROM {name}").all()))
        told.append(link.find_cursors(connection))
    return told


def audited(desk: SyncedDesk) -> list[tuple[str, str]]:
    with desk.session.store.reading() as connection:
        found = [(each.action, each.entity_id) for each in auditing.entries(connection)]
    return [each for each in found if each[0].startswith("bundle.")]


def test_one_writes_another_carries_and_the_first_takes_the_answer_in(
    add_desk: AddDesk, stick: Stick
) -> None:
    afield, courier, near = add_desk(), add_desk(), add_desk()
    theirs = near.file()
    near.sync()
    courier.sync()
    report = afield.file()
    afield.step(report.id, Move.APPROVE, "clear photo")
    stick.file.write_bytes(ask(afield))
    before = everything(courier)
    back = stick.carry(courier)
    assert everything(courier) == before, "a courier learns nothing"
    assert stick.names() == ["patrol.answer.tdbundle", "patrol.tdbundle"]
    assert take(afield, back.read_bytes()).results == {"applied": 2}
    assert afield.counts() == (0, 0, 0, 0)
    assert afield.report(report.id).sync_state is SyncState.CONFIRMED
    assert afield.find(theirs.id) is not None
    near.sync()
    assert near.report(report.id).status is ReportStatus.APPROVED
    assert audited(courier) == [("bundle.carried", "patrol.tdbundle")]
    assert auditing.verify(courier.session).ok


def test_nothing_on_the_stick_can_be_read_by_the_courier(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    report = afield.file(plate="TN66ZZ9876")
    stick.file.write_bytes(ask(afield))
    back = stick.carry(courier)
    for content in (stick.file.read_bytes(), back.read_bytes()):
        for secret in (b"TN66ZZ9876", str(report.id).encode(), report.id.bytes):
            assert secret not in content
        assert afield.session.device_id.bytes not in content
    with pytest.raises(BundleError, match="other_receiver"):
        take(courier, back.read_bytes())


def test_the_couriers_own_line_is_undisturbed(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    own = courier.file()
    courier.lose_an_answer()
    stick.file.write_bytes(ask(afield))
    stick.carry(courier)
    courier.sync()
    assert courier.report(own.id).version == 1
    assert courier.counts() == (0, 0, 0, 0)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_between_the_servers_answer_and_its_file_it_is_carried_again(
    add_desk: AddDesk, stick: Stick
) -> None:
    afield, courier = add_desk(), add_desk()
    report = afield.file()
    stick.file.write_bytes(ask(afield))
    session = courier.session
    session.store.close()
    told = {
        "folder": str(session.profile.folder),
        "key": session.key.hex(),
        "officer": str(session.officer.id),
        "file": str(stick.file),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.system.sync.courier_child"],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(told).encode() + b"\n")
        child.stdin.flush()
        said = child.stdout.readline()
        child.kill()
    assert said == b"handed\n"
    assert stick.names() == ["patrol.tdbundle"]
    again = reopened(courier)
    try:
        assert take(afield, stick.carry(again).read_bytes()).results == {"applied": 1}
        assert afield.report(report.id).version == 1
        assert audited(again) == [("bundle.carried", "patrol.tdbundle")] * 2
        assert auditing.verify(again.session).ok
    finally:
        again.engine.stop()
        again.session.store.close()


def test_an_answer_that_was_lost_on_the_line_is_given_again(
    add_desk: AddDesk, stick: Stick, world: World, tmp_path: Path
) -> None:
    afield, road = add_desk(), Road(world.live.url)
    person = world.person()
    courier = join_at(road.url, world.token(), person.login, tmp_path / "courier")
    try:
        afield.file()
        stick.file.write_bytes(ask(afield))
        road.set(Way.CLOSED)
        error = fault_of(lambda: stick.carry(courier))
        assert error.fault is CarryFault.NO_CONTACT
        assert (stick.names(), stick.noted) == (["patrol.tdbundle"], [])
        road.set(Way.OPEN)
        respond(world, afield, stick.file.read_bytes())  # as if its answer had not come back
        assert take(afield, stick.carry(courier).read_bytes()).results == {"applied": 1}
    finally:
        courier.close()
        road.close()


def test_no_file_is_ever_replaced(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    stick.file.write_bytes(ask(afield))
    first = stick.carry(courier)
    content = first.read_bytes()
    second = stick.carry(courier)
    assert second.name == "patrol.answer-2.tdbundle"
    assert first.read_bytes() == content
    take(afield, second.read_bytes())  # either of them serves


def test_an_answer_that_cannot_be_written_is_told_and_can_go_elsewhere(
    add_desk: AddDesk, stick: Stick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    afield, courier = add_desk(), add_desk()
    stick.file.write_bytes(ask(afield))
    assert fault_of(lambda: stick.carry(courier, tmp_path / "gone")).fault is CarryFault.NO_FOLDER

    def full(_place: Path, _content: bytes) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "write_durably", full)
        error = fault_of(lambda: stick.carry(courier))
    assert (error.fault, error.data["detail"]) == (CarryFault.UNWRITTEN, os.strerror(28))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    take(afield, stick.carry(courier, elsewhere).read_bytes())


def test_a_newer_file_goes_before_an_older(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    older = ask(afield)
    stick.file.write_bytes(ask(afield))
    stick.carry(courier)
    stick.file.write_bytes(older)
    assert fault_of(lambda: stick.carry(courier)).fault is BundleFault.OLDER


def test_what_is_wrong_from_outside_never_leaves_the_desk(
    add_desk: AddDesk, stick: Stick, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    afield, courier = add_desk(), add_desk()
    request = ask(afield)
    answer = respond(world, afield, request)
    monkeypatch.setattr(carrying, "hand_in", lambda *_: pytest.fail("it was sent"))
    for content, fault in (
        (b"", BundleFault.NOT_A_BUNDLE),
        (b"PK" + request, BundleFault.NOT_A_BUNDLE),
        (request[:-1], BundleFault.CUT_SHORT),
        (request + b"\0", BundleFault.DAMAGED),
        (request[:8] + b"\7" + request[9:], BundleFault.TOO_NEW),
        (answer, BundleFault.WRONG_KIND),
        (request[:10] + bytes(8) + request[18:], BundleFault.OTHER_RECEIVER),
    ):
        stick.file.write_bytes(content)
        assert fault_of(lambda: stick.carry(courier)).fault is fault
        assert stick.file.read_bytes() == content
    stick.file.unlink()
    assert fault_of(lambda: stick.carry(courier)).fault is CarryFault.UNREADABLE


def test_what_was_tampered_with_is_refused_by_the_server(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    request = bytearray(ask(afield))
    request[100] ^= 1
    stick.file.write_bytes(request)
    assert fault_of(lambda: stick.carry(courier)).fault is BundleFault.DAMAGED
    assert audited(courier) == []


def test_a_desk_of_another_agency_carries_nothing(
    add_desk: AddDesk, stick: Stick, live: Live, tmp_path: Path
) -> None:
    afield, other = add_desk(), World(live)
    stranger = join(other, other.person(), tmp_path / "stranger")
    try:
        afield.file()
        stick.file.write_bytes(ask(afield))
        error = fault_of(lambda: stick.carry(stranger))
        assert error.fault is BundleFault.UNKNOWN_DEVICE
    finally:
        stranger.close()


def test_of_a_revoked_desk_nothing_is_carried(
    add_desk: AddDesk, stick: Stick, world: World
) -> None:
    afield, courier = add_desk(), add_desk()
    stick.file.write_bytes(ask(afield))
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        revoke = "UPDATE devices SET revoked_at = now() WHERE id = %s"
        connection.execute(revoke, [afield.session.device_id])
    assert fault_of(lambda: stick.carry(courier)).fault is BundleFault.REVOKED
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(revoke, [courier.session.device_id])
    error = fault_of(lambda: stick.carry(courier))
    assert (error.fault, error.data) == (CarryFault.REFUSED, {"detail": "device_revoked"})


def test_who_is_not_signed_in_carries_nothing(add_desk: AddDesk, stick: Stick) -> None:
    afield, courier = add_desk(), add_desk()
    stick.file.write_bytes(ask(afield))
    courier.engine.access._forget(_refresh_token(courier))
    assert fault_of(lambda: stick.carry(courier)).fault is CarryFault.SIGN_IN_NEEDED


def _refresh_token(desk: SyncedDesk) -> str:
    with desk.session.store.reading() as connection:
        return link.get_marks(connection).refresh_token


@pytest.fixture
def strict(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An agency on a server that lets a desk carry one bundle a minute."""
    with running(settings_for(database_url, tmp_path / "server", bundles_per_minute=1)) as live:
        yield World(live)


def test_who_carries_too_many_is_told_how_long_to_wait(
    strict: World, stick: Stick, tmp_path: Path
) -> None:
    courier = join(strict, strict.person(), tmp_path / "courier")
    try:
        stick.file.write_bytes(ask(courier))  # its own, which it may carry as well
        stick.carry(courier)
        error = next(e for e in (_tried(stick, courier) for _ in range(3)) if e is not None)
        assert error.fault is CarryFault.BUSY
        assert 1 <= int(str(error.data["wait_s"])) <= 60
    finally:
        courier.close()


def _tried(stick: Stick, courier: SyncedDesk) -> CarryError | None:
    try:
        stick.carry(courier)
    except CarryError as error:
        return error
    return None


def test_a_server_without_the_address_is_said_to_take_none(
    add_desk: AddDesk, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    afield, courier = add_desk(), add_desk()
    stick.file.write_bytes(ask(afield))
    monkeypatch.setattr(carrying, "BUNDLES", f"{carrying.BUNDLES}-of-later")
    assert fault_of(lambda: stick.carry(courier)).fault is CarryFault.NO_ROUTE
    assert stick.names() == ["patrol.tdbundle"]
