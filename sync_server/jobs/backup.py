"""Backups: the database at one instant, its photos and its keys, whole or under another name."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row, tuple_row

from sync_server.audit import service as audit
from sync_server.jobs import manifest as made
from sync_server.jobs.manifest import Listed, Manifest
from sync_server.jobs.photos import Brought, Photo, bring_photos, check_room
from sync_server.jobs.postgres import find_programs
from sync_server.jobs.sealed_keys import marks_of, seal_keys
from sync_server.keys import ServerKeys, load_keys
from sync_server.media.folder import MediaFolder
from sync_server.problems import RefusedError
from sync_server.programs import run
from sync_server.settings import Settings
from trafficdesk.wire.codes import Code

_FACTS: Final = """
SELECT (SELECT version_num FROM alembic_version) AS schema, s.epoch,
  (SELECT coalesce(jsonb_object_agg(city_id, seq), '{}') FROM feed_counters) AS heads,
  pg_export_snapshot() AS snapshot FROM server_state s
"""
_PHOTOS: Final = "SELECT city_id, sha256, size_bytes FROM media ORDER BY city_id, sha256"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it was made, and how long its parts took."""

    path: Path
    manifest: Manifest
    photos: Brought
    database_s: float
    photos_s: float


@dataclass(frozen=True, slots=True)
class _Instant:
    facts: dict[str, Any]
    photos: list[Photo]


def make_backup(settings: Settings, folder: Path) -> Backup:
    """Write the server as it stands at this instant, with desks at work.

    What breaks off, or is killed, leaves a folder that ends in ``.making``, which the next backup
    clears away. Raises ``RefusedError`` or ``KeysError``.
    """
    keys = load_keys(settings.keys_dir)
    at = datetime.now(UTC).replace(microsecond=0)
    try:
        with _making(folder, f"{made.PREFIX}{at:%Y%m%dT%H%M%SZ}") as (making, place):
            started_s = time.monotonic()
            instant = _dump_database(settings.database_url, making / made.DUMP)
            dumped_s = time.monotonic()
            photos = _bring(settings, keys, folder, instant.photos)
            brought_s = time.monotonic()
            made.write_photos(making / made.PHOTOS, photos.listed)
            if settings.it_public_key:
                made.write(making / made.KEYS, seal_keys(settings.keys_dir, settings.it_public_key))
            whole = _Whole(at, instant, photos, making)
            manifest = _manifest(settings, keys, whole)
            made.write_manifest(making, manifest)
            _note(settings.database_url, manifest)
    except OSError as error:
        raise RefusedError(Code.FAULT, f"{folder}: {error.strerror}.") from error
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("UPDATE server_state SET backed_up_at = now()")
    return Backup(place, manifest, photos, dumped_s - started_s, brought_s - dumped_s)


def _note(url: str, manifest: Manifest) -> None:
    """Note that all personal data were copied, before the backup has its name."""
    detail = {"made_at": manifest.made_at.isoformat(), "photos": manifest.photos}
    with psycopg.connect(url, row_factory=dict_row) as connection:
        audit.append(connection, audit.Deed(action="server.backed_up", detail=detail))


def drop_older(folder: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest so many; the photos of all stay. Returns what went."""
    old = _whole(folder)[:-keep]
    for backup in old:
        (backup / made.MANIFEST).unlink()  # from here on it is none
        shutil.rmtree(backup)
    return old


def _whole(folder: Path) -> list[Path]:
    """Return the backups of a folder, the oldest first."""
    found = folder.glob(f"{made.PREFIX}*/{made.MANIFEST}")
    return sorted(path.parent for path in found if not path.parent.name.endswith(made.MAKING))


@contextmanager
def _making(folder: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """Give a folder to fill and the place that it takes at the end; one backup at a time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            detail = f"Another backup into {folder} is under way."
            raise RefusedError(Code.TAKEN, detail) from None
        for left in folder.glob(f"{made.PREFIX}*{made.MAKING}"):
            shutil.rmtree(left)
        making, place = folder / (name + made.MAKING), folder / name
        if place.exists():
            raise RefusedError(Code.TAKEN, f"{place} is there already.")
        making.mkdir(mode=0o700)
        try:
            yield making, place
            made.sync(making)
            making.rename(place)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        made.sync(folder)
    finally:
        os.close(held)


def _dump_database(url: str, target: Path) -> _Instant:
    """Write the dump; return what the database says of itself at the dump's own instant."""
    with (
        psycopg.connect(url, row_factory=dict_row) as connection,
        connection.transaction(),
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        facts = connection.execute(_FACTS).fetchone()
        if facts is None:
            raise RefusedError(Code.UNAVAILABLE, "The database has lost its state.")
        _dump(url, connection.info.server_version, facts.pop("snapshot"), target)
        with connection.cursor(row_factory=tuple_row) as cursor:
            photos = [Photo(*row) for row in cursor.execute(_PHOTOS)]
    made.sync(target)
    return _Instant(facts, photos)


def _dump(url: str, server_version: int, snapshot: str, target: Path) -> None:
    programs = find_programs(url, server_version)
    # Without the extension and its table, which only a superuser could write again; where it
    # belongs is the restoring owner's matter.
    line = programs.command(
        "pg_dump",
        "--format=custom",
        "--no-password",
        "--no-owner",
        "--schema=public",
        "--exclude-table=spatial_ref_sys",
        f"--snapshot={snapshot}",
        f"--file={target.absolute()}",
    )
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    done = run(*line, environment=programs.environment)
    if done.code != 0:
        said = (done.err.strip().splitlines() or [""])[0]
        raise RefusedError(Code.FAULT, f"The backup was not made: {said}")


def _bring(settings: Settings, keys: ServerKeys, folder: Path, photos: list[Photo]) -> Brought:
    pool = MediaFolder(folder / made.POOL, keys.media, 0)
    known = dict[str, Listed]()
    if whole := _whole(folder):
        listed = made.read_photos(whole[-1])
        known = {f"{each.city_id}/{each.sha256}": each for each in listed}
    lacking = (photo for photo in photos if not pool.has(photo.city_id, photo.sha256))
    check_room(folder, sum(photo.size_bytes for photo in lacking))
    source = MediaFolder(settings.media_dir, keys.media, 0)
    return bring_photos(photos, source, pool, known)


@dataclass(frozen=True, slots=True)
class _Whole:
    at: datetime
    instant: _Instant
    photos: Brought
    folder: Path


def _manifest(settings: Settings, keys: ServerKeys, whole: _Whole) -> Manifest:
    listed = whole.photos.listed
    return Manifest(
        format=made.FORMAT,
        made_at=whole.at,
        server_key=keys.public_key.hex(),
        key_marks=marks_of(settings.keys_dir),
        keys_sealed_to=settings.it_public_key,
        parts={file.name: made.measure(file) for file in sorted(whole.folder.iterdir())},
        photos=len(listed),
        photo_bytes=sum(each.sealed.size_bytes for each in listed),
        photos_missing=len(whole.photos.missing),
        **whole.instant.facts,
    )
