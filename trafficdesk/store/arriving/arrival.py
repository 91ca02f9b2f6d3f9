"""What arrives: one record of the server's, with this desk's own work replayed on it."""

from collections.abc import Mapping
from typing import NamedTuple, cast
from uuid import UUID

from trafficdesk.domain.vocabulary import Entity, SyncState


class Arrival(NamedTuple):
    """A record; ``row`` maps the fields of ``wire.fields`` to JSON values.

    ``sync_state`` tells whether unsettled work of this desk is in the row.
    """

    entity: Entity
    id: UUID
    version: int
    row: Mapping[str, object]
    sync_state: SyncState = SyncState.CONFIRMED

    def text(self, field: str) -> str:
        """Return a text, '' for null or missing."""
        value = self.row.get(field)
        return "" if value is None else str(value)

    def id_bytes(self, field: str) -> bytes | None:
        """Return an id as the store keeps it."""
        value = self.row.get(field)
        return None if value is None else UUID(str(value)).bytes

    def whole(self, field: str) -> int | None:
        """Return a whole number; booleans become 0 and 1."""
        value = self.row.get(field)
        return None if value is None else int(cast("int", value))

    def number(self, field: str) -> float:
        """Return a number; null counts as 0."""
        return float(cast("float", self.row.get(field) or 0.0))
