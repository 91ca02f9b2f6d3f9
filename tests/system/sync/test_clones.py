"""Two desks of one disk image: one is told that it is a copy, and goes on with its work anew."""

import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.live import Live, settings_for
from tests.server.world import PASSWORD, World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, join, open_desk
from tests.system.sync.servers import Fallible
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.joining import Invitation
from trafficdesk.profile import Profile
from trafficdesk.rejoining import RejoinError, present_address, rejoin
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import auditing, parked
from trafficdesk.services.desk import open_session
from trafficdesk.sync.errors import LineError, RefusedError
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.status import Phase


def holder_of(desk: SyncedDesk) -> Holder:
    officer = desk.session.officer
    return Holder(officer.id, officer.name, officer.initials, officer.rank, officer.role)


def opened(folder: Path, like: SyncedDesk) -> SyncedDesk:
    """Open a profile as the officer of another desk whose key it has."""
    key = SecretKey(like.session.key.reveal())
    session = open_session(Profile(folder), key, holder_of(like))
    address = like.engine.access.line.address
    return open_desk(session, Line(address))


def clone(desk: SyncedDesk, folder: Path) -> SyncedDesk:
    """Copy a desk's disk while nothing writes to it, and open the copy."""
    desk.session.store.checkpoint()
    shutil.copytree(desk.session.profile.folder, folder)
    return opened(folder, desk)


def enrol_anew(world: World, desk: SyncedDesk, login: str, token: str = "") -> SyncedDesk:
    """Enrol a desk anew as a person would, and let its sync begin again."""
    asked = Invitation(present_address(desk.session), token or world.token(), login, PASSWORD)
    rejoin(desk.session, asked)
    desk.engine.access.line.close()
    return open_desk(desk.session, Line(asked.address))


def told_copied(desk: SyncedDesk) -> bool:
    stopped = desk.engine._exchange() is None
    return stopped and desk.statuses[-1].fault == "device_copied"


