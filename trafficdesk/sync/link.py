"""What this desk is to its server, and what it last heard: kept in the encrypted store."""

from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.store import sync_marks


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Made at enrolment. ``ca_pem`` pins a private authority; '' trusts the usual ones.

    ``server_sealing_key`` is what bundles are sealed to; empty if the server gave none.
    """

    base_url: str
    device_id: UUID
    tenant_id: UUID
    home_city_id: UUID
    home_station_id: UUID
    server_public_key: bytes
    server_sealing_key: bytes = b""
    ca_pem: str = ""
    proxy: str | None = None


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What the server last told: whose epoch and scope the cursors are of, and the next turn.

    ``refresh_token`` is that of ``user_id``, the officer who last signed in to the server here.
    ``station_ids`` are the stations of the scope, none for whole cities; ``is_scope_swept`` tells
    that nothing is left here of what an earlier scope held.
    ``unread`` names the fields and kinds of record that this program did not know (``unread.py``).
    ``own_upto`` is the number in a feed up to which this desk wants its own work told, too.
    ``it_public_key`` (base64) is station IT's, told when this desk was revoked.
    """

    turn: str
    epoch: UUID | None = None
    scope_id: UUID | None = None
    city_ids: tuple[UUID, ...] = ()
    station_ids: tuple[UUID, ...] = ()
    is_scope_swept: bool = True
    protocol: int = 0
    server_program: str = ""
    window_from_ms: int = 0
    refresh_token: str = ""
    user_id: UUID | None = None
    it_public_key: str = ""
    unread: tuple[str, ...] = ()
    own_upto: int = 0


def find_link(connection: Connection) -> Link | None:
    """Return what this desk is to its server; None for a desk on its own."""
    text = sync_marks.find_link(connection)
    return None if text is None else msgspec.json.decode(text, type=Link)


def as_facts(link: Link, marks: Marks) -> dict[str, str]:
    """Return what an enrolment brought as the facts that a new store is founded with."""
    return {
        sync_marks.LINK: msgspec.json.encode(link).decode(),
        sync_marks.MARKS: msgspec.json.encode(marks).decode(),
    }


def get_marks(connection: Connection) -> Marks:
    """Return what the server last told.

    Raises:
        LookupError: this desk is not enrolled.
    """
    text = sync_marks.find_marks(connection)
    if text is None:
        raise LookupError("this desk is not enrolled with any server")
    return msgspec.json.decode(text, type=Marks)


def find_cursors(connection: Connection) -> dict[UUID, int | None]:
    """Return the cities of the scope, each with the number that it was read to."""
    cities = get_marks(connection).city_ids
    return {city_id: sync_marks.cursor_of(connection, city_id) for city_id in cities}


def put_marks(connection: Connection, marks: Marks) -> None:
    """Write what the server last told."""
    sync_marks.put_marks(connection, msgspec.json.encode(marks).decode())
