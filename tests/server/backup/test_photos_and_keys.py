"""A backup holds every photo that was received and, sealed, the keys that open them."""

import base64
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from sync_server.jobs import photos as bringing
from sync_server.jobs.backup import make_backup
from sync_server.jobs.manifest import POOL, read_manifest, read_photos
from sync_server.jobs.photos import check_room
from sync_server.jobs.proving import check_backup, check_photos
from sync_server.jobs.rehearsal import rehearse
from sync_server.jobs.restore import Restored, restore_backup
from sync_server.private_cluster import PrivateCluster
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.settings import Settings
from tests.server.backup.test_backup import flip_a_bit
from tests.server.live import running, settings_for
from tests.server.media.photos import bring, digest_of, facts, file_report, picture
from tests.server.world import Client, World
from trafficdesk.wire.boxes import new_private_key, public_key_of

IT_KEY = new_private_key()
IT_PUBLIC_KEY = base64.b64encode(public_key_of(IT_KEY)).decode()


@dataclass
class Station:
    """A served agency with photos, and where its backups go."""

    settings: Settings
    world: World
    desk: Client
    folder: Path

    def photo(self) -> str:
        """Have a desk bring one more photo; return its name in the folder of a city."""
        content = picture(side=120)
        file_report(self.world, self.desk, facts(content, width=120, height=120))
        assert bring(self.world, self.desk, content).status_code == 204
        return digest_of(content)

    def file(self, digest: str, root: Path | None = None) -> Path:
        """Return where a photo's sealed file lies."""
        (found,) = (root or self.settings.media_dir).glob(f"*/??/{digest}")
        return found


@contextmanager
def _station(database_url: str, folder: Path) -> Iterator[Station]:
    """Serve an agency with two photos, and a third that was announced and not brought."""
    settings = settings_for(database_url, folder / "server", it_public_key=IT_PUBLIC_KEY)
    with running(settings) as live:
        world = World(live)
        made = Station(settings, world, world.desk_of(), folder / "kept")
        made.photo()
        made.photo()
        file_report(world, made.desk, facts(picture(side=50)))
        yield made


