"""Wrong tries per officer, counted on disk before a password is looked at.

Five wrong tries lock an officer out for 10 minutes; from then on each further wrong try locks for
twice as long, at most 24 hours. A try is counted and synced before it is verified, so killing the
program in between leaves it counted. What is left of a lock-out runs down by the time seen to go
by: a clock set back, and set right again, does not shorten it, nor does it lock anybody out for
years. (A clock set forward does shorten it: only the system's administrator can forbid that.) A
damaged or missing file counts as all tries spent, ten minutes from now, for every officer:
removing it gains nobody a fresh five tries.

Beside the lock-outs the file keeps what the audit chain has yet to hear, since nobody can write
there while the desk is locked: how many wrong tries there ever were, and what was done to the key
slots. The chain remembers how far it has heard (``trafficdesk.services.tries_told``); a count below
that, or another ``series``, shows that the file was changed. Whoever may write the profile folder
can still put back a copy made since the last unlocking.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID, uuid4

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably
from trafficdesk.security.folder_lock import holding

FREE_TRIES: Final = 5
FIRST_LOCK_MINUTES: Final = 10
MAX_LOCK_MINUTES: Final = 24 * 60
TIMES_KEPT: Final = 20
_MINUTE_MS: Final = 60_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class LockedOut:
    """No password is looked at before ``until`` (aware UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class TryCounted:
    """A try may be made; it is already counted as wrong.

    If it is wrong, ``tries_left`` come after it, or ``lock`` runs already.
    """

    tries_left: int
    lock: LockedOut | None


_Count = Annotated[int, msgspec.Meta(ge=0)]


class DeedKind(StrEnum):
    """What is done to the key slots while nobody can write to the audit chain."""

    OWN_CHANGE = "officer.change_password"
    HELP = "officer.password_reset"
    RECOVERY = "officer.recovered"
    KEYRING_ON = "officer.enable_keyring"


class Deed(msgspec.Struct, frozen=True):
    """Something done to the key slots that the audit chain has yet to hear; numbered from 1."""

    number: _Count
    kind: DeedKind
    by: UUID
    whom: UUID
    at_ms: int


class _Officer(msgspec.Struct):
    wrong: _Count
    locked_left_ms: _Count = 0
    seen_ms: int = 0
    latest_ms: int = 0
    # Never reset: wrong tries and lock-outs of all time, and when the last few tries were.
    ever: _Count = 0
    lock_outs: _Count = 0
    times_ms: list[int] = msgspec.field(default_factory=list)


class _File(msgspec.Struct):
    format: int
    officers: dict[UUID, _Officer]
    series: UUID = msgspec.field(default_factory=uuid4)
    # When this file took the place of a damaged or missing one, 0 for the desk's first.
    remade_ms: int = 0
    deed_number: _Count = 0
    deeds: list[Deed] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Count:
    """An officer's wrong tries and lock-outs of all time, and when the last few tries were."""

    tries: int
    lock_outs: int
    times_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the counter has to tell; a new ``series`` begins when the file was lost."""

    series: UUID
    remade_ms: int
    counts: dict[UUID, Count]
    deeds: tuple[Deed, ...]


def lock_minutes(wrong: int) -> int:
    """Return for how long the desk locks after this many wrong tries in a row."""
    if wrong < FREE_TRIES:
        return 0
    return min(MAX_LOCK_MINUTES, FIRST_LOCK_MINUTES << min(wrong - FREE_TRIES, 16))


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _until(now: datetime, left_ms: int) -> datetime:
    return now.astimezone(UTC) + timedelta(milliseconds=left_ms)


def _load(profile: Profile, officer_ids: Collection[UUID], now_ms: int) -> _File:
    try:
        file = msgspec.json.decode(profile.tries.read_bytes(), type=_File)
        if file.format == 1:
            return file
    except (FileNotFoundError, msgspec.MsgspecError, ValueError):
        pass
    spent = FIRST_LOCK_MINUTES * _MINUTE_MS
    officers = {each: _Officer(FREE_TRIES, spent, now_ms, now_ms) for each in officer_ids}
    file = _File(1, officers, remade_ms=now_ms)
    _save(profile, file)
    return file


def _save(profile: Profile, file: _File) -> None:
    write_durably(profile.tries, msgspec.json.encode(file))


def _pass_time(officer: _Officer, now_ms: int) -> None:
    """Take off what has gone by: since the latest time seen, or within a clock set back."""
    since_ms = officer.latest_ms if now_ms >= officer.latest_ms else officer.seen_ms
    officer.locked_left_ms = max(0, officer.locked_left_ms - max(0, now_ms - since_ms))
    officer.latest_ms = max(officer.latest_ms, now_ms)
    officer.seen_ms = now_ms


def start(profile: Profile) -> None:
    """Write the empty file of a new desk; the caller holds the folder."""
    _save(profile, _File(1, {}))


def find_lock(
    profile: Profile, officer_id: UUID, officer_ids: Collection[UUID], now: datetime
) -> LockedOut | None:
    """Return the officer's lock-out, if one runs now. ``officer_ids`` are all the desk has."""
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        officer = file.officers.get(officer_id)
        if officer is None or not officer.locked_left_ms:
            return None
        _pass_time(officer, _ms(now))
        _save(profile, file)
        left_ms = officer.locked_left_ms
    return LockedOut(_until(now, left_ms)) if left_ms else None


def count_try(
    profile: Profile, officer_id: UUID, officer_ids: Collection[UUID], now: datetime
) -> TryCounted | LockedOut:
    """Count a try as wrong, synced to disk, before the password is looked at.

    Raises ``OSError`` when it cannot be written: then no try may be made.
    """
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        officer = file.officers.setdefault(officer_id, _Officer(0, 0, _ms(now), _ms(now)))
        _pass_time(officer, _ms(now))
        if officer.locked_left_ms:
            _save(profile, file)
            return LockedOut(_until(now, officer.locked_left_ms))
        officer.wrong += 1
        officer.locked_left_ms = lock_minutes(officer.wrong) * _MINUTE_MS
        officer.ever += 1
        officer.lock_outs += officer.locked_left_ms > 0
        officer.times_ms = [*officer.times_ms[1 - TIMES_KEPT :], _ms(now)]
        _save(profile, file)
        lock = LockedOut(_until(now, officer.locked_left_ms)) if officer.locked_left_ms else None
        return TryCounted(max(0, FREE_TRIES - officer.wrong), lock)


def take_back(
    profile: Profile, officer_id: UUID, officer_ids: Collection[UUID], now: datetime
) -> None:
    """The password was right: the try counted last was none, and the wrong ones are forgiven."""
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        officer = file.officers.get(officer_id)
        if officer is None:
            return
        if officer.times_ms:
            officer.times_ms.pop()
            officer.ever = max(0, officer.ever - 1)
            officer.lock_outs = max(0, officer.lock_outs - (officer.locked_left_ms > 0))
        officer.wrong = officer.locked_left_ms = 0
        _save(profile, file)


def end_lock(
    profile: Profile, officer_id: UUID, officer_ids: Collection[UUID], now: datetime
) -> None:
    """Forgive an officer's wrong tries: a supervisor or IT says so.

    In place of a damaged file one is written in which every other officer's tries are spent.
    """
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        officer = file.officers.get(officer_id)
        if officer is not None:
            officer.wrong = officer.locked_left_ms = 0
            _save(profile, file)


@dataclass(frozen=True, slots=True)
class Doing:
    """What is about to be done to the key slots, by whom, and to whose."""

    kind: DeedKind
    by: UUID
    whom: UUID


def note_deed(profile: Profile, doing: Doing, officer_ids: Collection[UUID], now: datetime) -> None:
    """Keep on disk, before it is done, what the audit chain is to hear. Raises ``OSError``."""
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        file.deed_number += 1
        deed = Deed(file.deed_number, doing.kind, doing.by, doing.whom, _ms(now))
        file.deeds.append(deed)
        _save(profile, file)


def load_ledger(profile: Profile, officer_ids: Collection[UUID], now: datetime) -> Ledger:
    """Return what the counter has to tell. Raises ``OSError``."""
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
    counts = {
        officer_id: Count(each.ever, each.lock_outs, tuple(each.times_ms))
        for officer_id, each in file.officers.items()
    }
    return Ledger(file.series, file.remade_ms, counts, tuple(file.deeds))


def forget_deeds(
    profile: Profile, up_to: int, officer_ids: Collection[UUID], now: datetime
) -> None:
    """Drop what the audit chain has heard by now."""
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        kept = [deed for deed in file.deeds if deed.number > up_to]
        if len(kept) != len(file.deeds):
            file.deeds = kept
            _save(profile, file)
