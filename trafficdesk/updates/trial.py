"""A version that is new to a profile is on trial there until a desk of it could be worked at.

``update.json`` in the profile says which version was started last and how far it came. Whoever
starts the next one finds a trial that died on its way, and goes back to the version before.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trafficdesk.updates.places import read_json
from trafficdesk.updates.versions import is_version, order_of

FILE: Final = "update.json"
FORMAT: Final = 1

# How far a desk on trial came. One that ends at STARTING or OPENING has failed; at WAITING nothing
# was asked of it yet, so that it may be closed there, or lose its power.
STARTING: Final = "starting"
WAITING: Final = "waiting"
OPENING: Final = "opening"
GOOD: Final = "good"
_DEAD: Final = frozenset({STARTING, OPENING})


class Trial(NamedTuple):
    """``version`` was started last; ``good`` could be worked at last, '' for none so far.

    ``least`` is the lowest version that is known to open the store, ``least_before`` the one that
    opens its backup. ``note`` is a version that
    failed and of which the officer has not heard. ``is_restoring``: the store's backup is on its
    way back.
    """

    version: str = ""
    stage: str = ""
    good: str = ""
    least: str = ""
    least_before: str = ""
    failed: tuple[str, ...] = ()
    note: str = ""
    is_restoring: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether the version that was started last is on trial no more."""
        return self.version == self.good

    @property
    def has_died(self) -> bool:
        """Tell whether the version that was started last did not come up."""
        return not self.is_over and self.stage in _DEAD


def load_trial(profile: Path) -> Trial:
    """Return what a profile knows of versions; nothing where that cannot be understood."""
    told = read_json(profile / FILE)
    if told.get("format") != FORMAT:
        return Trial()
    failed = told.get("failed")
    return Trial(
        version=_version(told.get("version")),
        stage=str(told.get("stage") or ""),
        good=_version(told.get("good")),
        least=_version(told.get("least")),
        least_before=_version(told.get("least_before")),
        failed=tuple(v for v in failed if _version(v)) if isinstance(failed, list) else (),
        note=_version(told.get("note")),
        is_restoring=told.get("is_restoring") is True,
    )


def save_trial(profile: Path, trial: Trial) -> None:
    """Keep it, synced to the disk. Raises ``OSError``."""
    import json

    from trafficdesk.security.durable_file import write_durably

    told = trial._asdict() | {"format": FORMAT}
    write_durably(profile / FILE, json.dumps(told).encode())


def _version(told: object) -> str:
    return told if isinstance(told, str) and is_version(told) else ""


def settle(trial: Trial) -> Trial:
    """Return a trial with what died in it told as failed."""
    if not trial.has_died:
        return trial
    failed = tuple(dict.fromkeys((*trial.failed, trial.version)))
    return trial._replace(stage="", failed=failed, note=trial.version)


def choose(versions: Sequence[str], trial: Trial) -> str:
    """Return the first version that may run in a profile: it did not fail, and knows the store.

    Where none is left the last one is tried again, which was here before the others: a power cut
    may have hit it, and a desk is never kept shut.
    """
    able = [v for v in versions if not _is_older(v, trial.least)] or list(versions)
    return next((v for v in able if v not in trial.failed), able[-1])


def _is_older(version: str, least: str) -> bool:
    return bool(version and least) and order_of(version) < order_of(least)


def begin(trial: Trial, version: str) -> Trial:
    """Return the trial in which a desk of a version is about to be started."""
    stage = GOOD if version == trial.good else STARTING
    return trial._replace(version=version, stage=stage)


def prove(trial: Trial, version: str) -> Trial:
    """Return the trial in which a version could be worked at, and is on trial no more."""
    return trial._replace(version=version, stage=GOOD, good=version)


def bind(trial: Trial, version: str) -> Trial:
    """Return the trial in which a version is about to bring the store to another schema."""
    return trial._replace(least=version, least_before=trial.least)


def unbind(trial: Trial) -> Trial:
    """Return the trial in which the store is as it was before."""
    return trial._replace(least=trial.least_before, is_restoring=False)
