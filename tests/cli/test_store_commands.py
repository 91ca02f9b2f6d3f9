"""Looking after a desk: checks, backups, restoring, a new key, the audit chain."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trafficdesk.cli.exits import Exit
from trafficdesk.profile import Profile
from trafficdesk.security import key_slots
from trafficdesk.security import rekeying as slots_side
from trafficdesk.services import rekeying
from trafficdesk.store import copying
from trafficdesk.store.upkeep import Check

Run = Callable[..., Any]
WHO = "Poongodi"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("home")
def test_a_sound_desk_passes_every_check(run: Run) -> None:
    done = run("store", "check", "--json", officer=WHO)
    assert done.code == Exit.DONE
    assert [one["check"] for one in done.told["checks"]] == list(Check)
    assert all(one["ok"] for one in done.told["checks"])


@pytest.mark.usefixtures("home")
def test_stats_count_what_is_there(run: Run) -> None:
    told = run("store", "stats", "--json", officer=WHO).told
    assert told["rows"]["reports"] == 5
    assert told["reports_by_status"] == {"pending": 5}
    assert told["waiting_operations"] == 5


def test_a_backup_is_restored_and_the_desk_before_is_kept_aside(
    home: Profile, run: Run, tmp_path: Path
) -> None:
    home.packs.mkdir()
    (home.packs / "map.txt").write_text("a pack")
    backup = tmp_path / "backup"
    assert run("store", "backup", backup, officer=WHO).code == Exit.DONE
    kept = _files(backup)
    lost = home.database.read_bytes()
    home.database.write_bytes(lost[:5000])
    damaged = run("store", "stats", officer=WHO)
    assert damaged.code in {Exit.REFUSED, Exit.NOT_UNLOCKED}
    assert "trafficdesk store restore" in damaged.err
    done = run("store", "restore", backup, "--force", "--json", officer=WHO)
    assert done.code == Exit.DONE, done.out
    assert Path(done.told["aside"], "desk.db").read_bytes() == lost[:5000]
    assert run("store", "check", officer=WHO).code == Exit.DONE
    assert run("audit", "verify", officer=WHO).code == Exit.DONE
    assert (home.packs / "map.txt").read_text() == "a pack"
    assert _files(backup) == kept, "a backup is never written to"


def test_a_backup_restores_onto_a_bare_machine(home: Profile, run: Run, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    assert run("store", "backup", backup, officer=WHO).code == Exit.DONE
    shutil.rmtree(home.folder)
    assert run("store", "restore", backup, officer=WHO).code == Exit.DONE
    assert run("store", "stats", "--json", officer=WHO).told["rows"]["reports"] == 5


def test_an_older_backup_does_not_replace_a_newer_desk_unless_forced(
    home: Profile, run: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    run("store", "backup", backup, officer=WHO)
    before = home.database.read_bytes()
    done = run("store", "restore", backup, officer=WHO)
    assert done.code == Exit.REFUSED
    assert "Audited actions that would be lost: 1 (" in done.err
    assert home.database.read_bytes() == before
    assert [path.name for path in home.folder.parent.iterdir()] == ["desk"]


def test_a_backup_with_one_changed_byte_is_refused(home: Profile, run: Run, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    run("store", "backup", backup, officer=WHO)
    for name in ("desk.db", "keyslots.json"):
        content = bytearray((backup / name).read_bytes())
        content[-10] ^= 1
        (backup / name).write_bytes(content)
        done = run("store", "restore", backup, "--force", officer=WHO)
        assert done.code == Exit.REFUSED
        assert "is missing or not what it was" in done.err
        content[-10] ^= 1
        (backup / name).write_bytes(content)
    assert [path.name for path in home.folder.parent.iterdir()] == ["desk"]


def test_a_backup_that_names_a_file_outside_itself_is_refused(
    home: Profile, run: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    run("store", "backup", backup, officer=WHO)
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["files"][0]["path"] = "../../stolen"
    (backup / "manifest.json").write_text(json.dumps(manifest))
    done = run("store", "restore", backup, "--force", officer=WHO)
    assert done.code == Exit.REFUSED
    assert not (home.folder.parent / "stolen").exists()


@pytest.mark.usefixtures("home")
def test_a_folder_that_is_no_backup_and_a_target_that_exists_are_refused(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    done = run("store", "restore", tmp_path / "photos", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "is no backup of a desk" in done.err
    done = run("store", "backup", tmp_path / "photos", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "exists already" in done.err


def test_a_backup_inside_the_profile_is_refused(home: Profile, run: Run) -> None:
    done = run("store", "backup", home.folder / "copy", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "inside the profile" in done.err


def test_rekeying_keeps_every_password_and_every_report(home: Profile, run: Run) -> None:
    before = home.database.read_bytes()[:4096]
    assert run("store", "rekey", officer=WHO).code == Exit.DONE
    assert home.database.read_bytes()[:4096] != before
    for who in ("Poongodi", "Meena"):
        assert run("store", "stats", "--json", officer=who).told["rows"]["reports"] == 5
    assert run("audit", "verify", officer=WHO).code == Exit.DONE
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.mark.usefixtures("home")
def test_only_who_manages_officers_may_rekey(run: Run) -> None:
    done = run("store", "rekey", officer="Meena")
    assert done.code == Exit.REFUSED
    assert "Meena S (officer) may not do this" in done.err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("killed_before", ["copying", "proving", "finishing", "carrying", "change"])
def test_a_rekey_killed_anywhere_leaves_a_desk_that_opens(
    run: Run, monkeypatch: pytest.MonkeyPatch, killed_before: str
) -> None:
    class Killed(BaseException):
        """Stands in for the end of the process: nothing catches it on the way."""

    def die(*_args: object) -> None:
        raise Killed

    place: tuple[Any, str] = {
        "copying": (copying, "copy_to"),
        "proving": (copying, "prove"),
        "finishing": (rekeying, "finish_rekey"),
        "carrying": (slots_side, "_carry_over"),
        "change": (key_slots, "save"),
    }[killed_before]
    with monkeypatch.context() as patch:
        if killed_before == "change":
            # the slots are written twice: as the rekey begins and as it ends
            whole, calls = key_slots.save, list[int]()

            def second_dies(*args: Any) -> None:  # noqa: ANN401 - handed on as they come
                calls.append(1)
                if len(calls) > 1:
                    raise Killed
                whole(*args)

            patch.setattr(*place, second_dies)
        else:
            patch.setattr(*place, die)
        with pytest.raises(Killed):
            run("store", "rekey", officer=WHO)
    for who in ("Meena", "Poongodi"):
        done = run("store", "stats", "--json", officer=who)
        assert done.code == Exit.DONE, done.out
        assert done.told["rows"]["reports"] == 5
    assert run("audit", "verify", officer=WHO).code == Exit.DONE
    assert run("store", "rekey", officer=WHO).code == Exit.DONE
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.mark.usefixtures("home")
def test_the_audit_chain_is_exported_with_what_proves_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert run("audit", "export", file, officer=WHO).code == Exit.DONE
    head, *entries = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(bytes.fromhex(head["public_key"])) == 32
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["action"] == "audit.export"
    again = run("audit", "export", file, officer=WHO)
    assert again.code == Exit.REFUSED
    assert "exists already" in again.err
    refused = run("audit", "export", tmp_path / "other", officer="Meena")
    assert refused.code == Exit.REFUSED


def test_a_database_put_back_is_found_by_the_audit_chain(
    home: Profile, run: Run, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copy(home.database, old)
    for _ in range(3):
        run("store", "stats", officer=WHO)
    shutil.copy(old, home.database)
    done = run("audit", "verify", officer=WHO)
    assert done.code != Exit.DONE
    assert "Tell station IT" in done.out + done.err


@pytest.mark.usefixtures("home")
def test_a_demo_is_neither_made_over_a_real_desk_nor_removed_from_it(run: Run) -> None:
    for words in (("demo",), ("demo", "--remove")):
        done = run(*words)
        assert done.code == Exit.REFUSED
        assert "it was left as it is" in done.err
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["map.mbtiles", "map.pmtiles", "map.txt"])
def test_a_file_that_is_no_map_is_refused_and_nothing_is_left(
    run: Run, home: Profile, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"SQLite format 3\x00" + b"\x00" * 4000 if "mb" in name else b"hello")
    done = run("basemap", "import", file)
    assert done.code == Exit.REFUSED
    assert str(file) in done.err
    assert not home.packs.exists() or not list(home.packs.iterdir())
    assert "No map packs" in run("basemap", "list").out


@pytest.mark.usefixtures("home")
def test_a_file_that_is_no_extract_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "town.osm.pbf"
    file.write_bytes(b"not an extract")
    done = run("basemap", "build", file, "--json")
    assert done.code == Exit.REFUSED
    assert done.told["code"] in {"pack.not_osm", "pack.tools_missing"}
