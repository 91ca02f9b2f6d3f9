"""The database in backups: written while the server runs, put back whole or not at all."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import psycopg
import pytest

from sync_server.jobs.manifest import measure
from sync_server.keys import make_keys
from sync_server.private_cluster import PrivateCluster
from tests.server.admin.test_commands import (
    CITY,
    Ran,
    Run,
    furnished,
    plain_owner,
    run,
    send_a_unit,
)

__all__ = ["furnished", "run"]
KeepIt = Callable[[], Path]


@pytest.fixture
def keep(furnished: Run, tmp_path: Path) -> KeepIt:
    """Return a function that makes a backup and returns its file."""

    def keep_it() -> Path:
        made = furnished("backup", "kept", "--json")
        assert made.code == 0, made.err
        return tmp_path / str(made.told["backup"])

    return keep_it


def flip_a_bit(file: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _restore(run: Run, *words: str, url: str) -> Ran:
    return run("restore", *words, "--json", url=url)


def _dispatching(url: str) -> list[str]:
    """Return every row of what is sent where, as a text."""
    tables = ["incidents", "units", "assignments", "unit_positions", "unit_tracks"]
    tables += ["incident_numbers", "incident_verifications"]
    with psycopg.connect(url) as connection:
        rows = [connection.execute(f"SELECT t::text FROM {table} t").fetchone() for table in tables]
    return [row[0] for row in rows if row is not None]


def _cities(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT name FROM cities ORDER BY name").fetchall()


def _state(url: str) -> tuple[str, dict[str, dict[str, int]]]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT epoch::text, restored_at FROM server_state").fetchone()
    assert found is not None
    return found


def test_a_backup_goes_back_into_an_empty_database(
    furnished: Run, keep: KeepIt, cluster: PrivateCluster, database_url: str
) -> None:
    send_a_unit(database_url)
    before = _dispatching(database_url)
    dump = keep()
    epoch, _ = _state(database_url)
    url = cluster.make_database("desk_restored")
    try:
        done = _restore(furnished, str(dump), url=url)
        assert (done.code, done.told["keys_are_the_same"]) == (0, True), done.out + done.err
        assert _cities(url) == [("Coimbatore",)]
        assert _dispatching(url) == before
        new, ended = _state(url)
        assert (new != epoch, list(ended)) == (True, [epoch])
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT action FROM audit ORDER BY chain, seq").fetchall()
            looked_at = connection.execute(
                "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'"
            ).fetchall()
        assert ("server.restored",) in found
        assert {("incidents",), ("assignments",)} <= set(looked_at), "no statistics"
    finally:
        cluster.drop_database("desk_restored")


def test_an_owner_who_is_no_superuser_backs_up_and_restores(
    run: Run, cluster: PrivateCluster, tmp_path: Path
) -> None:
    with plain_owner(cluster, "desk_plain", has_postgis=True) as url:
        (tmp_path / "city.json").write_text(json.dumps(CITY), encoding="utf-8")
        for words in (("migrate",), ("add-city", "city.json"), ("check",)):
            assert run(*words, url=url).code == 0
        made = run("backup", "kept", "--json", url=url)
        assert made.code == 0, made.err
        done = _restore(run, str(made.told["backup"]), "--replace", url=url)
        assert done.code == 0, done.out
        assert _cities(url) == [("Coimbatore",)]


def test_a_full_database_is_given_up_only_when_that_is_said(
    furnished: Run, keep: KeepIt, database_url: str
) -> None:
    dump = keep()
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE cities SET name = 'Kovai'")
        connection.execute("CREATE TABLE of_tomorrow (one boolean)")
    refused = _restore(furnished, str(dump), url=database_url)
    assert (refused.code, "--replace" in str(refused.told["message"])) == (1, True)
    assert _cities(database_url) == [("Kovai",)]
    assert _restore(furnished, str(dump), "--replace", url=database_url).code == 0
    assert _cities(database_url) == [("Coimbatore",)]
    with psycopg.connect(database_url) as connection:
        left = connection.execute("SELECT to_regclass('of_tomorrow')").fetchone()
    assert left == (None,)


def test_while_a_server_is_connected_nothing_is_restored(
    furnished: Run, keep: KeepIt, database_url: str
) -> None:
    dump = keep()
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT 1")
        done = _restore(furnished, str(dump), "--replace", url=database_url)
    assert (done.code, done.told["message"]) == (
        1,
        "Stop every sync-server first: 1 connections are open.",
    )


@pytest.mark.parametrize(
    "damage",
    ["half", "one bit", "no manifest", "no dump", "half manifest", "no list", "unfinished"],
)
def test_what_is_not_the_whole_file_is_refused(
    furnished: Run, keep: KeepIt, database_url: str, damage: str
) -> None:
    backup = keep()
    dump, manifest = backup / "database.dump", backup / "manifest.json"
    content = dump.read_bytes()
    before = _state(database_url)
    match damage:
        case "half":
            dump.write_bytes(content[: len(content) // 2])
        case "one bit":
            flip_a_bit(dump)
        case "no manifest":
            manifest.unlink()
        case "no dump":
            dump.unlink()
        case "no list":
            (backup / "photos.txt").unlink()
        case "unfinished":
            backup = backup.rename(f"{backup}.making")
        case _:
            manifest.write_bytes(manifest.read_bytes()[:40])
    done = _restore(furnished, str(backup), "--replace", url=database_url)
    assert done.code == 1
    assert done.told["message"]
    assert (_state(database_url), _cities(database_url)) == (before, [("Coimbatore",)])


def test_a_dump_that_breaks_off_in_the_middle_changes_nothing(
    furnished: Run, keep: KeepIt, database_url: str
) -> None:
    backup = keep()
    dump = backup / "database.dump"
    before = _state(database_url)
    half = dump.read_bytes()[: dump.stat().st_size * 3 // 4]
    dump.write_bytes(half)
    _vouch_for(dump)  # as if the manifest had been made of the half
    done = _restore(furnished, str(backup), "--replace", url=database_url)
    assert (done.code, "nothing was changed" in str(done.told["message"])) == (1, True)
    assert (_state(database_url), _cities(database_url)) == (before, [("Coimbatore",)])


def _vouch_for(dump: Path) -> None:
    manifest = dump.parent / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    told["parts"][dump.name] = msgspec.to_builtins(measure(dump))
    manifest.write_text(json.dumps(told), encoding="utf-8")


def test_a_backup_whose_chain_was_broken_comes_back_and_is_called_unsound(
    furnished: Run, keep: KeepIt, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_keep")
        connection.execute("UPDATE audit SET action = 'nothing' WHERE seq = 1")
        connection.execute("ALTER TABLE audit ENABLE TRIGGER audit_keep")
    done = _restore(furnished, str(keep()), "--replace", url=database_url)
    assert (done.code, done.told["faults"]) == (5, ["the audit is as it was written"])


def test_other_keys_than_the_desks_know_are_told(
    furnished: Run, keep: KeepIt, database_url: str, tmp_path: Path
) -> None:
    dump = keep()
    (tmp_path / "keys" / "signing.key").unlink()
    make_keys(tmp_path / "keys")
    done = _restore(furnished, str(dump), "--replace", url=database_url)
    assert (done.code, done.told["keys_are_the_same"]) == (0, False)


def test_nobody_else_reads_a_backup_and_nothing_half_lies_about(keep: KeepIt) -> None:
    backup = keep()
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    names = ["database.dump", "manifest.json", "photos.txt"]
    assert sorted(path.name for path in backup.iterdir()) == names
    for path in (backup.parent, backup, *backup.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_that_cannot_be_written_is_told(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, not a folder", encoding="utf-8")
    done = furnished("backup", "kept", "--json")
    assert (done.code, "kept: " in str(done.told["message"])) == (1, True)


def test_what_a_killed_backup_left_is_cleared_away_by_the_next(
    keep: KeepIt, tmp_path: Path
) -> None:
    left = tmp_path / "kept" / "trafficdesk-20260101T000000Z.making"
    left.mkdir(parents=True)
    (left / "database.dump").write_bytes(b"half")
    backup = keep()
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_two_backups_at_once_do_not_meet(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    held = os.open(tmp_path / "kept", os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = furnished("backup", "kept", "--json")
    finally:
        os.close(held)
    assert (done.code, "under way" in str(done.told["message"])) == (1, True)


def test_only_so_many_backups_are_kept_as_is_said(furnished: Run, tmp_path: Path) -> None:
    for name in ("trafficdesk-20260101T000000Z", "trafficdesk-20260102T000000Z"):
        (tmp_path / "kept" / name).mkdir(parents=True)
        (tmp_path / "kept" / name / "manifest.json").write_text("{}", encoding="utf-8")
        (tmp_path / "kept" / name / "photos.txt").touch()
    made = furnished("backup", "kept", "--keep", "2", "--json")
    assert [Path(gone).name for gone in _paths(made)] == ["trafficdesk-20260101T000000Z"]
    assert len(list((tmp_path / "kept").iterdir())) == 2


def _paths(made: Ran) -> list[str]:
    found = made.told["removed"]
    assert isinstance(found, list)
    return found


def test_the_age_of_the_last_whole_backup_is_known_to_the_server(
    keep: KeepIt, database_url: str
) -> None:
    query = "SELECT backed_up_at IS NOT NULL FROM server_state"
    with psycopg.connect(database_url) as connection:
        assert connection.execute(query).fetchone() == (False,)
    keep()
    with psycopg.connect(database_url) as connection:
        assert connection.execute(query).fetchone() == (True,)
