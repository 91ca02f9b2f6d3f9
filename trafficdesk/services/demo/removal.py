"""Removing the files of a demo profile and nothing else."""

import shutil
from pathlib import Path

from trafficdesk.profile import Profile
from trafficdesk.services.demo.marker import demo_file
from trafficdesk.store.copying import COMING_SUFFIX as REKEYED_SUFFIX
from trafficdesk.store.founding import COMING_SUFFIX as FOUNDING_SUFFIX

_DEMO_PACK = "coimbatore"
_BESIDE_DATABASE = tuple(
    coming + log
    for coming in ("", FOUNDING_SUFFIX, REKEYED_SUFFIX)
    for log in ("", "-wal", "-shm", "-journal")
)


def wipe(profile: Profile) -> None:
    """Remove store, keys, media and the sketch map; the mark goes last.

    Raises:
        OSError: a file cannot be removed; what is left is still marked as a demo.
    """
    for suffix in _BESIDE_DATABASE:
        database = profile.database
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    for file in (profile.key_slots, profile.tries, profile.device, profile.audit_anchor):
        file.unlink(missing_ok=True)
    (profile.folder / "keys.lock").unlink(missing_ok=True)
    profile.settings.unlink(missing_ok=True)
    _remove_folder(profile.media)
    _remove_folder(profile.packs / _DEMO_PACK)
    if profile.packs.is_dir() and not any(profile.packs.iterdir()):
        profile.packs.rmdir()
    demo_file(profile).unlink(missing_ok=True)


def _remove_folder(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
