"""What a record's row must be before it is kept: each field of its kind, its words and its reach.

A field that is missing or null is left to whoever keeps it; those that nobody knows pass.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.conflicts import FieldInConflict
from trafficdesk.wire.fields import FIELDS, Kind
from trafficdesk.wire.incidents import AccountFacts
from trafficdesk.wire.media import MediaFacts
from trafficdesk.wire.operations import Operation
from trafficdesk.wire.values import EXACT, RANGES, WORDS

_BASES: Final[Mapping[Kind, Any]] = {
    Kind.ID: UUID,
    Kind.TEXT: str,
    Kind.INT: int,
    Kind.FLOAT: float,
    Kind.BOOL: bool,
    Kind.LIST: list[object],
    Kind.OBJECT: dict[str, object],
}
_PARTS: Final[Mapping[tuple[Entity, str], Any]] = {
    (Entity.REPORT, "violations"): list[str],
    (Entity.REPORT, "media"): list[MediaFacts],
    (Entity.UNIT, "skills"): list[str],
    (Entity.INCIDENT, "needs"): dict[str, int],
    (Entity.INCIDENT, "accounts"): list[AccountFacts],
    (Entity.INCIDENT, "media"): list[MediaFacts],
    (Entity.CONFLICT, "fields"): list[FieldInConflict],
    (Entity.CONFLICT, "operations"): list[Operation],
    (Entity.CONFLICT, "choices"): dict[str, str],
}
_NUMBERS: Final = frozenset({Kind.INT, Kind.FLOAT})
# Without its outline an area is none.
_NEEDED: Final = frozenset({"geometry"})


def _shape_of(entity: Entity) -> type[msgspec.Struct]:
    fields = list[tuple[str, Any] | tuple[str, Any, None]]()
    for name, kind in FIELDS[entity].items():
        value = _PARTS.get((entity, name), _BASES[kind])
        words = WORDS.get((entity, name))
        if words is not None:
            value = Literal[tuple(words)]
        elif kind in _NUMBERS:
            least, most = RANGES.get(name, (-EXACT, EXACT))
            value = Annotated[value, msgspec.Meta(ge=least, le=most)]
        fields.append((name, value) if name in _NEEDED else (name, value | None, None))
    return msgspec.defstruct(f"{entity}_row", fields, kw_only=True)


_SHAPES: Final = {str(entity): _shape_of(entity) for entity in FIELDS}


def fits(entity: Entity, field: str, value: object) -> bool:
    """Tell whether the parts of a list or an object are what everybody who reads it takes."""
    part = _PARTS.get((entity, field))
    if part is None or value is None:
        return True
    try:
        msgspec.convert(value, part)
    except msgspec.ValidationError:
        return False
    return True


def check_row(entity: str, row: Mapping[str, object]) -> None:
    """Accept a row, or one of a kind that nobody knows here.

    Raises:
        msgspec.ValidationError: it cannot be one; the message names the field.
    """
    shape = _SHAPES.get(entity)
    if shape is not None:
        msgspec.convert(row, shape)
