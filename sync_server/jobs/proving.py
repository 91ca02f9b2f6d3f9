"""Whether photos are there, each with its digest: on the server, and in a backup."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from psycopg.rows import tuple_row

from sync_server.admin.operating import Checked
from sync_server.db.engine import Crossing
from sync_server.jobs import manifest as made
from sync_server.jobs.manifest import Listed, Manifest
from sync_server.jobs.photos import Photo, find_damaged, find_wrong
from sync_server.jobs.sealed_keys import open_keys
from sync_server.keys import MEDIA_FILE, media_key
from sync_server.media.folder import MediaFolder
from sync_server.media.service import folder_of
from sync_server.server import Server

_TOLD: Final = 5
_RECEIVED: Final = "SELECT city_id, sha256, size_bytes FROM media ORDER BY city_id, sha256"
_NOT_RECEIVED: Final = """
SELECT count(*) FROM (
  SELECT r.city_id, file ->> 'sha256' AS sha256
  FROM reports r, jsonb_array_elements(r.media) AS file WHERE r.media <> '[]'
  UNION SELECT i.city_id, file ->> 'sha256'
  FROM incidents i, jsonb_array_elements(i.media) AS file WHERE i.media <> '[]'
) named WHERE NOT EXISTS
  (SELECT FROM media m WHERE m.city_id = named.city_id AND m.sha256 = named.sha256)
"""


def check_photos(server: Server, *, quick: bool) -> list[Checked]:
    """Look whether every photo that was ever received is there; read it unless ``quick``."""
    with (
        server.database.crossing(Crossing.OPERATOR) as connection,
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        received = [Photo(*row) for row in cursor.execute(_RECEIVED)]
        (waiting,) = cursor.execute(_NOT_RECEIVED).fetchone() or (0,)
    wrong = find_wrong(received, folder_of(server), quick=quick)
    how = "there" if quick else "there with its digest"
    return [
        Checked(
            f"every one of {len(received)} photos received is {how}; {waiting} that records name "
            "have yet to come",
            not wrong,
            _some(wrong),
        )
    ]


def check_backup(backup: Path, it_key: bytes = b"") -> tuple[Manifest, list[Checked]]:
    """Look whether a backup is whole; with station IT's key, whether it opens, too.

    Raises ``RefusedError`` if it is none, or its own files are not those that were written.
    """
    manifest = made.read_manifest(backup)
    photos = list(made.read_photos(backup))
    done = [Checked("the database and the list of photos are as they were written", ok=True)]
    if it_key and manifest.keys_sealed_to:
        keys = open_keys((backup / made.KEYS).read_bytes(), it_key, manifest.keys_sealed_to)
        done.append(Checked("the keys open", ok=True))
        pool = MediaFolder(made.pool_of(backup), media_key(keys[MEDIA_FILE]), 0)
        wrong = find_wrong(_photos(photos), pool, quick=False)
        what = f"every one of {len(photos)} photos opens and has its digest"
    else:
        wrong = find_damaged(photos, MediaFolder(made.pool_of(backup), b"", 0))
        what = f"every one of {len(photos)} photos is as it was written"
    done.append(Checked(what, not wrong, _some(wrong)))
    missed = manifest.photos_missing
    seen = f"{missed} were missing or damaged on the server when the backup was made"
    done.append(
        Checked("the backup has every photo that the server had received", not missed, seen)
    )
    return manifest, done


def _photos(listed: Iterable[Listed]) -> list[Photo]:
    return [Photo(each.city_id, each.sha256, each.size_bytes) for each in listed]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more
