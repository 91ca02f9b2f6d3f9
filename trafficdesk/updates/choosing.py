"""Which version runs for a profile; what died on trial goes back here, with the store's backup."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from trafficdesk.updates import trial as trials
from trafficdesk.updates.launched import Launched
from trafficdesk.updates.places import Places, version_of
from trafficdesk.updates.state import candidates, load_state
from trafficdesk.updates.trial import Trial

LOCK: Final = "update.lock"
_LOCKED_BYTE: Final = 1
# They are about the machine and not about a profile.
_OF_THE_MACHINE: Final = frozenset({"update", "selftest", "policy"})
# The package's own version takes a machine back, however broken the one that runs is.
_OF_THE_BASE: Final = ("update", "rollback")


def choose_for(places: Places, words: Sequence[str], profile: Path) -> Launched:
    """Return what is to run for a command line; a desk that is about to open is put on trial."""
    versions = candidates(places, load_state(places))
    if tuple(words[:2]) == _OF_THE_BASE:
        return Launched(_base_of(places, versions))
    opens_desk = not words
    if words and (words[0] in _OF_THE_MACHINE or not profile.is_dir()):
        return Launched(versions[0])
    try:
        profile.mkdir(parents=True, exist_ok=True)
        lock = _take(profile / LOCK)
    except OSError:
        return Launched(versions[0])  # the desk itself says what is wrong with its folder
    if lock is None:  # a desk of this profile is open, or about to be
        open_now = trials.load_trial(profile).version
        return Launched(open_now if open_now in versions else versions[0])
    version = _choose(profile, versions, opens_desk=opens_desk)
    if opens_desk:
        return Launched(version, profile, (lock,))
    os.close(lock)
    return Launched(version, profile)


def _base_of(places: Places, versions: Sequence[str]) -> str:
    base = version_of(places.base)
    return base if base in versions else versions[-1]


def _choose(profile: Path, versions: Sequence[str], *, opens_desk: bool) -> str:
    before = trials.load_trial(profile)
    try:
        trial = _settle(profile, before)
    except OSError:
        # What goes back is gone on with at the next start; until then the version stays that knows
        # the store as it is now.
        return before.version if before.version in versions else versions[0]
    version = trials.choose(versions, trial)
    if opens_desk:
        trial = trials.begin(trial, version)
    try:
        if trial != trials.load_trial(profile):
            trials.save_trial(profile, trial)
    except OSError:
        pass  # a folder that cannot be written to: the desk itself says so
    return version


def _settle(profile: Path, trial: Trial) -> Trial:
    """Take back what died on trial. Raises ``OSError``."""
    if not trial.has_died and not trial.is_restoring:
        return trial
    from trafficdesk.instance import HeldByOther, hold_profile
    from trafficdesk.updates.store_backup import has_backup, put_back

    lock = hold_profile(profile / "desk.lock")
    if isinstance(lock, HeldByOther):
        raise BlockingIOError  # a command of the new version is at work in the store
    with lock:
        settled = trials.settle(trial)
        if settled.is_restoring or has_backup(profile):
            settled = settled._replace(is_restoring=True)
            trials.save_trial(profile, settled)
            put_back(profile)
            settled = trials.unbind(settled)
        trials.save_trial(profile, settled)
    return settled


def _take(path: Path) -> int | None:
    """Lock a file until the process ends; None when another process has it. Raises ``OSError``."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, _LOCKED_BYTE)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
