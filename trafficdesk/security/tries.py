"""Wrong tries per officer, counted on disk before a password is looked at.

Five wrong tries lock an officer out for 10 minutes; from then on each further wrong try locks for
twice as long, at most 24 hours. A try is counted and synced before it is verified, so killing the
program in between leaves it counted. What is left of a lock-out runs down by the time seen to go
by: a clock set back, and set right again, does not shorten it, nor does it lock anybody out for
years. (A clock set forward does shorten it: only the system's administrator can forbid that.) A
damaged or missing file counts as all tries spent, ten minutes from now, for every officer:
removing it gains nobody a fresh five tries.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably
from trafficdesk.security.folder_lock import holding

FREE_TRIES: Final = 5
FIRST_LOCK_MINUTES: Final = 10
MAX_LOCK_MINUTES: Final = 24 * 60
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


class _Officer(msgspec.Struct):
    wrong: int
    locked_left_ms: int = 0
    seen_ms: int = 0
    latest_ms: int = 0


class _File(msgspec.Struct):
    format: int
    officers: dict[UUID, _Officer]


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
    file = _File(1, {each: _Officer(FREE_TRIES, spent, now_ms, now_ms) for each in officer_ids})
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
        _save(profile, file)
        lock = LockedOut(_until(now, officer.locked_left_ms)) if officer.locked_left_ms else None
        return TryCounted(max(0, FREE_TRIES - officer.wrong), lock)


def clear(profile: Profile, officer_id: UUID, officer_ids: Collection[UUID], now: datetime) -> None:
    """Forget an officer's wrong tries: the password was right, or a supervisor or IT says so.

    In place of a damaged file one is written in which every other officer's tries are spent.
    """
    with holding(profile.folder):
        file = _load(profile, officer_ids, _ms(now))
        if file.officers.pop(officer_id, None) is not None:
            _save(profile, file)
