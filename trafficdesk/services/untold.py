"""Decisions that could not be written while the desk was locked: told at the next unlocking.

Kept beside the store, which may be what failed; numbers of reports alone, by officer.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably
from trafficdesk.services.session import Session
from trafficdesk.store import reports

_MOST_NAMED: Final = 5
_Left = dict[UUID, list[int]]


class Untold(msgspec.Struct, frozen=True):
    """How many decisions were not written, and references of some of their reports."""

    count: int
    references: tuple[str, ...]


class UntoldFile:
    """Used by the writer's lane alone. What the disk does not take is kept until the end."""

    def __init__(self, profile: Profile) -> None:
        self._path = profile.untold
        self._left: _Left = {}

    def keep(self, officer_id: UUID, pks: Iterable[int]) -> None:
        """Keep what an officer has to be told."""
        left = self._load()
        left.setdefault(officer_id, []).extend(pks)
        self._save(left)

    def find(self, session: Session) -> Untold | None:
        """Return what the officer who unlocked has to be told."""
        pks = self._load().get(session.officer.id)
        if not pks:
            return None
        with session.store.reading() as connection:
            found = [reports.find(connection, pk) for pk in pks[:_MOST_NAMED]]
        return Untold(len(pks), tuple(each.reference for each in found if each is not None))

    def forget(self, officer_id: UUID) -> None:
        """They were told."""
        left = self._load()
        left.pop(officer_id, None)
        self._save(left)

    def _load(self) -> _Left:
        if self._left:
            return self._left
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Left)
        except (OSError, msgspec.DecodeError):
            return {}

    def _save(self, left: _Left) -> None:
        try:
            if left:
                write_durably(self._path, msgspec.json.encode(left))
            else:
                self._path.unlink(missing_ok=True)
        except OSError:
            self._left = left
        else:
            self._left = {}
