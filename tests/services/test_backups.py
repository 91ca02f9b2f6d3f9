"""A restore that fails half-way leaves the desk where it was."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trafficdesk.services.backups import (
    BackedUp,
    BackupFault,
    BackupRefused,
    Restoring,
    Staged,
    back_up,
    put_in_place,
    stage,
)
from trafficdesk.services.session import Session

_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def staged(session: Session, tmp_path: Path) -> Staged:
    made = back_up(session, tmp_path / "backup")
    assert isinstance(made, BackedUp)
    staged = stage(made.folder, session.profile)
    assert isinstance(staged, Staged)
    return staged


@pytest.mark.parametrize("failing", ["profile", "packs"])
def test_a_restore_that_cannot_move_a_folder_puts_the_desk_back(
    session: Session, staged: Staged, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    profile = session.profile
    profile.packs.mkdir()
    (profile.packs / "map.txt").write_text("a pack")
    plan = Restoring(staged, profile, _NOW, force=True)
    key_hex = session.key.hex()
    session.store.close()
    before = {path: path.stat().st_ino for path in profile.folder.iterdir()}
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if Path(target).name == failing and (failing == "packs" or ".restoring" in path.name):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    done = put_in_place(plan, key_hex)
    assert isinstance(done, BackupRefused)
    assert done.fault is BackupFault.UNWRITABLE
    assert {path: path.stat().st_ino for path in profile.folder.iterdir()} == before
