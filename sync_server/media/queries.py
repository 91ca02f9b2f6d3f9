"""Media as the database knows them: which record names one, what is stored, what is on its way."""

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, one
from sync_server.media.tus import Announced
from sync_server.sync.pages import AT_STATION, INCIDENT_SEEN, REPORT_SEEN, window_from_ms
from sync_server.sync.scope import Device

# The first condition is the index's own.
_NAMES: Final = "{0}.media <> '[]' AND {0}.media @> %(named)s::jsonb"
# A report's are its stations'; an incident's the whole city's, and those of all that were merged.
_MOST_OF_REPORT: Final = 10
_MOST_OF_INCIDENT: Final = 500  # more do not go into an operation
_NAMED: Final = f"""
(SELECT r.media, {_MOST_OF_REPORT} AS most FROM reports r
  WHERE r.city_id = %(city)s AND {_NAMES.format("r")} AND {AT_STATION.format("r")} LIMIT 100)
UNION ALL
(SELECT i.media, {_MOST_OF_INCIDENT} FROM incidents i
  WHERE i.city_id = %(city)s AND {_NAMES.format("i")} LIMIT 100)
"""
_SEEN: Final = f"""
SELECT m.city_id, m.mime, m.size_bytes FROM media m WHERE m.sha256 = %(sha256)s
AND (EXISTS (SELECT FROM reports r WHERE r.city_id = m.city_id AND {_NAMES.format("r")}
  AND {REPORT_SEEN.format("r")})
OR EXISTS (SELECT FROM incidents i WHERE i.city_id = m.city_id AND {_NAMES.format("i")}
  AND {INCIDENT_SEEN.format("i")}))
ORDER BY m.city_id
"""


def find_facts(
    connection: Connection, device: Device, city_id: UUID, sha256: str
) -> list[dict[str, Any]]:
    """Return what reports of the device's stations, and incidents, say of a file.

    Of a record's files so many count as it may have.
    """
    values = {**_named(device, sha256), "city": city_id}
    return [
        facts
        for row in connection.execute(_NAMED.encode(), values)
        for facts in row["media"][: row["most"]]
        if isinstance(facts, dict) and facts.get("sha256") == sha256
    ]


def find_seen(
    connection: Connection, device: Device, sha256: str, now_ms: int
) -> list[dict[str, Any]]:
    """Return where a file is stored that a record names which the device sees now."""
    values = {
        **_named(device, sha256),
        "sha256": sha256,
        "from_ms": window_from_ms(device, now_ms),
    }
    return connection.execute(_SEEN.encode(), values).fetchall()


def _named(device: Device, sha256: str) -> dict[str, Any]:
    return {
        "named": json.dumps([{"sha256": sha256}]),
        "stations": "{" + ",".join(sorted(device.station_ids)) + "}",
    }


def is_stored(connection: Connection, city_id: UUID, sha256: str) -> bool:
    """Tell whether a city has a file."""
    query = "SELECT 1 FROM media WHERE city_id = %s AND sha256 = %s"
    return one(connection, query, city_id, sha256) is not None


def put_media(connection: Connection, upload: dict[str, Any], mime: str) -> None:
    """Keep that a file is stored; whoever brought it first is kept as well."""
    connection.execute(
        "INSERT INTO media (tenant_id, city_id, sha256, size_bytes, mime, device_id) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (city_id, sha256) DO NOTHING",
        [
            upload["tenant_id"],
            upload["city_id"],
            upload["sha256"],
            upload["size_bytes"],
            mime,
            upload["device_id"],
        ],
    )


_PUT_UPLOAD: Final = """
INSERT INTO media_uploads AS u (tenant_id, city_id, id, device_id, sha256, size_bytes, expires_at)
VALUES (%(tenant_id)s, %(city_id)s, %(id)s, %(device_id)s, %(sha256)s, %(size_bytes)s,
  now() + %(lasts)s)
ON CONFLICT (city_id, device_id, sha256) DO UPDATE SET expires_at = excluded.expires_at,
  size_bytes = excluded.size_bytes,
  offset_bytes = CASE u.size_bytes WHEN excluded.size_bytes THEN u.offset_bytes ELSE 0 END,
  sealed_bytes = CASE u.size_bytes WHEN excluded.size_bytes THEN u.sealed_bytes ELSE 0 END
RETURNING *
"""


def put_upload(
    connection: Connection, device: Device, upload_id: UUID, file: Announced, lasts: timedelta
) -> dict[str, Any]:
    """Begin an upload, or return the one that the device has begun of this file."""
    values = {
        "tenant_id": device.tenant_id,
        "city_id": file.city_id,
        "id": upload_id,
        "device_id": device.id,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "lasts": lasts,
    }
    found = connection.execute(_PUT_UPLOAD, values).fetchone()
    if found is None:
        raise AssertionError("an upload is there once it was put")
    return found


def lock_upload(connection: Connection, upload_id: UUID, device_id: UUID) -> dict[str, Any] | None:
    """Return a device's upload; no other piece of it goes on until the transaction ends."""
    return one(
        connection,
        "SELECT * FROM media_uploads WHERE id = %s AND device_id = %s AND expires_at > now() "
        "FOR UPDATE",
        upload_id,
        device_id,
    )


def note_piece(
    connection: Connection, upload_id: UUID, at: tuple[int, int], lasts: timedelta
) -> dict[str, Any] | None:
    """Keep how far an upload has come: bytes of the file, and on the disk."""
    return one(
        connection,
        "UPDATE media_uploads SET offset_bytes = %s, sealed_bytes = %s, expires_at = now() + %s "
        "WHERE id = %s RETURNING *",
        *at,
        lasts,
        upload_id,
    )


def drop_upload(connection: Connection, upload_id: UUID) -> None:
    """Forget an upload."""
    connection.execute("DELETE FROM media_uploads WHERE id = %s", [upload_id])


def drop_expired(connection: Connection, most: int) -> list[dict[str, Any]]:
    """Forget some of the uploads that nobody went on with; return them."""
    return connection.execute(
        "DELETE FROM media_uploads WHERE id IN (SELECT id FROM media_uploads "
        "WHERE expires_at <= now() ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED) "
        "RETURNING city_id, id",
        [most],
    ).fetchall()