def effects(world: World) -> dict[UUID, tuple[str, int]]:
    """Return every report's status and version, and make sure that no event was written twice."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT id, status, version FROM reports WHERE city_id = %s", [world.city_id]
        ).fetchall()
        twice = connection.execute(
            "SELECT id FROM events WHERE city_id = %s GROUP BY id HAVING count(*) > 1",
            [world.city_id],
        ).fetchall()
    assert twice == []
    return {row["id"]: (row["status"], row["version"]) for row in rows}


def test_a_clone_is_told_keeps_its_work_and_sends_it_once_when_enrolled_anew(
    world: World, add_desk: AddDesk, tmp_path: Path
) -> None:
    first, other = add_desk(name="Meena K"), add_desk(name="Gopal R")
    first.sync()
    shared = first.file(plate="TN37AA0001")  # in both outboxes
    second = clone(first, tmp_path / "clone")
    mine = first.file(plate="TN37AA0002")
    first.sync()
    theirs = second.file(plate="TN37AA0003")
    second.step(shared.id, Move.APPROVE, "seen by the clone")
    assert theirs.reference == mine.reference
    assert told_copied(second)
    assert second.statuses[-1].phase is Phase.STOPPED
    assert sum(second.counts()) == 3

    person = world.person(Role.OFFICER, "Latha M")
    second = enrol_anew(world, second, person.login)
    assert sum(second.counts()) == 3
    second.sync()
    assert second.counts() == (0, 0, 0, 0)
    assert effects(world) == {
        shared.id: ("approved", 2),
        mine.id: ("pending", 1),
        theirs.id: ("pending", 1),
    }
    for desk in (first, second, other):
        desk.sync()
        desk.sync()
        assert desk.report(shared.id).status is ReportStatus.APPROVED
        assert desk.report(theirs.id).reference == f"{mine.reference}-{theirs.id.hex[-4:].upper()}"
        assert desk.report(mine.id).reference == mine.reference
    new = second.file()
    second.sync()
    first.file()
    first.sync()  # both go on
    assert "-D1-" in mine.reference
    assert "-D3-" in new.reference
    assert auditing.verify(second.session).reason is None
    second.close()


def test_an_answer_that_was_lost_before_counts_once_after(
    world: World, add_desk: AddDesk, tmp_path: Path
) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    desk.step(report.id, Move.APPROVE)
    before = tmp_path / "before"
    desk.session.store.checkpoint()
    shutil.copytree(desk.session.profile.folder, before)  # a backup, put back later
    desk.sync()
    restored = opened(before, desk)
    later = restored.file()
    assert told_copied(restored)
    restored = enrol_anew(world, restored, world.person().login)
    restored.sync()
    assert restored.counts() == (0, 0, 0, 0)
    assert effects(world) == {report.id: ("approved", 2), later.id: ("pending", 1)}
    restored.close()


def test_a_desk_the_restored_server_has_forgotten_is_enrolled_anew_with_its_work(
    database_url: str, tmp_path: Path
) -> None:
    server = Fallible(settings_for(database_url, tmp_path), tmp_path)
    world = World(server.start())
    try:
        person = world.person()
        dump = server.keep()
        desk = join(world, person, tmp_path / "desk")
        desk.sync()
        known = desk.file()
        desk.sync()
        unsent = desk.file()
        server.restore(world, dump)
        assert told_copied(desk)
        desk = enrol_anew(world, desk, person.login)
        desk.sync()
        desk.sync()
        assert desk.counts() == (0, 0, 0, 0)
        assert effects(world) == {known.id: ("pending", 1), unsent.id: ("pending", 1)}
        desk.close()
    finally:
        server.stop()


def test_a_wrong_password_or_token_changes_nothing_and_may_be_tried_again(
    world: World, own_live: Live, add_desk: AddDesk, tmp_path: Path
) -> None:
    first = add_desk()
    first.sync()
    second = clone(first, tmp_path / "clone")
    first.file()
    first.sync()
    report, person, token = second.file(), world.person(), world.token()
    device_id = second.session.device_id
    address = present_address(second.session)
    for asked, code in (
        (Invitation(address, token, person.login, "not-the-password-1"), "sign_in_needed"),
        (Invitation(address, "AAAA", person.login, PASSWORD), "not_permitted"),
    ):
        with pytest.raises(RefusedError) as refused:
            rejoin(second.session, asked)
        assert refused.value.code == code
    with pytest.raises(LineError):
        rejoin(second.session, Invitation(ServerAddress("http://127.0.0.1:9"), token, "x", "y"))
    neighbours, strangers = World(world.live), World(own_live)
    theirs = Invitation(address, neighbours.token(), neighbours.person().login, PASSWORD)
    with pytest.raises(RefusedError, match="not_permitted"):
        rejoin(second.session, theirs)
    abroad = ServerAddress(own_live.url)  # this server cannot know whose the desk is
    with pytest.raises(RejoinError, match="other_agency"):
        rejoin(
            second.session,
            Invitation(abroad, strangers.token(), strangers.person().login, PASSWORD),
        )
    assert second.session.device_id == device_id
    second = enrol_anew(world, second, person.login, token)
    second.sync()
    assert report.id in effects(world)
    second.close()


@pytest.mark.parametrize("killed", ["before the answer", "before the file is in its place"])
def test_a_kill_in_the_middle_is_brought_to_its_end(
    world: World, add_desk: AddDesk, tmp_path: Path, killed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = add_desk()
    first.sync()
    second = clone(first, tmp_path / "clone")
    first.file()
    first.sync()
    report, person, token = second.file(), world.person(), world.token()
    asked = Invitation(present_address(second.session), token, person.login, PASSWORD)

    class KilledError(Exception):
        pass

    def kill(*_: object) -> None:
        raise KilledError

    point = "take_place" if killed == "before the answer" else "put_coming_in_place"
    with monkeypatch.context() as patched:
        patched.setattr(f"trafficdesk.rejoining.{point}", kill)
        with pytest.raises(KilledError):
            rejoin(second.session, asked)
    second.engine.stop()
    second.session.store.close()
    second = opened(tmp_path / "clone", second)
    if killed == "before the answer":
        second = enrol_anew(world, second, person.login, token)  # the same token, once more
    second.sync()
    assert second.counts() == (0, 0, 0, 0)
    assert report.id in effects(world)
    assert not second.session.profile.coming_device.exists()
    second.close()


def test_whom_the_server_has_not_met_here_goes_on_with_their_sign_in(
    world: World, add_desk: AddDesk
) -> None:
    desk = add_desk()
    desk.sync()
    stranger = world.person(Role.OFFICER, "Latha M")
    me = desk.session.officer
    desk.session.officer = replace(me, id=stranger.id)
    report = desk.file()
    desk.session.officer = me
    desk.sync()
    assert [each.reason for each in parked.find_parked(desk.session)] == ["unknown_actor"]
    desk.engine.access.sign_in(stranger.login, PASSWORD)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert report.id in effects(world)
