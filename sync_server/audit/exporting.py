"""The audit's chains written out as JSON lines, and such a file proved without this server.

The first line names the format and where each chain stood; each further line is an entry, a
chain's in their order. An entry's ``hash`` follows from it and from the one before it
(``service.chained``), so whoever has the file can compute all of them.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

import msgspec

from sync_server.audit import service
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.codes import Code

FORMAT: Final = "trafficdesk-server-audit/1"
# What reading a line raises that somebody else wrote.
_NO_ENTRY: Final = (
    msgspec.DecodeError,
    TypeError,
    KeyError,
    ValueError,
    AttributeError,
    RecursionError,
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where a chain stood: the number and the hash (hex) of its newest entry."""

    seq: int
    hash: str


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of an export."""

    format: str
    made_ms: int
    chains: dict[UUID, Head]


@dataclass(frozen=True, slots=True)
class Proof:
    """How many entries each chain has; ``faults`` are chains with the first wrong number."""

    lengths: dict[UUID, int]
    faults: list[service.ChainFault] = field(default_factory=list)


def prove(server: Server) -> Proof:
    """Walk every chain of the database."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        lengths = {chain: seq for chain, (seq, _) in service.heads(connection).items()}
        return Proof(lengths, service.verify(connection))


def export(server: Server, path: Path) -> Proof:
    """Write every chain to a new file, for its owner alone; it appears whole or not at all.

    The export itself is the newest entry of the server's own chain. Raises ``RefusedError``.
    """
    try:
        if path.exists():
            raise FileExistsError(17, "It exists already", str(path))
        # In a folder that others write to, its name must be none at which they wait for it.
        handle, made = tempfile.mkstemp(".part", f".{path.name}.", path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                lengths = _write(file, server)
                file.flush()
                os.fsync(file.fileno())
            Path(made).rename(path)
        finally:
            Path(made).unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{path}: {error.strerror}.") from error
    return Proof(lengths)


def _write(file: BinaryIO, server: Server) -> dict[UUID, int]:
    with server.database.crossing(Crossing.OPERATOR) as connection:
        service.append(connection, service.Deed(action="audit.exported"))
    with server.database.crossing(Crossing.OPERATOR) as connection:
        return _write_chains(file, connection)


def _write_chains(file: BinaryIO, connection: Connection) -> dict[UUID, int]:
    heads = service.heads(connection)
    chains = {chain: Head(seq=seq, hash=digest.hex()) for chain, (seq, digest) in heads.items()}
    file.write(_line(Title(format=FORMAT, made_ms=to_ms(utc_now()), chains=chains)))
    for chain, head in chains.items():
        for entry in service.walk(connection, chain):
            if entry["seq"] <= head.seq:  # the others go on writing
                file.write(_line({**entry, "hash": bytes(entry["hash"]).hex()}))
    return {chain: head.seq for chain, head in chains.items()}


def _line(content: object) -> bytes:
    return msgspec.json.encode(content) + b"\n"


def prove_file(path: Path) -> Proof:
    """Compute every hash of an export, up to where it says that its chains stood.

    Raises ``RefusedError``: the file is no export.
    """
    try:
        with path.open("rb") as file:
            title = msgspec.json.decode(file.readline(), type=Title)
            if title.format != FORMAT:
                raise RefusedError(Code.BAD_REQUEST, f"{path}: not of the format {FORMAT}.")
            return _prove_lines(title, map(msgspec.json.decode, file))
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{path}: {error.strerror}.") from error
    except _NO_ENTRY as error:
        raise RefusedError(Code.BAD_REQUEST, f"{path}: a line of it is no entry.") from error


def _prove_lines(title: Title, lines: Iterator[dict[str, Any]]) -> Proof:
    stood = dict.fromkeys(title.chains, (0, b""))
    broken = dict[UUID, int]()
    for entry in lines:
        chain = UUID(entry["chain"])
        seq, before = stood.get(chain, (0, b""))
        digest = service.chained(before, entry)
        if entry["seq"] != seq + 1 or entry["hash"] != digest.hex():
            broken.setdefault(chain, seq + 1)
        stood[chain] = seq + 1, digest
    for chain, (seq, digest) in stood.items():
        if title.chains.get(chain) != Head(seq=seq, hash=digest.hex()):
            broken.setdefault(chain, seq + 1)
    faults = [service.ChainFault(chain, seq) for chain, seq in sorted(broken.items())]
    return Proof({chain: seq for chain, (seq, _) in stood.items()}, faults)