@pytest.fixture
def station(database_url: str, tmp_path: Path) -> Iterator[Station]:
    """A server of this test alone."""
    with _station(database_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(
    clone_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Station]:
    """A server that no test changes, and one backup of it."""
    with _station(clone_database(), tmp_path_factory.mktemp("shared")) as made:
        make_backup(made.settings, made.folder)
        yield made


@pytest.fixture
def backup(shared: Station, tmp_path: Path) -> Path:
    """A copy of the backup, for this test to do with as it likes."""
    (found,) = shared.folder.glob("trafficdesk-*")
    return Path(shutil.copytree(shared.folder, tmp_path / "carried")) / found.name


def photo_in(folder: Path) -> Path:
    """Return a photo's file below a folder."""
    return next(path for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.fixture
def elsewhere(cluster: PrivateCluster, tmp_path: Path) -> Iterator[Settings]:
    """An empty database and empty folders on another machine."""
    url = cluster.make_database("desk_elsewhere")
    yield Settings.model_validate(
        {
            "database_url": url,
            "keys_dir": tmp_path / "elsewhere" / "keys",
            "media_dir": tmp_path / "elsewhere" / "media",
        }
    )
    cluster.drop_database("desk_elsewhere")


def put_back(settings: Settings, backup: Path) -> Restored:
    return restore_backup(settings, backup, replace=False, it_key=IT_KEY)


def wrong_photos(settings: Settings, *, quick: bool = False) -> str:
    """Return what the check of a server's photos has seen."""
    server = Server.of(settings)
    server.database.open()
    try:
        (found,) = check_photos(server, quick=quick)
    finally:
        server.database.close()
    assert found.ok == (not found.seen)
    return found.seen


def test_everything_comes_back_on_a_machine_that_has_only_the_backup_and_its_key(
    shared: Station, backup: Path, elsewhere: Settings
) -> None:
    done = put_back(elsewhere, backup)
    assert (done.photos.copied, done.photos.missing, len(done.keys_made)) == (2, [], 3)
    assert wrong_photos(elsewhere) == ""
    keys = {path.name: path.read_bytes() for path in shared.settings.keys_dir.iterdir()}
    assert {path.name: path.read_bytes() for path in elsewhere.keys_dir.iterdir()} == keys
    files = [path for path in elsewhere.media_dir.rglob("*") if path.is_file()]
    assert [path.stat().st_mode & 0o077 for path in (elsewhere.media_dir, *files)] == [0, 0, 0]


def test_no_key_lies_in_the_clear_beside_the_data(shared: Station) -> None:
    keys = [path.read_text("ascii").strip() for path in shared.settings.keys_dir.iterdir()]
    assert len(keys) == 3
    for file in (path for path in shared.folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        for key in keys:
            assert key.encode() not in content, file
            assert bytes.fromhex(key) not in content, file


def test_the_next_backup_brings_only_what_is_new(station: Station) -> None:
    first = make_backup(station.settings, station.folder)
    first.path.rename(first.path.with_name("trafficdesk-20260101T000000Z"))
    new = station.photo()
    second = make_backup(station.settings, station.folder)
    assert (first.photos.copied, second.photos.copied, second.manifest.photos) == (2, 1, 3)
    assert station.file(new, station.folder / POOL).is_file()
    _, found = check_backup(second.path, IT_KEY)
    assert all(each.ok for each in found)


def test_what_a_killed_backup_brought_is_proved_and_taken(station: Station) -> None:
    first = make_backup(station.settings, station.folder)
    shutil.rmtree(first.path)  # killed before it was whole
    whole, damaged = (path for path in (station.folder / POOL).rglob("*") if path.is_file())
    flip_a_bit(damaged)
    second = make_backup(station.settings, station.folder)
    assert (second.photos.copied, second.photos.missing) == (1, [])
    assert all(each.ok for each in check_backup(second.path, IT_KEY)[1])
    assert whole.is_file()


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_photo_that_is_not_whole_on_the_server_is_told_and_the_rest_is_kept(
    station: Station, elsewhere: Settings, damage: str
) -> None:
    lost = station.file(station.photo())
    if damage == "gone":
        lost.unlink()
    else:
        flip_a_bit(lost)
    assert lost.name in wrong_photos(station.settings)
    assert (lost.name in wrong_photos(station.settings, quick=True)) == (damage == "gone")
    done = make_backup(station.settings, station.folder)
    assert [name.partition("/")[2] for name in done.photos.missing] == [lost.name]
    assert [each.ok for each in check_backup(done.path)[1]] == [True, True, False]
    assert put_back(elsewhere, done.path).photos.missing == []
    assert lost.name in wrong_photos(elsewhere)  # the row came back, for a desk to bring the file


@pytest.mark.parametrize("has_key", [True, False])
def test_a_photo_that_was_damaged_in_the_backup_is_found_and_never_put_back(
    backup: Path, elsewhere: Settings, *, has_key: bool
) -> None:
    damaged = photo_in(backup.parent / POOL)
    flip_a_bit(damaged)
    _, found = check_backup(backup, IT_KEY if has_key else b"")
    assert [each.seen.endswith(damaged.name) for each in found if not each.ok] == [True]
    done = put_back(elsewhere, backup)
    assert [name.partition("/")[2] for name in done.photos.missing] == [damaged.name]
    assert not list(elsewhere.media_dir.rglob(damaged.name))


def test_photos_that_are_there_as_they_were_sealed_stay_and_others_are_replaced(
    backup: Path, elsewhere: Settings
) -> None:
    shutil.copytree(backup.parent / POOL, elsewhere.media_dir)
    flip_a_bit(photo_in(elsewhere.media_dir))
    assert put_back(elsewhere, backup).photos.copied == 1
    assert wrong_photos(elsewhere) == ""


def test_without_the_keys_nothing_is_restored_and_it_is_said_which_are_wanted(
    backup: Path, elsewhere: Settings
) -> None:
    with pytest.raises(RefusedError) as refused:
        restore_backup(elsewhere, backup, replace=False)
    assert "lacks signing.key, tokens.key, media.key" in refused.value.detail
    assert not elsewhere.media_dir.exists()


def test_another_key_of_photos_is_refused_before_anything_is_changed(
    backup: Path, elsewhere: Settings
) -> None:
    settings_for("postgresql://x@/y?host=/z", elsewhere.keys_dir.parent)  # keys of its own
    for it_key, said in ((b"", "sealed with"), (IT_KEY, "move it away first")):
        with pytest.raises(RefusedError) as refused:
            restore_backup(elsewhere, backup, replace=False, it_key=it_key)
        assert said in refused.value.detail
    assert not elsewhere.media_dir.exists()


@pytest.mark.parametrize("damage", ["another key", "a bit", "no keys"])
def test_keys_that_do_not_open_are_told(
    shared: Station, backup: Path, elsewhere: Settings, tmp_path: Path, damage: str
) -> None:
    it_key = IT_KEY
    if damage == "no keys":
        bare = shared.settings.model_copy(update={"it_public_key": ""})
        backup = make_backup(bare, tmp_path / "bare").path
    if damage == "another key":
        it_key = new_private_key()
    elif damage == "a bit":
        flip_a_bit(backup / "keys.box")
    with pytest.raises(RefusedError):
        restore_backup(elsewhere, backup, replace=False, it_key=it_key)
    assert not elsewhere.keys_dir.exists()


def test_marks_tell_which_keys_a_backup_needs(station: Station) -> None:
    first = make_backup(station.settings, station.folder)
    first.path.rename(first.path.with_name("trafficdesk-20260101T000000Z"))
    (station.settings.keys_dir / "tokens.key").unlink()
    settings_for(station.settings.database_url, station.settings.keys_dir.parent)
    second = make_backup(station.settings, station.folder)
    marks = first.manifest.key_marks, second.manifest.key_marks
    assert sorted(marks[0]) == ["media.key", "signing.key", "tokens.key"]
    assert [name for name in marks[0] if marks[0][name] != marks[1][name]] == ["tokens.key"]


def test_a_disk_without_room_is_told_before_anything_is_written(
    backup: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "_SPARE_BYTES", 2**62)
    with pytest.raises(RefusedError, match="storage_full"):
        put_back(elsewhere, backup)
    with pytest.raises(RefusedError, match="storage_full"):
        check_room(backup.parent, 1)
    assert not elsewhere.media_dir.exists()


_KILLED = """
import os, signal, sys
from pathlib import Path
import msgspec
from sync_server.jobs import restore
from sync_server.settings import Settings
given = msgspec.json.decode(sys.argv[1])
settings = Settings.model_validate(given)
restore.pour = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
it_key = bytes.fromhex(sys.argv[3])
restore.restore_backup(settings, Path(sys.argv[2]), replace=False, it_key=it_key)
"""


def test_a_restore_that_is_killed_goes_on_with_the_same_command(
    backup: Path, elsewhere: Settings
) -> None:
    given = msgspec.json.encode(elsewhere.model_dump(mode="json", exclude_unset=True)).decode()
    line = [sys.executable, "-c", _KILLED, given, str(backup), IT_KEY.hex()]
    killed = subprocess.run(line, check=False, env=dict(os.environ))
    assert killed.returncode == -signal.SIGKILL
    done = put_back(elsewhere, backup)
    assert (done.photos.copied, len(done.photos.listed), done.keys_made) == (0, 2, [])
    assert wrong_photos(elsewhere) == ""


def test_a_rehearsal_proves_the_backup_and_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    before = sorted(backup.parent.rglob("*"))
    done = rehearse(backup, IT_KEY, None)
    assert [each.what for each in done.found if not each.ok] == []
    assert any(each.what.startswith("every one of 2 photos") for each in done.found)
    assert (sorted(backup.parent.rglob("*")), done.manifest) == (before, read_manifest(backup))
    assert len(list(read_photos(backup))) == 2
    assert not list(tmp_path.glob("trafficdesk-rehearsal-*"))
