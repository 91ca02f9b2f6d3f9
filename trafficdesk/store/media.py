"""Photos and videos of reports: what is known of them; the bytes lie sealed in the media folder."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Media, Place
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.store.rows import fetch_all
from trafficdesk.wire.media import MediaFacts


def insert(connection: Connection, report_pk: int, position: int, media: Media) -> None:
    """Write a file of a report; an id that another has already gives way to a new one.

    Else whoever names another report's files in a report of theirs would stop every desk.
    """
    place = media.place or (None, None)
    done = connection.exec_driver_sql(
        "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO NOTHING",
        (
            media.id.bytes,
            report_pk,
            position,
            media.sha256,
            media.kind,
            media.mime,
            media.size_bytes,
            media.width,
            media.height,
            None if media.taken_at is None else to_ms(media.taken_at),
            *place,
            media.sharpness,
            media.brightness,
            media.picture_hash,
        ),
    )
    if done.rowcount == 0:
        insert(connection, report_pk, position, replace(media, id=new_id()))


def find_known(connection: Connection, names: Collection[str]) -> set[str]:
    """Return which of these SHA-256 (hex) some report has, or are yet to be sent for one."""
    marks = ", ".join("?" * len(names))
    found = connection.exec_driver_sql(
        f"SELECT sha256 FROM media WHERE sha256 IN ({marks}) UNION SELECT sha256 "
        f"FROM media_transfers WHERE sha256 IN ({marks}) AND direction = 'up' "
        "AND state <> 'sent'",
        (*names, *names),
    )
    return {row[0] for row in found}


def find_of_report(connection: Connection, report_pk: int) -> list[Media]:
    """Return the files of a report in their order."""
    rows = connection.exec_driver_sql(
        "SELECT id, sha256, kind, mime, size_bytes, width, height, taken_ms, lon, lat, "
        "sharpness, brightness, picture_hash FROM media WHERE report_pk = ? ORDER BY position",
        (report_pk,),
    )
    return [
        Media(
            id=UUID(bytes=row[0]),
            sha256=row[1],
            kind=row[2],
            mime=row[3],
            size_bytes=row[4],
            width=row[5],
            height=row[6],
            taken_at=None if row[7] is None else from_ms(row[7]),
            place=None if row[8] is None else Place(row[8], row[9]),
            sharpness=row[10],
            brightness=row[11],
            picture_hash=row[12],
        )
        for row in rows
    ]


def as_facts(media: Media) -> MediaFacts:
    """Return what travels of a file beside its bytes."""
    lon, lat = media.place or (None, None)
    return MediaFacts(
        id=media.id,
        sha256=media.sha256,
        kind=media.kind,
        mime=media.mime,
        size_bytes=media.size_bytes,
        width=media.width,
        height=media.height,
        taken_ms=None if media.taken_at is None else to_ms(media.taken_at),
        lon=lon,
        lat=lat,
        sharpness=media.sharpness,
        brightness=media.brightness,
        picture_hash=media.picture_hash,
    )


def replace_all(connection: Connection, report_pk: int, listed: object) -> bool:
    """Make a report's files those of a list of facts, as JSON values; tell whether that changed.

    Raises:
        msgspec.ValidationError: the list holds something else.
    """
    wanted = [_from_facts(each) for each in msgspec.convert(listed, list[MediaFacts])]
    is_there = fetch_all(
        connection, "SELECT 1 FROM media WHERE report_pk = ? LIMIT 1", (report_pk,)
    )
    if not (wanted or is_there) or wanted == find_of_report(connection, report_pk):
        return False
    connection.exec_driver_sql("DELETE FROM media WHERE report_pk = ?", (report_pk,))
    for position, each in enumerate(wanted):
        insert(connection, report_pk, position, each)
    return True


def _from_facts(facts: MediaFacts) -> Media:
    has_place = facts.lon is not None and facts.lat is not None
    return Media(
        id=facts.id,
        sha256=facts.sha256,
        kind=facts.kind,
        mime=facts.mime,
        size_bytes=facts.size_bytes,
        width=facts.width,
        height=facts.height,
        taken_at=None if facts.taken_ms is None else from_ms(facts.taken_ms),
        place=Place(facts.lon or 0.0, facts.lat or 0.0) if has_place else None,
        sharpness=facts.sharpness,
        brightness=facts.brightness,
        picture_hash=facts.picture_hash,
    )
