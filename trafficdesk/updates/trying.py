"""The version that runs, while it is new to its profile: how far it came, and the store before it.

Every step is on the disk before what it tells of is done. The methods wait for the disk: none of
them is for the thread of the screens.
"""

import threading
from pathlib import Path

from trafficdesk.updates import store_backup, trial
from trafficdesk.updates.launched import find_launched


class RunningTrial:
    """What a profile knows of the version that this process is; threads may share it."""

    def __init__(self, profile: Path, version: str) -> None:
        self._profile = profile
        self._version = version
        self._turn = threading.Lock()
        kept = trial.load_trial(profile)
        self._is_on = kept.good != version
        self._note = kept.note

    @property
    def is_on(self) -> bool:
        """Tell whether no desk of this version could be worked at in this profile so far."""
        return self._is_on

    @property
    def note(self) -> str:
        """Return the version that failed here and of which nobody was told, '' for none."""
        return self._note

    def reach(self, stage: str) -> None:
        """Note how far a desk came. Raises ``OSError``."""
        with self._turn:
            kept = trial.load_trial(self._profile)
            if self._is_on and kept.version == self._version and kept.stage != stage:
                trial.save_trial(self._profile, kept._replace(stage=stage))

    def keep_store(self) -> None:
        """Copy the store, which nobody has open, before it is changed. Raises ``OSError``."""
        with self._turn:
            if store_backup.has_backup(self._profile):
                return  # nothing was done since
            store_backup.keep_store(self._profile)
            kept = trial.load_trial(self._profile)
            trial.save_trial(self._profile, trial.bind(kept, self._version))

    def work(self) -> None:
        """Note that somebody works in the store: it is never put back over. Raises ``OSError``."""
        with self._turn:
            store_backup.give_up_backup(self._profile)

    def prove(self) -> None:
        """Note that a desk can be worked at, so that this version stays. Raises ``OSError``.

        The backup goes first: whatever fails after that, no work is put back over.
        """
        self.work()
        with self._turn:
            kept = trial.load_trial(self._profile)
            trial.save_trial(self._profile, trial.prove(kept, self._version))
            self._is_on = False

    def forget_note(self) -> None:
        """Note that the officer was told of what failed. Raises ``OSError``."""
        with self._turn:
            kept = trial.load_trial(self._profile)
            if kept.note == self._note:
                trial.save_trial(self._profile, kept._replace(note=""))
            self._note = ""


def find_running_trial(profile: Path) -> RunningTrial | None:
    """Return what a profile knows of this process; None where nothing was chosen for it."""
    launched = find_launched()
    if launched is None or launched.profile != profile:
        return None
    return RunningTrial(profile, launched.version)


def forgive_start() -> None:
    """Note that this version is not to blame for a desk that does not open. Raises ``OSError``."""
    launched = find_launched()
    if launched is not None and launched.profile is not None:
        RunningTrial(launched.profile, launched.version).reach(trial.WAITING)
