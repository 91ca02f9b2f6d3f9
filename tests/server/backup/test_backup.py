"""Backups written while the server runs, and put back whole or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from sync_server.jobs.backup import measure
from sync_server.keys import make_keys
from sync_server.private_cluster import PrivateCluster
from tests.server.admin.test_commands import Ran, Run, furnished, run

__all__ = ["furnished", "run"]
KeepIt = Callable[[], Path]


@pytest.fixture
def keep(furnished: Run, tmp_path: Path) -> KeepIt:
    """Return a function that makes a backup and returns its file."""

    def keep_it() -> Path:
        made = furnished("backup", "kept", "--json")
        assert made.code == 0, made.err
        return tmp_path / str(made.told["file"])

    return keep_it


def _restore(run: Run, *words: str, url: str) -> Ran:
    return run("restore", *words, "--json", url=url)


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
    dump = keep()
    epoch, _ = _state(database_url)
    url = cluster.make_database("desk_restored")
    try:
        done = _restore(furnished, str(dump), url=url)
        assert (done.code, done.told["keys_are_the_same"]) == (0, True), done.out + done.err
        assert _cities(url) == [("Coimbatore",)]
        new, ended = _state(url)
        assert (new != epoch, list(ended)) == (True, [epoch])
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT action FROM audit ORDER BY chain, seq").fetchall()
        assert ("server.restored",) in found
    finally:
        cluster.drop_database("desk_restored")


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


@pytest.mark.parametrize("damage", ["half", "one bit", "no manifest", "no dump", "half manifest"])
def test_what_is_not_the_whole_file_is_refused(
    furnished: Run, keep: KeepIt, database_url: str, damage: str
) -> None:
    dump = keep()
    manifest, content = Path(f"{dump}.json"), dump.read_bytes()
    before = _state(database_url)
    match damage:
        case "half":
            dump.write_bytes(content[: len(content) // 2])
        case "one bit":
            middle = len(content) // 2
            dump.write_bytes(
                content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            )
        case "no manifest":
            manifest.unlink()
        case "no dump":
            dump.unlink()
        case _:
            manifest.write_bytes(manifest.read_bytes()[:40])
    done = _restore(furnished, str(dump), "--replace", url=database_url)
    assert done.code == 1
    assert done.told["message"]
    assert (_state(database_url), _cities(database_url)) == (before, [("Coimbatore",)])


def test_a_dump_that_breaks_off_in_the_middle_changes_nothing(
    furnished: Run, keep: KeepIt, database_url: str
) -> None:
    dump = keep()
    before = _state(database_url)
    half = dump.read_bytes()[: dump.stat().st_size * 3 // 4]
    dump.write_bytes(half)
    _vouch_for(dump)  # as if the manifest had been made of the half
    done = _restore(furnished, str(dump), "--replace", url=database_url)
    assert (done.code, "nothing was changed" in str(done.told["message"])) == (1, True)
    assert (_state(database_url), _cities(database_url)) == (before, [("Coimbatore",)])


def _vouch_for(dump: Path) -> None:
    manifest = Path(f"{dump}.json")
    size_bytes, sha256 = measure(dump)
    told = json.loads(manifest.read_text("utf-8")) | {"size_bytes": size_bytes, "sha256": sha256}
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
    dump = keep()
    assert sorted(path.name for path in dump.parent.iterdir()) == [dump.name, f"{dump.name}.json"]
    assert [path.stat().st_mode & 0o077 for path in dump.parent.iterdir()] == [0, 0]


def test_a_folder_that_cannot_be_written_is_told(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, not a folder", encoding="utf-8")
    done = furnished("backup", "kept", "--json")
    assert (done.code, "kept: " in str(done.told["message"])) == (1, True)
