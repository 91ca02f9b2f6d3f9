"""Conflicts as they are opened and joined: what a device's operation met, for people to settle."""

from typing import Final, cast
from uuid import UUID, uuid5

import msgspec

from sync_server.sync.batch import Changes, Conflict, Draft, Row, Standing
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.merge import Clash, join
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.conflicts import FieldInConflict
from trafficdesk.wire.operations import Operation

OPEN: Final = "open"
SETTLED: Final = "settled"
OPENED: Final = "open"  # the action, as the status above is the field's value
JOINED: Final = "join"


def read_conflict(standing: Standing) -> Conflict:
    """Return an open conflict from its record."""
    kept = msgspec.convert(standing.row["fields"], list[FieldInConflict])
    clashes = tuple(Clash(each.field, each.base, each.mine, each.theirs) for each in kept)
    return Conflict(standing, UUID(str(standing.row["record_id"])), clashes)


def open_conflict(
    operation: Operation, about: Standing, clashes: tuple[Clash, ...], now_ms: int
) -> tuple[Conflict, Draft]:
    """Make a conflict of a record, with its event. Whose theirs is, is filled in when written."""
    row: Row = {
        "city_id": about.row["city_id"],
        "station_id": about.row.get("station_id"),
        "record_entity": str(about.entity),
        "record_id": str(about.id),
        "device_id": str(operation.device_id),
        "actor_id": str(operation.actor_id),
        "status": OPEN,
        "fields": _as_json(clashes),
        "operations": [msgspec.to_builtins(operation)],
        "theirs_version": about.version,
        "theirs_actor_id": None,
        "theirs_at_ms": None,
        "opened_ms": now_ms,
        "choices": None,
        "settle_note": "",
        "settled_by": None,
        "settled_ms": None,
    }
    # A restored server that meets the same operation again opens the same conflict.
    conflict_id = uuid5(operation.op_id, str(Entity.CONFLICT))
    standing = Standing(Entity.CONFLICT, conflict_id, row, version=1)
    changes: Changes = {"status": (None, OPEN), "fields": (None, row["fields"])}
    return Conflict(standing, about.id, clashes), _draft(operation, standing, OPENED, changes)


def join_conflict(
    operation: Operation, conflict: Conflict, about: Standing, clashes: tuple[Clash, ...]
) -> Draft:
    """Put a later operation of the same device into its open conflict; return the event."""
    standing = conflict.standing
    conflict.clashes = join(conflict.clashes, clashes)
    row, before = standing.row, standing.row["fields"]
    row["fields"] = _as_json(conflict.clashes)
    held = cast("list[object]", row["operations"])
    row["operations"] = [*held, msgspec.to_builtins(operation)]
    row["theirs_version"] = about.version
    standing.version += 1
    standing.touched |= {"fields", "operations", "theirs_version"}
    return _draft(operation, standing, JOINED, {"fields": (before, row["fields"])})


def clashes_of(operation: Operation, about: Standing, conflict: Conflict) -> tuple[Clash, ...]:
    """Return an operation's changes as sides of a conflict that holds their fields already."""
    return tuple(
        Clash(name, old, new, about.row.get(name))
        for name, (old, new) in operation.changes.items()
        if name in conflict.fields
    )


def _as_json(clashes: tuple[Clash, ...]) -> list[object]:
    return [
        {"field": each.field, "base": each.base, "mine": each.mine, "theirs": each.theirs}
        for each in clashes
    ]


def _draft(
    operation: Operation,
    standing: Standing,
    action: str,
    changes: Changes,
) -> Draft:
    # An id of its own: the operation's belongs to the change that did not go in.
    return Draft(
        id=new_id(),
        operation=operation,
        entity=Entity.CONFLICT,
        entity_id=standing.id,
        city_id=str(standing.row["city_id"]),
        version=standing.version,
        action=action,
        changes=changes,
    )
