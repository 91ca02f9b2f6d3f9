"""Operations as they are kept, on their way to the server by the thousand."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store.history import Operation, operation_of


class Outgoing(NamedTuple):
    """An operation on its way, as it is kept: ``row`` holds ``history.OPERATION_COLUMNS``.

    Of thousands only what settles them is read; ``changes`` are decoded when they are asked for.
    """

    seq: int
    op_id: UUID
    entity: Entity
    entity_id: UUID
    action: str
    row: tuple[Any, ...]

    @property
    def operation(self) -> Operation:
        """The operation itself."""
        return operation_of(self.row)

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What it changes."""
        return self.operation.changes


def outgoing_of(rows: Sequence[tuple[Any, ...]]) -> list[Outgoing]:
    """Return operations from their sequence numbers and ``history.OPERATION_COLUMNS``."""
    return [
        Outgoing(row[0], UUID(bytes=row[1]), Entity(row[3]), UUID(bytes=row[4]), row[5], row[1:])
        for row in rows
    ]
