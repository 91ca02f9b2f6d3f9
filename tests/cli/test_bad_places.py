"""What the machine can do to a desk: full disks, folders without rights, missing libraries."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rights import without_rights
from tests.small_disks import small_disk as disk_at
from trafficdesk.cli.exits import Exit
from trafficdesk.profile import Profile
from trafficdesk.store.driver import dbapi2

Run = Callable[..., Any]
WHO = "Poongodi"

is_root = hasattr(os, "geteuid") and os.geteuid() == 0


def test_a_plain_database_in_the_stores_place_is_refused(home: Profile, run: Run) -> None:
    home.database.unlink()
    plain = dbapi2.connect(str(home.database))
    plain.execute("CREATE TABLE reports (pk)")
    plain.commit()
    plain.close()
    before = home.database.read_bytes()
    done = run("store", "stats", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "is not encrypted and was not touched" in done.err
    assert home.database.read_bytes() == before


@pytest.mark.parametrize("size", [0, 1000, 30_000])
def test_a_truncated_database_is_told_with_what_to_do(home: Profile, run: Run, size: int) -> None:
    content = home.database.read_bytes()[:size]
    home.database.write_bytes(content)
    done = run("store", "check", officer=WHO)
    assert done.code in {Exit.REFUSED, Exit.NOT_UNLOCKED}
    assert "Restore the latest backup" in done.err
    assert home.database.read_bytes() == content


def test_a_page_damaged_deep_inside_is_found_by_the_check(home: Profile, run: Run) -> None:
    content = bytearray(home.database.read_bytes())
    # a page near the end: opening the desk does not read it
    content[-4096 * 3 + 100] ^= 0xFF
    home.database.write_bytes(content)
    done = run("store", "check", officer=WHO)
    assert done.code in {Exit.UNSOUND, Exit.REFUSED, Exit.NOT_UNLOCKED}
    assert "estore the latest backup" in done.out + done.err


def test_a_lost_database_is_not_silently_replaced_by_an_empty_one(home: Profile, run: Run) -> None:
    home.database.unlink()
    done = run("store", "stats", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "is missing though its keys are there" in done.err
    assert not home.database.exists()


@pytest.mark.usefixtures("home")
def test_a_missing_spatialite_names_the_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TRAFFICDESK_SPATIALITE", "nowhere")
        done = run("store", "stats", officer=WHO)
        assert done.code == Exit.REFUSED
        assert "libsqlite3-mod-spatialite" in done.err
        tested = run("selftest", "--json").told["tests"]
        failed = {one["name"] for one in tested if not one["ok"]}
        assert "SpatiaLite" in failed
        assert "encryption" not in failed
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.fixture
def reachable(home: Profile, password_file: Path) -> Iterator[Profile]:
    """Let a user without rights come to the desk, but not write it."""
    opened = [folder for folder in home.folder.parents if folder.stat().st_uid == os.geteuid()]
    modes = {folder: folder.stat().st_mode for folder in opened}
    for folder in opened:
        if not modes[folder] & 0o001:
            folder.chmod(modes[folder] | 0o055)
    for path in [home.folder, *home.folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    password_file.chmod(0o444)
    yield home
    for folder, mode in modes.items():
        folder.chmod(mode)
    for path in [home.folder, *home.folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are Windows' own there")
def test_a_folder_that_may_not_be_written_is_said_so(
    run: Run, home: Profile, request: pytest.FixtureRequest
) -> None:
    # Once with all rights: whoever has none may not even read Python's own modules.
    assert run("store", "stats", officer=WHO).code == Exit.DONE
    request.getfixturevalue("reachable")
    before = home.database.read_bytes()
    with without_rights():
        done = run("store", "stats", officer=WHO)
    assert done.code == Exit.REFUSED
    assert str(home.folder) in done.err
    assert "who may write there" in done.err
    assert home.database.read_bytes() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    with disk_at(tmp_path / "disk", "3m") as folder:
        yield folder


def test_a_full_disk_loses_nothing_and_says_what_to_do(
    made_desk: Path, small_disk: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profile = Profile(small_disk / "desk")
    shutil.copytree(made_desk, profile.folder)
    monkeypatch.setenv("TRAFFICDESK_HOME", str(profile.folder))
    table = tmp_path / "many.csv"
    rows = [f"2026-01-01T08:00:00,76.9{i:04d},11.01,{'x' * 900}" for i in range(3000)]
    table.write_text("\n".join(["time,lon,lat,text", *rows]))
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[time]\ncolumn = "time"\n[place]\nlon = "lon"\nlat = "lat"\n'
        '[description]\ncolumn = "text"\n'
    )
    done = run("import", table, "--mapping", mapping, officer=WHO)
    assert done.code == Exit.REFUSED, done.out
    assert "The disk is full" in done.err
    told = run("store", "stats", "--json", officer=WHO).told
    assert told["rows"]["reports"] == 5
    assert told["rows"]["outbox"] == 5
    full = run("store", "backup", small_disk / "backup", officer=WHO)
    while full.code == Exit.DONE:  # until it is full
        filler = small_disk / f"filler{len(list(small_disk.iterdir()))}"
        full = run("store", "backup", filler, officer=WHO)
    assert "full" in full.err
    assert not [path for path in small_disk.iterdir() if path.name.startswith(".")]
    for backup in small_disk.glob("[bf]*"):
        shutil.rmtree(backup)
    assert run("store", "check", officer=WHO).code == Exit.DONE


def test_a_backup_onto_a_full_disk_names_that_disk(
    home: Profile, small_disk: Path, run: Run
) -> None:
    (small_disk / "filler").write_bytes(b"x" * 2_800_000)
    refused = run("store", "backup", small_disk / "backup", officer=WHO)
    assert refused.code == Exit.REFUSED
    assert f"The disk of {small_disk / 'backup'} is full" in refused.err
    assert str(home.database) not in refused.err
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
