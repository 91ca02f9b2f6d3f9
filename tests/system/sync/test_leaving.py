"""A revoked desk: its unsent work reaches station IT, and its keys go only after that."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from sync_server.bundles.service import import_legacy
from sync_server.db.engine import Crossing
from tests.server.live import running, settings_for
from tests.server.world import World
from tests.system.sync.carrying import now_ms
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, join
from trafficdesk.domain.lifecycle import Move
from trafficdesk.profile import Profile
from trafficdesk.services import desk as desk_service
from trafficdesk.sync import leaving, link
from trafficdesk.sync.errors import RefusedError
from trafficdesk.wire.boxes import new_private_key, public_key_of
from trafficdesk.wire.bundles import BundleError, Kind, Part, open_bundle, read_parts

IT_KEY = new_private_key()
IT_PUBLIC = base64.b64encode(public_key_of(IT_KEY)).decode()


def _revoke(world: World, desk: SyncedDesk) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        device_id = desk.session.device_id
        connection.execute("UPDATE devices SET revoked_at = now() WHERE id = %s", [device_id])


def _tell_key(desk: SyncedDesk, text: str = IT_PUBLIC) -> None:
    with desk.session.store.writing() as connection:
        marks = msgspec.structs.replace(link.get_marks(connection), it_public_key=text)
        link.put_marks(connection, marks)


def _hand_over(desk: SyncedDesk) -> list[Path]:
    session = desk.session
    return leaving.hand_over(session.profile, session.store, session.device, session.key, now_ms())


def test_what_a_revoked_desk_had_not_sent_is_taken_in_by_station_it(
    add_desk: AddDesk, world: World
) -> None:
    desk, other = add_desk(), add_desk()
    sent = desk.file()
    desk.sync()
    desk.step(sent.id, Move.APPROVE, "clear photo")
    unsent = desk.file()
    _revoke(world, desk)
    _tell_key(desk)
    (bundle,) = _hand_over(desk)
    assert bundle.parent == desk.session.profile.for_it
    assert not desk.session.profile.key_slots.exists()
    for _ in range(2):  # IT may do it again
        imported = import_legacy(world.live.server, bundle.read_bytes(), IT_KEY)
        assert imported.results == {"applied": 2}
    other.sync()
    assert other.report(sent.id).version == 2
    assert other.report(unsent.id).version == 1


def test_the_desk_hears_of_its_end_with_the_key_to_seal_to(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url, tmp_path, it_public_key=IT_PUBLIC)
    with running(settings) as live:
        world = World(live)
        desk = join(world, world.person(), tmp_path / "desk")
        _revoke(world, desk)
        with pytest.raises(RefusedError) as refused:
            desk.sync()
        assert refused.value.code == "device_revoked"
        assert desk.engine._exchange() is None
        with desk.session.store.reading() as connection:
            assert link.get_marks(connection).it_public_key == IT_PUBLIC
        desk.close()


def test_a_desk_with_nothing_unsent_leaves_no_bundle(add_desk: AddDesk) -> None:
    desk = add_desk()
    assert _hand_over(desk) == []
    assert not desk.session.profile.key_slots.exists()


@pytest.mark.parametrize("text", ["", "no key", "AAAA"])
def test_without_a_key_of_its_nothing_is_destroyed(add_desk: AddDesk, text: str) -> None:
    desk = add_desk()
    desk.file()
    _tell_key(desk, text)
    with pytest.raises(BundleError, match="no_it_key"):
        _hand_over(desk)
    assert desk.session.profile.key_slots.exists()
    assert desk.counts().queued == 1


def test_a_folder_that_cannot_be_written_destroys_nothing(add_desk: AddDesk) -> None:
    desk = add_desk()
    desk.file()
    _tell_key(desk)
    desk.session.profile.for_it.write_bytes(b"in the way")
    with pytest.raises(OSError, match="for-it"):
        _hand_over(desk)
    assert desk.session.profile.key_slots.exists()


def _hand_over_killed(folder: Path, key: str, step: int) -> bool:
    """Run it in a process that is killed at a step; tell whether it came so far."""
    given = {"folder": str(folder), "key": key, "step": step}
    done = subprocess.run(
        [sys.executable, "-m", "tests.system.sync.leaving_child"],
        input=json.dumps(given),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in {0, -9}, done.stderr
    return done.returncode != 0


def _operations(bundle: Path) -> int:
    opened = open_bundle(bundle.read_bytes(), IT_KEY, [Kind.LEGACY])
    parts = [found for kind, found in read_parts(opened.content) if kind == Part.PUSH]
    return sum(len(msgspec.json.decode(part)["operations"]) for part in parts)


def test_killed_at_any_step_the_work_is_with_it_or_still_on_the_desk(
    world: World, tmp_path: Path
) -> None:
    desk = join(world, world.person(), tmp_path / "desk")
    for _ in range(3):
        desk.file()
    _tell_key(desk)
    profile, key = desk.session.profile, desk.session.key.hex()
    desk.engine.stop()
    desk_service.close_session(desk.session, "lock")
    step, was_killed, destroyed = 0, True, 0
    while was_killed:
        step += 1
        copy = tmp_path / f"copy{step}"
        shutil.copytree(profile.folder, copy)
        was_killed = _hand_over_killed(copy, key, step)
        whole = [_operations(file) for file in Profile(copy).for_it.glob("*.tdbundle")]
        has_keys = _has_keys(profile, Profile(copy))
        destroyed += not has_keys
        assert has_keys or whole == [3], f"step {step}: work is nowhere"
        assert whole in ([], [3]), f"step {step}: half a bundle"
        shutil.rmtree(copy)
    assert step > 8
    assert destroyed > 1  # some of the kills struck while keys went


def _has_keys(before: Profile, after: Profile) -> bool:
    def read(profile: Profile) -> list[bytes]:
        files = (profile.key_slots, profile.device)
        return [file.read_bytes() if file.exists() else b"" for file in files]

    return read(before) == read(after)
