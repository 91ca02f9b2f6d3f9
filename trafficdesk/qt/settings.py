"""Settings without secrets, kept as JSON in the profile; the machine's policy goes before them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Signal

from trafficdesk.policy.schema import Policy
from trafficdesk.position.policy import PositionPolicy, ruled_positions
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.security.durable_file import write_durably
from trafficdesk.security.lock_policy import DEFAULT_IDLE_MINUTES, idle_minutes

MIN_TEXT_PERCENT: Final = 100
MAX_TEXT_PERCENT: Final = 150


class DeskSettings(msgspec.Struct, frozen=True):
    """What an officer has chosen. ``keys`` holds only commands with keys of their own.

    ``theme`` is ``system``, ``light`` or ``dark``; ``density`` is ``comfortable`` or ``compact``;
    ``window`` is Qt's geometry in base 64; ``screens`` is each workspace's own small memory;
    ``alert_sound``: a critical incident is heard until somebody acknowledges it; what is escalated
    is heard at the desks of those in charge all the same.
    """

    theme: str = "system"
    text_percent: int = 100
    density: str = "comfortable"
    lock_minutes: int = DEFAULT_IDLE_MINUTES
    keys: dict[str, tuple[str, ...]] = {}
    window: str = ""
    workspace: str = ""
    map_pack: str = ""
    alert_sound: bool = True
    screens: dict[str, Any] = {}
    position: PositionPolicy = PositionPolicy()  # the station's to say: no screen changes it


def _under(policy: Policy, settings: DeskSettings) -> DeskSettings:
    """Return the settings that hold where IT has decided."""
    return msgspec.structs.replace(
        settings,
        lock_minutes=idle_minutes(settings.lock_minutes, policy.lock.idle_minutes),
        position=ruled_positions(policy.position) or settings.position,
    )


def _within_bounds(settings: DeskSettings) -> DeskSettings:
    return msgspec.structs.replace(
        settings,
        theme=settings.theme if settings.theme in {"system", "light", "dark"} else "system",
        density=settings.density
        if settings.density in {"comfortable", "compact"}
        else "comfortable",
        text_percent=max(MIN_TEXT_PERCENT, min(MAX_TEXT_PERCENT, settings.text_percent)),
        lock_minutes=idle_minutes(settings.lock_minutes),
    )


class SettingsFile(QObject):
    """The settings as last saved; a damaged file is kept aside as ``.bad`` and defaults serve.

    ``values`` are those that hold. What was chosen and goes beyond ``policy`` is saved as it was
    chosen, and holds again once the policy allows it.
    ``changed`` is emitted after each change; ``save_failed`` carries the ``OSError`` when the
    folder cannot be written: the choice then holds until the desk closes.
    """

    changed = Signal()
    save_failed = Signal(object)

    def __init__(
        self, path: Path, lanes: Lanes | None = None, policy: Policy | None = None
    ) -> None:
        super().__init__()
        self._path = path
        self._lanes = lanes
        self.policy = policy or Policy()
        self._saving = threading.Lock()
        self.was_damaged = False
        self._chosen = self._load()
        self.values = _under(self.policy, self._chosen)

    def _load(self) -> DeskSettings:
        try:
            return _within_bounds(msgspec.json.decode(self._path.read_bytes(), type=DeskSettings))
        except FileNotFoundError:
            return DeskSettings()
        except (msgspec.MsgspecError, ValueError):
            self._keep_aside()
        except OSError:
            self.was_damaged = True
        return DeskSettings()

    def _keep_aside(self) -> None:
        self.was_damaged = True
        try:
            self._path.replace(self._path.with_suffix(".json.bad"))
        except OSError:
            # Read-only folder: the damaged file stays where it is, and saving will say so.
            return

    def change(self, **values: Any) -> None:  # noqa: ANN401 - the fields of DeskSettings
        """Replace some fields, save them in one step and tell."""
        fresh = _within_bounds(msgspec.structs.replace(self._chosen, **values))
        if fresh == self._chosen:
            return
        self._chosen, self.values = fresh, _under(self.policy, fresh)
        if self._lanes is None:
            self._tell_if_failed(self._save())
        else:
            self._lanes.run(Lane.IO, self._save, self._tell_if_failed)
        self.changed.emit()

    def _save(self) -> OSError | None:
        """Write what holds now: of two saves in two threads the later one writes the latest."""
        with self._saving:
            try:
                content = msgspec.json.format(msgspec.json.encode(self._chosen), indent=2)
                write_durably(self._path, content)
            except OSError as error:
                return error
        return None

    def flush(self) -> None:
        """Write what holds now, here and at once: the desk is about to end."""
        self._tell_if_failed(self._save())

    def _tell_if_failed(self, error: OSError | None) -> None:
        if error is not None:
            self.save_failed.emit(error)

    def remember(self, screen: str, value: object) -> None:
        """Keep one screen's small memory (JSON values only)."""
        self.change(screens={**self.values.screens, screen: value})

    def recall(self, screen: str, read: Callable[[Any], Any], default: object) -> Any:  # noqa: ANN401 - the screen knows its shape
        """Return a screen's memory through ``read``; ``default`` if there is none or it is odd."""
        try:
            return read(self.values.screens[screen])
        except (KeyError, TypeError, ValueError):
            return default
