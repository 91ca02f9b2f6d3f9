"""Every action by name: its keys, where it holds, whether it can be done now, and why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from trafficdesk.qt.settings import SettingsFile

GLOBAL = "global"
ALWAYS = "always"
_EVERYWHERE = frozenset({GLOBAL, ALWAYS})


@dataclass(frozen=True, slots=True)
class Command:
    """One action an officer can take.

    ``keys`` are Qt's portable names (``A``, ``Ctrl+K``, ``G, M`` for one after the other).
    ``context`` is ``global``, a workspace's id or an overlay's: the keys act while it is active;
    those of ``always`` act under an overlay as well.
    ``refusal`` returns the translated reason why it can't be done now, "" if it can.
    ``detail`` returns what it would act on, for the palette. ``repeats``: holding the key repeats.
    """

    id: str
    title: str
    group: str
    handler: Callable[[], object]
    keys: tuple[str, ...] = ()
    context: str = GLOBAL
    refusal: Callable[[], str] | None = None
    detail: Callable[[], str] | None = None
    icon: str = ""
    repeats: bool = False
    is_hidden: bool = False

    @property
    def disabled_reason(self) -> str:
        """Why it cannot be done now; "" if it can."""
        return self.refusal() if self.refusal else ""

    @property
    def is_enabled(self) -> bool:
        """Tell whether it can be done now."""
        return not self.disabled_reason


# A command in a table of a screen's: name, title, handler, keys, refusal, icon.
Row = tuple[str, str, Callable[[], object], tuple[str, ...], Callable[[], str] | None, str]


def command_of(context: str, group: str, row: Row) -> Command:
    """Return the command of a row; one without an icon repeats while its key is held."""
    name, title, act, keys, refusal, icon = row
    return Command(
        f"{context}.{name}",
        title,
        group,
        act,
        keys,
        context,
        refusal=refusal,
        icon=icon,
        repeats=not icon,
    )


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """A key was not given to a command: ``by`` has it, or one that begins with it, as ``taken``."""

    key: str
    by: Command
    taken: str


def normal_key(key: str) -> str:
    """Return a key's one portable spelling; "" for what is no key."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def shown_key(key: str) -> tuple[str, ...]:
    """Return the keycaps of a key as people read them: ``Ctrl+K`` → ``Ctrl K``, ``G, M`` → two."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    # The last sign is the key itself, which may be a plus.
    return tuple(part[:-1].replace("+", " ") + part[-1] for part in native.split(", ") if part)


class Commands(QObject):
    """The registry: one place knows all commands, their keys, and which contexts are active.

    ``changed``: commands or keys were added, removed or remapped. ``state_changed``: ask
    ``is_enabled`` again. ``ran`` carries the command that has run; ``refused`` one that could not.
    """

    changed = Signal()
    state_changed = Signal()
    ran = Signal(object)
    refused = Signal(object, str)

    def __init__(self, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._commands: dict[str, Command] = {}
        self._owners: dict[str, int] = {}
        self._announced: dict[str, Callable[[], list[Command]]] = {}
        self._coming: dict[str, Command] = {}
        self._active: str = ""
        self._overlays: list[str] = []

    def add(self, commands: Iterable[Command], owner: QObject | None = None) -> None:
        """Register commands; they go when ``owner`` is destroyed.

        A command with an owner gives way to one of the same id with another owner: a screen may
        be made anew before the old one is quite gone. Raises ``ValueError`` otherwise.
        """
        added = list(commands)
        owner_id = id(owner) if owner is not None else 0
        for command in added:
            before = self._owners.get(command.id)
            if before is not None and (not owner_id or before in {0, owner_id}):
                raise ValueError(f"command {command.id} is registered twice")
            self._commands.pop(command.id, None)
            self._commands[command.id] = command
            self._owners[command.id] = owner_id
        if owner is not None:
            owner.destroyed.connect(lambda: self._forget(added))
        self.changed.emit()

    def _forget(self, added: list[Command]) -> None:
        for command in added:
            if self._commands.get(command.id) is command:
                del self._commands[command.id]
                del self._owners[command.id]
        if shiboken6.isValid(self):
            self.changed.emit()

    def announce(self, context: str, make: Callable[[], list[Command]]) -> None:
        """Tell of the commands a screen brings when it is first opened; made when asked for."""
        self._announced[context] = make
        self._coming = {}

    def known(self) -> list[Command]:
        """Return every command there is, also those of screens that were not opened yet."""
        if not self._coming:
            self._coming = {c.id: c for make in self._announced.values() for c in make()}
        return [*self.all(), *(c for c in self._coming.values() if c.id not in self._commands)]

    def get(self, command_id: str) -> Command:
        """Return a command. Raises ``KeyError``."""
        return self._commands[command_id]

    def find(self, command_id: str) -> Command | None:
        """Return a command if it is registered."""
        return self._commands.get(command_id)

    def all(self) -> list[Command]:
        """Return every command in the order of registration."""
        return list(self._commands.values())

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """Return the keys a command has now: the officer's own, else the default ones."""
        own = self._settings.values.keys.get(command_id)
        command = self._commands.get(command_id) or self._coming.get(command_id)
        keys = own if own is not None else command.keys if command else ()
        return tuple(filter(None, map(normal_key, keys)))

    def first_key(self, command_id: str) -> str:
        """Return the first key a command has now as people read it; "" for none."""
        keys = self.keys_of(command_id)
        return " ".join(shown_key(keys[0])) if keys else ""

    def activate(self, context: str) -> None:
        """Make a workspace's commands act (and no other workspace's)."""
        self._active = context
        self.state_changed.emit()

    def push_overlay(self, context: str) -> None:
        """Let only this context's commands act until it is popped (palette, lock, sheet)."""
        self._overlays.append(context)
        self.state_changed.emit()

    def pop_overlay(self, context: str) -> None:
        """Take an overlay's context away again."""
        if context in self._overlays:
            self._overlays.remove(context)
        self.state_changed.emit()

    def is_active(self, command: Command) -> bool:
        """Tell whether a command's context is active now."""
        if command.context == ALWAYS:
            return True
        if self._overlays:
            return command.context == self._overlays[-1]
        return command.context in {GLOBAL, self._active}

    def in_reach(self) -> list[Command]:
        """Return the commands of the workspace on screen and the global ones, overlays aside."""
        here = {GLOBAL, ALWAYS, self._active}
        return [c for c in self.all() if c.context in here and not c.is_hidden]

    def find_by_key(self, key: str) -> Command | None:
        """Return the active command that has exactly this key; a workspace's goes first."""
        matching = [
            c for c in self._commands.values() if self.is_active(c) and key in self.keys_of(c.id)
        ]
        matching.sort(key=lambda command: command.context in _EVERYWHERE)
        return matching[0] if matching else None

    def starts_chord(self, key: str) -> bool:
        """Tell whether an active command's key begins with this one and goes on."""
        start = f"{key}, "
        return any(
            k.startswith(start)
            for c in self._commands.values()
            if self.is_active(c)
            for k in self.keys_of(c.id)
        )

    def run(self, command_id: str) -> bool:
        """Do a command now if it can be done; tells why not otherwise."""
        command = self._commands.get(command_id)
        if command is None:
            return False
        reason = command.disabled_reason
        if reason:
            self.refused.emit(command, reason)
            return False
        command.handler()
        if shiboken6.isValid(self):
            self.ran.emit(command)
        return True

    def remap(self, command_id: str, keys: tuple[str, ...]) -> KeyTaken | None:
        """Give a command other keys and keep them, unless one is taken by a command beside it.

        Raises ``KeyError`` where no such command is known.
        """
        command = {each.id: each for each in self.known()}[command_id]
        fresh = tuple(dict.fromkeys(filter(None, map(normal_key, keys))))
        for key in fresh:
            taken = self._find_rival(command, key)
            if taken is not None:
                return taken
        kept = {k: v for k, v in self._settings.values.keys.items() if k != command_id}
        if fresh != tuple(map(normal_key, command.keys)):
            kept[command_id] = fresh
        self._settings.change(keys=kept)
        self.changed.emit()
        return None

    def has_own_keys(self, command_id: str) -> bool:
        """Tell whether a command has other keys than its default ones."""
        return command_id in self._settings.values.keys

    def reset_key(self, command_id: str) -> KeyTaken | None:
        """Give a command its default keys again, unless one is taken by now."""
        command = {each.id: each for each in self.known()}[command_id]
        return self.remap(command_id, command.keys)

    def reset_keys(self) -> None:
        """Give every command its default keys again."""
        self._settings.change(keys={})
        self.changed.emit()

    def _find_rival(self, command: Command, key: str) -> KeyTaken | None:
        for other in self.known():
            if other.id == command.id or not _may_meet(command, other):
                continue
            for taken in self.keys_of(other.id):
                if _collide(key, taken):
                    return KeyTaken(key, other, taken)
        return None


def _may_meet(one: Command, other: Command) -> bool:
    return one.context == other.context or bool(_EVERYWHERE & {one.context, other.context})


def _collide(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}, ") or other.startswith(f"{one}, ")
