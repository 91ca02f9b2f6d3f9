"""The bundles this desk asked with: their numbers, and the keys that open the answers."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.store import facts

_FACT: Final = "bundle_requests"
_KEPT: Final = 32


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request bundle; ``private_key`` opens its answer and is empty once that is in.

    ``epoch`` and ``scope_id`` are what the desk was of when it asked.
    """

    number: int
    bundle_id: UUID
    receiver: bytes
    private_key: bytes
    epoch: UUID | None
    scope_id: UUID | None


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """The latest requests, the newest last, and the number of the newest that was answered."""

    last_number: int = 0
    answered_number: int = 0
    asked: tuple[Asked, ...] = ()

    def find(self, receiver: bytes) -> Asked | None:
        """Return the request whose answer is sealed to a receiver's mark."""
        return next((each for each in self.asked if each.receiver == receiver), None)


def get(connection: Connection) -> Requests:
    """Return what this desk asked so far."""
    text = facts.find(connection, _FACT)
    return Requests() if text is None else msgspec.json.decode(text, type=Requests)


def note_asked(connection: Connection, requests: Requests, asked: Asked) -> None:
    """Keep a request before its bundle leaves the desk."""
    kept = (*requests.asked, asked)[-_KEPT:]
    _put(connection, msgspec.structs.replace(requests, last_number=asked.number, asked=kept))


def note_answered(connection: Connection, number: int) -> None:
    """Keep that a request was answered, and forget the keys of it and of older ones."""
    requests = get(connection)
    kept = tuple(
        msgspec.structs.replace(each, private_key=b"") if each.number <= number else each
        for each in requests.asked
    )
    _put(connection, msgspec.structs.replace(requests, answered_number=number, asked=kept))


def forget(connection: Connection) -> None:
    """Forget what an earlier device asked: this one's numbers begin anew."""
    _put(connection, Requests())


def _put(connection: Connection, requests: Requests) -> None:
    facts.put(connection, _FACT, msgspec.json.encode(requests).decode())
