"""Signing an officer in for one command: who, the password, the lock on the profile."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trafficdesk.cli.answers import RefusedError
from trafficdesk.cli.exits import Exit
from trafficdesk.instance import HeldByOther, InstanceLock, hold_profile
from trafficdesk.profile import Profile

if TYPE_CHECKING:
    from trafficdesk.security.key_slots import Holder
    from trafficdesk.security.unlock import Unlocked
    from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the command line says of who signs in."""

    officer: str | None
    password_file: Path | None


def held(profile: Profile) -> InstanceLock:
    """Take the profile for this command.

    Raises:
        RefusedError: another program has it, or there is no desk.
    """
    if not profile.folder.is_dir():
        raise RefusedError("cli.no_desk", path=profile.folder)
    lock = hold_profile(profile.instance_lock)
    if isinstance(lock, HeldByOther):
        raise RefusedError("cli.in_use", Exit.IN_USE, path=profile.folder)
    return lock


@contextmanager
def signed_in(who: Credentials) -> Iterator["Session"]:
    """Hold the profile, unlock it, and lock it again when the command is done."""
    profile = Profile.from_environment()
    with held(profile):
        opened = unlocked(profile, who)
        from trafficdesk.services import desk, trial_backups

        session = desk.open_session(profile, opened.key, opened.holder)
        try:
            trial_backups.work_in_store(profile)
            yield session
        except BaseException:
            # On a full disk locking fails as well; the first reason is the one to tell.
            with suppress(Exception):
                _lock(session)
            raise
        _lock(session)


def _lock(session: "Session") -> None:
    from trafficdesk.services import desk

    if not session.key.is_wiped:
        desk.close_session(session, "lock")


def unlocked(profile: Profile, who: Credentials) -> "Unlocked":
    """Unlock a profile for one of its officers.

    Raises:
        RefusedError: no such officer, wrong password, or locked out.
    """
    from trafficdesk.domain.times import utc_now
    from trafficdesk.security import key_slots
    from trafficdesk.security.unlock import Unlocked, WrongPassword, unlock
    from trafficdesk.services import founding

    founding.settle(profile)
    slots = key_slots.load(profile).slots
    holder = _find_holder([slot.holder for slot in slots.officers], who.officer)
    result = unlock(profile, holder.officer_id, read_password(holder.name, who), utc_now())
    match result:
        case Unlocked():
            return result
        case WrongPassword(tries_left):
            raise RefusedError("cli.wrong_password", Exit.NOT_UNLOCKED, tries=tries_left)
        case locked:
            until = f"{locked.until.astimezone():%Y-%m-%d %H:%M}"
            raise RefusedError("cli.locked_out", Exit.NOT_UNLOCKED, until=until)


def _find_holder(holders: "list[Holder]", name: str | None) -> "Holder":
    names = ", ".join(holder.name for holder in holders)
    if name is None:
        if len(holders) == 1:
            return holders[0]
        raise RefusedError("cli.officer_needed", Exit.NOT_UNLOCKED, names=names)
    wanted = name.casefold()
    exact = [h for h in holders if wanted in {h.name.casefold(), str(h.officer_id)}]
    found = exact or [h for h in holders if h.name.casefold().startswith(wanted)]
    if not found:
        raise RefusedError("cli.officer_unknown", Exit.NOT_UNLOCKED, name=name, names=names)
    if len(found) > 1:
        names = ", ".join(holder.name for holder in found)
        raise RefusedError("cli.officer_ambiguous", Exit.NOT_UNLOCKED, name=name, names=names)
    return found[0]


def read_password(name: str, who: Credentials) -> str:
    """Return the password from the file that was named, or ask for it.

    Raises:
        RefusedError: there is nobody to ask, or the file cannot be read.
    """
    if who.password_file is not None:
        try:
            lines = who.password_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            detail = getattr(error, "strerror", None) or "it is not UTF-8"
            raise RefusedError(
                "cli.password_file", Exit.NOT_UNLOCKED, path=who.password_file, detail=detail
            ) from error
        if not lines or not lines[0]:
            # Not tried as a password: that would count towards the officer's lock-out.
            detail = "its first line is empty"
            raise RefusedError(
                "cli.password_file", Exit.NOT_UNLOCKED, path=who.password_file, detail=detail
            )
        return lines[0]
    if not sys.stdin.isatty():
        raise RefusedError("cli.no_password", Exit.NOT_UNLOCKED)
    return getpass.getpass(f"Password of {name}: ")
