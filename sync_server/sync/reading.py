"""Everything that a batch is weighed against, locked and read: asked for at once, then taken."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sync_server.db import ledger
from sync_server.db.asked import Asked
from sync_server.db.engine import Connection
from sync_server.sync import queries
from sync_server.sync.batch import Sender, Standing
from sync_server.sync.checking import entity_of
from sync_server.sync.claims import left_by
from sync_server.sync.holding import is_blind
from sync_server.sync.links import links_of
from sync_server.sync.names import REUSED, UNIQUE, NameKey, other_name
from sync_server.sync.weighing import Weighing
from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.fields import LINKS, WRITABLE, is_value_of
from trafficdesk.wire.operations import Operation
from trafficdesk.wire.values import is_storable

_IN_ORDER: Final = [entity for entity in Entity if entity in WRITABLE]


class Reading:
    """What was asked for a batch of a sender's operations.

    In a pipeline PostgreSQL looks for it while the caller goes on; it is taken once.
    """

    def __init__(
        self, connection: Connection, sender: Sender, operations: Sequence[Operation]
    ) -> None:
        self._connection = connection
        self._sender = sender
        self._operations = operations
        self._cities = cities = sender.city_ids
        self._wanted = _wanted(operations)
        op_ids = {each.op_id for each in operations}
        self._answers = ledger.find_answers(connection, op_ids)
        self._rows = [
            queries.lock_rows(connection, entity, cities, self._wanted[entity])
            for entity in _IN_ORDER
            if self._wanted[entity]
        ]
        self._conflicts = self._ask_conflicts()
        self._foreign = self._ask_foreign_versions()
        self._names = self._ask_names(_names_written(operations))
        self._stations = self._ask_stations()
        self._heads = ledger.find_heads(connection, cities)

    def _ask_conflicts(self) -> Asked[Standing]:
        sender = self._sender
        records = {each.entity_id for each in self._operations if each.entity != Entity.CONFLICT}
        own = [sender.device_id, *sender.former_ids]
        return queries.lock_open_conflicts(self._connection, own, self._cities, records)

    def _ask_foreign_versions(self) -> Iterable[tuple[UUID, int]]:
        blind = {
            each.entity_id for each in self._operations if DELETED in each.changes or is_blind(each)
        }
        if not blind:
            return ()
        device_id = self._sender.device_id
        return queries.find_foreign_versions(self._connection, device_id, self._cities, blind)

    def _ask_names(self, wanted: Iterable[tuple[Entity, str]]) -> list[Asked[tuple[NameKey, UUID]]]:
        names: dict[Entity, set[str]] = {}
        for entity, name in wanted:
            names.setdefault(entity, set()).add(name)
        return [
            queries.find_names(self._connection, entity, self._cities, asked)
            for entity, asked in names.items()
        ]

    def _ask_stations(self) -> Iterable[tuple[str, object]]:
        """Ask for the stations of new records, as far as they are ids at all."""
        named = (
            each.changes["station_id"][1]
            for each in self._operations
            if is_creation(each.action) and "station_id" in each.changes
        )
        ids = {
            str(each) for each in named if each and is_value_of(Entity.REPORT, "station_id", each)
        }
        return queries.find_stations(self._connection, self._cities, ids) if ids else ()

    def known(self) -> dict[UUID, ledger.Known]:
        """Wait for what was answered to the operations before."""
        return ledger.by_operation(self._answers)

    def heads(self) -> dict[str, ledger.Head]:
        """Wait for where the cities' feeds stood."""
        return dict(self._heads)

    def weighing(self, now_ms: int) -> Weighing:
        """Wait for what the operations are weighed against."""
        standings = {(each.entity, each.id): each for rows in self._rows for each in rows}
        weighing = Weighing(self._sender, now_ms, standings)
        weighing.hold(self._conflicts)
        foreign = dict(self._foreign)
        for standing in weighing.standings.values():
            standing.foreign_version = foreign.get(standing.id, 0)
        weighing.stations = frozenset(self._stations)
        names = [*self._names, *self._ask_names(_names_taken_up(self._operations, weighing))]
        for found in names:
            weighing.names.hold(found)
        self._hold_cited(weighing)
        return weighing

    def _hold_cited(self, weighing: Weighing) -> None:
        """Note which citations stand of the reports that citations of the batch are of."""
        if not self._wanted[Entity.CITATION]:
            return
        known = {
            str(each.row["report_id"])
            for (entity, _), each in weighing.standings.items()
            if entity is Entity.CITATION
        }
        reports = known | {str(report_id) for report_id in self._wanted[Entity.REPORT]}
        if reports:
            weighing.citations.hold(queries.find_issued(self._connection, self._cities, reports))


def _wanted(operations: Iterable[Operation]) -> dict[Entity, set[UUID]]:
    """Return the ids of the records that operations name: their own, and those they link to.

    A claim is weighed against the assignment that it leaves, too.
    """
    wanted: dict[Entity, set[UUID]] = {entity: set() for entity in _IN_ORDER}
    for operation in operations:
        entity = entity_of(operation)
        if entity is None or entity not in wanted:
            continue
        wanted[entity].add(operation.entity_id)
        if entity not in LINKS:
            continue
        for kind, record_id in links_of(operation, entity).values():
            wanted[kind].add(record_id)
        left = left_by(operation)
        if left is not None:
            wanted[Entity.ASSIGNMENT].add(left)
    return wanted


def _names_written(operations: Iterable[Operation]) -> Iterable[tuple[Entity, str]]:
    """Give the references, numbers and call signs that are written, and what may replace them."""
    for operation in operations:
        entity = entity_of(operation)
        if entity is not None and entity in UNIQUE:
            name = operation.changes.get(UNIQUE[entity], (None, None))[1]
            yield from _names_asked(entity, name, operation.entity_id)


def _names_taken_up(
    operations: Iterable[Operation], weighing: Weighing
) -> Iterable[tuple[Entity, str]]:
    """Give the names that records take up again when they are brought back."""
    for operation in operations:
        entity = entity_of(operation)
        if entity is None or entity not in REUSED or DELETED not in operation.changes:
            continue
        standing = weighing.standings.get((entity, operation.entity_id))
        if standing is not None:
            yield from _names_asked(entity, standing.row[UNIQUE[entity]], operation.entity_id)


def _names_asked(entity: Entity, name: object, record_id: UUID) -> Iterable[tuple[Entity, str]]:
    if name is not None and is_storable(name):
        yield entity, str(name)
        yield entity, other_name(name, record_id)
