"""What of the server's records this program does not know yet: read once a later one does."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from sqlalchemy import Connection

from trafficdesk.sync import link
from trafficdesk.wire.exchange import Record
from trafficdesk.wire.fields import FIELDS

_FIELDS: Final = {str(entity): fields for entity, fields in FIELDS.items()}
_MOST: Final = 1_000  # a server that names ever new fields fills no store


def note(connection: Connection, records: Iterable[Record]) -> None:
    """Keep which fields and kinds of record were passed over because nobody here knows them."""
    found = {name for record in records for name in _unknown(record)}
    if not found:
        return
    marks = link.get_marks(connection)
    unread = tuple(sorted(found.union(marks.unread))[:_MOST])
    if unread != marks.unread:
        link.put_marks(connection, msgspec.structs.replace(marks, unread=unread))


def _unknown(record: Record) -> Iterator[str]:
    fields = _FIELDS.get(record.entity)
    if fields is None:
        yield record.entity
    elif not record.row.keys() <= fields.keys():
        yield from (f"{record.entity}.{field}" for field in record.row.keys() - fields.keys())


def still_unknown(unread: Iterable[str]) -> tuple[str, ...]:
    """Return what of it even this program does not know."""
    return tuple(name for name in unread if not _is_known(name))


def _is_known(name: str) -> bool:
    entity, _, field = name.partition(".")
    fields = _FIELDS.get(entity)
    return fields is not None and (not field or field in fields)
