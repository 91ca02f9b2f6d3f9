"""Which fields of an operation name another record, which must be there before."""

from uuid import UUID

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.fields import LINKS, is_value_of
from trafficdesk.wire.operations import Operation


def links_of(operation: Operation, entity: Entity) -> dict[str, tuple[Entity, UUID]]:
    """Return what an operation's new values name, field by field, as far as they are ids."""
    named = dict[str, tuple[Entity, UUID]]()
    for name, kind in LINKS.get(entity, {}).items():
        value = operation.changes.get(name, (None, None))[1]
        if value is not None and is_value_of(entity, name, value):
            named[name] = kind, UUID(str(value))
    return named
