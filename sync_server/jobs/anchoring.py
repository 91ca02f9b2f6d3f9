"""Where the histories stood when all was last found well, kept beside the keys.

A chain of hashes shows every change but that of somebody who computes the rest of it anew. Who has
only the database cannot reach this file, so that shows as well.
"""

import os
from pathlib import Path
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from sync_server.admin.operating import Checked
from sync_server.db.engine import Connection, Crossing, one, rows
from sync_server.server import Server

ANCHOR_FILE: Final = "histories.json"
WHAT: Final = "what stood at the last check stands as it was"
_FEEDS: Final = "SELECT city_id AS id, seq, encode(head_hash, 'hex') AS hash FROM feed_counters"
_CHAINS: Final = "SELECT chain AS id, seq, encode(hash, 'hex') AS hash FROM audit_heads"
_EVENT: Final = "SELECT encode(hash, 'hex') AS hash FROM events WHERE city_id = %s AND seq = %s"
_ENTRY: Final = "SELECT encode(hash, 'hex') AS hash FROM audit WHERE chain = %s AND seq = %s"

Heads = dict[UUID, tuple[int, str]]


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Number and hash (hex) of the newest entry of each history, in one epoch."""

    epoch: UUID
    feeds: Heads
    audit: Heads


def check_anchor(server: Server, *, is_well: bool) -> Checked:
    """Hold the histories against the last anchor; if all ``is_well``, this becomes the next one.

    A restored database is of another epoch: what it stood at before says nothing of it.
    """
    path = server.settings.keys_dir / ANCHOR_FILE
    try:
        before = msgspec.json.decode(path.read_bytes(), type=Anchor) if path.exists() else None
        with server.database.crossing(Crossing.OPERATOR) as connection:
            now = _read(connection)
            faults = _find_moved(connection, before) if before and before.epoch == now.epoch else []
        if is_well and not faults:
            _write(path, msgspec.json.encode(now))
    except (OSError, msgspec.DecodeError) as error:
        faults = [f"{path}: {error}"]
    return Checked(WHAT, not faults, "; ".join(faults))


def _read(connection: Connection) -> Anchor:
    state = one(connection, "SELECT epoch FROM server_state")
    if state is None:
        raise AssertionError("a migrated database has its state")
    return Anchor(
        epoch=state["epoch"], feeds=_heads(connection, _FEEDS), audit=_heads(connection, _CHAINS)
    )


def _heads(connection: Connection, query: LiteralString) -> Heads:
    return {row["id"]: (row["seq"], row["hash"]) for row in rows(connection, query)}


def _find_moved(connection: Connection, before: Anchor) -> list[str]:
    moved = []
    for heads, query in ((before.feeds, _EVENT), (before.audit, _ENTRY)):
        for history, (seq, digest) in heads.items():
            found = one(connection, query, history, seq) if seq else {"hash": digest}
            if found is None or found["hash"] != digest:
                moved.append(f"{history} up to {seq}")
    return moved


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
