"""Putting a backup back: whole or not at all, and told to every desk by a new epoch."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from sync_server.audit import service as audit
from sync_server.db.engine import Crossing, Database
from sync_server.db.migrate import migrate, newest
from sync_server.jobs import manifest as made
from sync_server.jobs.manifest import Manifest, read_manifest
from sync_server.jobs.photos import Brought, check_room, put_back
from sync_server.jobs.postgres import Programs, find_programs
from sync_server.jobs.pouring import OUR_TABLES, pour
from sync_server.jobs.sealed_keys import marks_of, open_keys, put_keys
from sync_server.keys import FILES, MEDIA_FILE, load_keys
from sync_server.media.folder import MediaFolder
from sync_server.problems import RefusedError
from sync_server.settings import Settings
from trafficdesk.wire.codes import Code

_LEAVING_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, the schema that it has now, and the keys' files that were made."""

    manifest: Manifest
    schema: str
    photos: Brought
    keys_made: list[Path]


def restore_backup(
    settings: Settings, backup: Path, *, replace: bool, it_key: bytes = b""
) -> Restored:
    """Put a backup into an empty database, or with ``replace`` in place of what is there.

    Keys and photos come first and only add to what there is; the database comes last, in one
    transaction. So whatever fails, and a kill as well, leaves the database as it was, and the
    same command goes on where it was cut short.

    Raises ``RefusedError``: the backup is not whole or too new, the keys are others or missing,
    the database is not empty, or somebody works on it. Raises ``KeysError``.
    """
    manifest = read_manifest(backup)
    if manifest.schema > newest():
        raise RefusedError(Code.UPGRADE_NEEDED, f"{backup} was made by a newer sync-server.")
    programs = _look_at_database(settings.database_url, replace=replace)
    keys_made = _put_keys(settings, backup, manifest, it_key)
    photos = _put_photos(settings, backup)
    pour(programs, backup / made.DUMP, replace=replace)
    return Restored(manifest, migrate(settings.database_url).after or "", photos, keys_made)


def _look_at_database(url: str, *, replace: bool) -> Programs:
    with psycopg.connect(url, autocommit=True) as connection:
        _refuse_company(connection)
        if not replace and connection.execute(OUR_TABLES).fetchone():
            raise RefusedError(
                Code.TAKEN, "The database is not empty: with --replace all in it is given up."
            )
        return find_programs(url, connection.info.server_version)


def _put_keys(settings: Settings, backup: Path, manifest: Manifest, it_key: bytes) -> list[Path]:
    """See that the keys are there that the backup needs."""
    keys_made: list[Path] = []
    if it_key:
        if not manifest.keys_sealed_to:
            detail = "The backup holds no keys: copy them to their place from where they are kept."
            raise RefusedError(Code.NOT_FOUND, detail)
        keys = open_keys((backup / made.KEYS).read_bytes(), it_key, manifest.keys_sealed_to)
        keys_made = put_keys(settings.keys_dir, keys)
    present = marks_of(settings.keys_dir)
    if missing := [name for name in FILES if name not in present]:
        detail = (
            f"{settings.keys_dir} lacks {', '.join(missing)}: copy the keys there from where they "
            "are kept, or have the backup's own opened with --it-key."
        )
        raise RefusedError(Code.NOT_FOUND, detail)
    if manifest.photos and present[MEDIA_FILE] != manifest.key_marks[MEDIA_FILE]:
        detail = (
            f"{settings.keys_dir / MEDIA_FILE} is another key than the one the backup's photos "
            "are sealed with: put that one in its place."
        )
        raise RefusedError(Code.TAKEN, detail)
    return keys_made


def _put_photos(settings: Settings, backup: Path) -> Brought:
    key = load_keys(settings.keys_dir).media
    target = MediaFolder(settings.media_dir, key, 0)
    try:
        lacking = (
            each.sealed.size_bytes
            for each in made.read_photos(backup)
            if not target.has(each.city_id, each.sha256)
        )
        check_room(settings.media_dir, sum(lacking))
        settings.media_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        pool = MediaFolder(made.pool_of(backup), key, 0)
        return put_back(made.read_photos(backup), pool, target)
    except OSError as error:
        raise RefusedError(Code.FAULT, f"{settings.media_dir}: {error.strerror}.") from error


def note_restored(database: Database, restored: Restored) -> None:
    """Write into the audit that this database was put back from a backup."""
    manifest = restored.manifest
    deed = audit.Deed(
        action="server.restored",
        detail={"made_at": manifest.made_at.isoformat(), "epoch": str(manifest.epoch)},
    )
    with database.crossing(Crossing.OPERATOR) as connection:
        audit.append(connection, deed)


def _refuse_company(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Refuse while others are connected; those of a server that has just ended take a moment."""
    deadline_s = time.monotonic() + _LEAVING_S
    while others := _count_others(connection):
        if time.monotonic() > deadline_s:
            raise RefusedError(
                Code.TAKEN, f"Stop every sync-server first: {others} connections are open."
            )
        time.sleep(0.05)


def _count_others(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchone()
    return int(str(found[0])) if found else 0
