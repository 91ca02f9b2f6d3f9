"""The composition root: the only place that puts rooms together."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

# SQLCipher must be the first SQLite of the process; Qt's own plugins could bring another.
import trafficdesk.store.driver  # noqa: F401
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication, make_qt_application
from trafficdesk.qt.equipment import Equipment

if TYPE_CHECKING:
    from trafficdesk.policy.errors import PolicyError
    from trafficdesk.qt.sitting import Sitting

EXIT_REFUSED = 1  # as `trafficdesk.cli.exits` says
EXIT_IN_USE = 4


def furnish_desk(equipment: Equipment, sitting: "Sitting") -> None:
    """Put the workspaces on a desk that was just unlocked; loaded by then, not before."""
    from trafficdesk.qt.furnishing import furnish

    furnish(equipment, sitting)


def run_desk(profile: Profile) -> int:
    """Open the desk on a profile and stay until its window is closed; return the exit code."""
    qt = make_qt_application()
    profile.folder.mkdir(parents=True, exist_ok=True)
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        from trafficdesk.qt.shell.refusal import held_sentence, show_refusal

        _forgive_version()
        show_refusal(held_sentence(lock))
        return EXIT_IN_USE
    with lock:
        application = DeskApplication(profile, furnish_desk)
        try:
            application.start()
            return qt.exec()
        finally:
            application.shut_down()


def refuse_policy(error: "PolicyError") -> int:
    """Say why no desk opens on this machine's policy; return the exit code."""
    from trafficdesk.qt.shell.refusal import policy_sentence, show_refusal

    make_qt_application()
    _forgive_version()
    show_refusal(policy_sentence(error))
    return EXIT_REFUSED


def _forgive_version() -> None:
    """A version that is new to the profile is not what keeps this desk shut."""
    from trafficdesk.updates.trying import forgive_start

    with suppress(OSError):
        forgive_start()


def run_tour(profile: Profile, folder: Path) -> int:
    """Drive the real desk through its main job and leave numbered pictures and a summary."""
    from trafficdesk.qt.shell.refusal import held_sentence
    from trafficdesk.qt.tour.guide import guide

    qt = make_qt_application()
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        sys.stderr.write(held_sentence(lock) + "\n")
        return EXIT_IN_USE
    with lock:
        return guide(qt, profile, folder)
