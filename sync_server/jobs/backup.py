"""Backups: one file that PostgreSQL's programs read, and beside it what it must hold."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import dict_row

from sync_server.jobs.postgres import find_programs
from sync_server.problems import RefusedError
from sync_server.programs import run
from trafficdesk.wire.codes import Code

SUFFIX: Final = ".dump"
_PIECE_BYTES: Final = 1 << 20
_FORMAT: Final = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; written last, so that a file without it is not a whole one.

    ``heads`` is each city's number in its feed, ``server_key`` the public key that desks know this
    server by, in hex: the keys themselves are no part of a backup.
    """

    format: int
    made_at: datetime
    schema: str
    epoch: UUID
    heads: dict[str, int]
    server_key: str
    size_bytes: int
    sha256: str


def manifest_path(dump: Path) -> Path:
    """Return where the manifest of a dump lies."""
    return dump.with_name(dump.name + ".json")


def make_backup(url: str, folder: Path, server_key: bytes) -> tuple[Path, Manifest]:
    """Write the database as it stands at this instant, with desks at work, and return the dump.

    Raises ``RefusedError``; a dump that is left then has no manifest, and no restore takes it.
    """
    at = datetime.now(UTC).replace(microsecond=0)
    dump = folder / f"trafficdesk-{at:%Y%m%dT%H%M%SZ}{SUFFIX}"
    part = dump.with_name(dump.name + ".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if dump.exists():
            raise RefusedError(Code.TAKEN, f"{dump} is there already.")
        with _snapshot(url) as (facts, snapshot, server_version):
            _dump(url, server_version, snapshot, part)
        size_bytes, sha256 = measure(part)
        manifest = Manifest(
            format=_FORMAT,
            made_at=at,
            server_key=server_key.hex(),
            size_bytes=size_bytes,
            sha256=sha256,
            **facts,
        )
        _sync(part)
        part.rename(dump)
        _write(manifest_path(dump), msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    except OSError as error:
        raise RefusedError(Code.FAULT, f"{folder}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return dump, manifest


def measure(file: Path) -> tuple[int, str]:
    """Return a file's size and SHA-256."""
    digest = hashlib.sha256()
    size_bytes = 0
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            digest.update(piece)
            size_bytes += len(piece)
    return size_bytes, digest.hexdigest()


def read_manifest(dump: Path) -> Manifest:
    """Return the manifest of a backup that is whole. Raises ``RefusedError`` for any other."""
    path = manifest_path(dump)
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        found = measure(dump)
    except FileNotFoundError as error:
        missing = Path(error.filename)
        hint = " It is written last: the backup is not whole." if missing == path else ""
        raise RefusedError(Code.NOT_FOUND, f"{missing} is missing.{hint}") from error
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{dump}: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{path} is not understood: {error}.") from error
    if manifest.format != _FORMAT:
        raise RefusedError(Code.UPGRADE_NEEDED, f"{dump} was made by a newer sync-server.")
    if found != (manifest.size_bytes, manifest.sha256):
        told = f"{found[0]} of {manifest.size_bytes} bytes"
        why = told if found[0] != manifest.size_bytes else "its content was changed"
        raise RefusedError(Code.BAD_REQUEST, f"{dump} is not the file that was written: {why}.")
    return manifest


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Hold one instant of the database: yield its facts, its name, and the server's version."""
    with (
        psycopg.connect(url, row_factory=dict_row) as connection,
        connection.transaction(),
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = connection.execute(
            "SELECT (SELECT version_num FROM alembic_version) AS schema, s.epoch, "
            "(SELECT coalesce(jsonb_object_agg(city_id, seq), '{}') FROM feed_counters) AS heads, "
            "pg_export_snapshot() AS snapshot FROM server_state s"
        ).fetchone()
        if found is None:
            raise RefusedError(Code.UNAVAILABLE, "The database has lost its state.")
        yield found, found.pop("snapshot"), connection.info.server_version


def _dump(url: str, server_version: int, snapshot: str, target: Path) -> None:
    programs = find_programs(url, server_version)
    # Without the extension, which only a superuser could make again; where it belongs is the
    # restoring owner's matter.
    line = programs.command(
        "pg_dump",
        "--format=custom",
        "--no-password",
        "--no-owner",
        "--schema=public",
        f"--snapshot={snapshot}",
        f"--file={target.absolute()}",
    )
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    done = run(*line, environment=programs.environment)
    if done.code != 0:
        said = (done.err.strip().splitlines() or [""])[0]
        raise RefusedError(Code.FAULT, f"The backup was not made: {said}")


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        _sync(part)
        part.rename(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # some systems sync no folders
            os.fsync(handle)
    finally:
        os.close(handle)
