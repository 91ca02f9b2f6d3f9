"""Photos and videos of reports and incidents: what is known of them.

The bytes lie sealed in the media folder.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Media, Place
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.store.rows import fetch_all
from trafficdesk.wire.media import MediaFacts

_FACTS: Final = (
    "sha256, kind, mime, size_bytes, width, height, taken_ms, lon, lat, sharpness, brightness"
    ", picture_hash"
)


class Owner(NamedTuple):
    """Whose a file is: the column that names the record, and its number."""

    column: str
    pk: int


def of_report(pk: int) -> Owner:
    """Return a report as the owner of files."""
    return Owner("report_pk", pk)


def of_incident(pk: int) -> Owner:
    """Return an incident as the owner of files."""
    return Owner("incident_pk", pk)


def insert(connection: Connection, owner: Owner, position: int, media: Media) -> None:
    """Write a file of a record; an id that another has already gives way to a new one.

    Else whoever names another record's files in one of theirs would stop every desk. What two
    incidents were told of, the one that stays names as well.
    """
    place = media.place or (None, None)
    done = connection.exec_driver_sql(
        f"INSERT INTO media (id, {owner.column}, position, {_FACTS}) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            media.id.bytes,
            owner.pk,
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
        insert(connection, owner, position, replace(media, id=new_id()))


def find_known(connection: Connection, names: Collection[str]) -> set[str]:
    """Return which of these SHA-256 (hex) some record has, or are yet to be sent for one."""
    marks = ", ".join("?" * len(names))
    found = connection.exec_driver_sql(
        f"SELECT sha256 FROM media WHERE sha256 IN ({marks}) UNION SELECT sha256 "
        f"FROM media_transfers WHERE sha256 IN ({marks}) AND direction = 'up' "
        "AND state <> 'sent'",
        (*names, *names),
    )
    return {row[0] for row in found}


def find_of_report(connection: Connection, pk: int) -> list[Media]:
    """Return the files of a report in their order."""
    return find_of(connection, of_report(pk))


def find_of(connection: Connection, owner: Owner) -> list[Media]:
    """Return the files of a record in their order."""
    rows = connection.exec_driver_sql(
        f"SELECT id, {_FACTS} FROM media WHERE {owner.column} = ? ORDER BY position",
        (owner.pk,),
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


def as_listed(photos: Sequence[Media]) -> list[dict[str, object]]:
    """Return what a record's field says of its files, as JSON values."""
    return [msgspec.to_builtins(as_facts(photo)) for photo in photos]


def without_twins(listed: Iterable[object]) -> list[object]:
    """Return each file of a record's field once, however many filed it."""
    once = dict[object, object]()
    for each in listed:
        once.setdefault(each["sha256"] if isinstance(each, dict) else each, each)
    return list(once.values())


def replace_all(connection: Connection, owner: Owner, listed: object) -> bool:
    """Make a record's files those of a list of facts, as JSON values; tell whether that changed.

    Raises:
        msgspec.ValidationError: the list holds something else.
    """
    wanted = [_from_facts(each) for each in msgspec.convert(listed, list[MediaFacts])]
    is_there = fetch_all(
        connection, f"SELECT 1 FROM media WHERE {owner.column} = ? LIMIT 1", (owner.pk,)
    )
    if not (wanted or is_there) or wanted == find_of(connection, owner):
        return False
    connection.exec_driver_sql(f"DELETE FROM media WHERE {owner.column} = ?", (owner.pk,))
    for position, each in enumerate(wanted):
        insert(connection, owner, position, each)
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
