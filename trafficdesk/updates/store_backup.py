"""The store as it was before a version on trial brought it to another schema.

While the backup lies in the profile nothing was done since: whoever begins to work removes it
first, and then the store is never put back over. It holds the database and the head of its audit
chain; the files of the keys are not copied, so that shredding a desk leaves none behind.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from trafficdesk.security.durable_file import sync_folder

FOLDER: Final = "update-backup"
# The head goes back first: a chain longer than its head is in order, a shorter one is not.
FILES: Final = ("audit.anchor", "desk.db")
_PART: Final = "update-backup.part"
_LOGS: Final = ("desk.db-wal", "desk.db-shm", "desk.db-journal")


def has_backup(profile: Path) -> bool:
    """Tell whether a backup is there, and whole."""
    return (profile / FOLDER).is_dir()


def keep_store(profile: Path) -> None:
    """Copy a store that nobody has open.

    Raises ``OSError``: there is no room, or nothing may be written; nothing is left then.
    """
    part = profile / _PART
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700)
        for name in FILES:
            if (profile / name).is_file():
                _copy(profile / name, part / name)
        sync_folder(part)
        part.rename(profile / FOLDER)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    sync_folder(profile)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def give_up_backup(profile: Path) -> None:
    """Remove the backup: from now on the store is worked in. Raises ``OSError``."""
    if not has_backup(profile):
        return
    part = profile / _PART
    shutil.rmtree(part, ignore_errors=True)
    (profile / FOLDER).rename(part)  # in one step: half a backup is none
    sync_folder(profile)
    shutil.rmtree(part, ignore_errors=True)


def put_back(profile: Path) -> None:
    """Give the store its place back; a kill on the way is made good by doing it again.

    Nobody has the store open. Raises ``OSError``.
    """
    kept = profile / FOLDER
    for name in FILES:
        if not (kept / name).is_file():
            continue  # it went back before a kill, or there was none
        if name == "desk.db":
            # The other store's log would be read into this one.
            for log in _LOGS:
                (profile / log).unlink(missing_ok=True)
            sync_folder(profile)
        (kept / name).replace(profile / name)
    sync_folder(profile)
    give_up_backup(profile)
