"""Telling the profile how far a version that is new to it came, from start to first workspace."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject

from trafficdesk.journal import Event
from trafficdesk.profile import Profile
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.banner import Banner
from trafficdesk.qt.tasks import Lane
from trafficdesk.updates.trial import OPENING, WAITING
from trafficdesk.updates.trying import find_running_trial

# What keeps a desk shut in any version.
_INNOCENT: Final = frozenset(
    {"store.full", "store.not_writable", "store.too_new", "memory_short", "officer_unknown"}
)


class TrialWatch(QObject):
    """Does nothing where no version was chosen for the profile, or it proved itself already."""

    def __init__(self, profile: Profile, equipment: Equipment, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = equipment.lanes
        self._trial = find_running_trial(profile.folder)
        self._is_to_blame = False
        if self._trial is not None and self._trial.note:
            equipment.journal.note(Event.WENT_BACK, version=self._trial.note)

    def begin_opening(self) -> None:
        """Note that a password was right. Stands in the writer's line, before the store opens."""
        self._is_to_blame = False
        self._reach(OPENING)

    def fail_opening(self, error: Exception) -> None:
        """Note that the store did not open; what this version is not to blame for is forgiven."""
        innocent = getattr(error, "code", "") in _INNOCENT or isinstance(error, OSError)
        self._is_to_blame = not innocent
        self.forgive()

    def furnish(self) -> None:
        """Note that workspaces are about to be shown: what breaks now is the version's fault."""
        self._is_to_blame = True

    def prove(self, then: Callable[[], None]) -> None:
        """Note that the desk can be worked at, before anything else is written; go on with that."""
        trial = self._trial
        if trial is None or not trial.is_on:
            then()
            return
        go_on = partial(self._go_on, then)
        self._lanes.run(Lane.WRITER, trial.prove, go_on, go_on)

    def _go_on(self, then: Callable[[], None], _end: object) -> None:
        self._is_to_blame = False
        then()

    def forgive(self) -> None:
        """The program is closed in order, or goes on: only what it is to blame for counts."""
        if not self._is_to_blame:
            self._reach(WAITING)

    def tell(self, banner: Banner) -> None:
        """Say once that another version failed here."""
        trial = self._trial
        if trial is None or not trial.note:
            return
        title = QCoreApplication.translate(
            "TrialWatch", "TrafficDesk {version} did not start here; the version before goes on."
        ).format(version=trial.note)
        detail = QCoreApplication.translate("TrialWatch", "Nothing was lost. Tell station IT.")
        banner.tell(title, detail)
        self._lanes.run(Lane.WRITER, trial.forget_note, None, _let_be)

    def _reach(self, stage: str) -> None:
        if self._trial is not None and self._trial.is_on:
            self._lanes.run(Lane.WRITER, partial(self._trial.reach, stage), None, _let_be)


def _let_be(_error: Exception) -> None:
    """A mark that cannot be written costs the version its trial, and nobody their work."""
