"""Conflicts: what two sides made of one record, and what people choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trafficdesk.domain.merge import Policy, policy_of
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity, SyncState


class ConflictStatus(StrEnum):
    """Where a conflict stands."""

    OPEN = "open"
    SETTLED = "settled"


class Side(StrEnum):
    """Whose value a field takes; EDITED is neither's."""

    MINE = "mine"
    THEIRS = "theirs"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class ConflictField:
    """One field as it was, and what each side made of it.

    ``is_in_question`` is False for what merely came along with the fields that clash.
    """

    field: str
    base: object
    mine: object
    theirs: object
    is_in_question: bool


@dataclass(frozen=True, slots=True)
class HeldOperation:
    """One operation that a conflict holds: who did what, when by their desk's clock."""

    op_id: UUID
    action: str
    changes: tuple[FieldChange, ...]
    note: str
    actor_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What a field is to be: a side, and for EDITED its value."""

    side: Side
    value: object = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record on which two sides disagree; ``mine`` is the side of ``device_id``."""

    id: UUID
    version: int
    revision: int
    record_entity: Entity
    record_id: UUID
    device_id: UUID
    actor_id: UUID
    status: ConflictStatus
    fields: tuple[ConflictField, ...]
    operations: tuple[HeldOperation, ...]
    theirs_version: int
    theirs_actor_id: UUID | None
    theirs_at: datetime | None
    opened_at: datetime
    choices: Mapping[str, Side]
    settle_note: str
    settled_by: UUID | None
    settled_at: datetime | None
    sync_state: SyncState

    @property
    def in_question(self) -> tuple[ConflictField, ...]:
        """The fields that must be chosen."""
        return tuple(each for each in self.fields if each.is_in_question)


def fields_of(
    clashes: Sequence[ConflictField], operations: Sequence[HeldOperation]
) -> tuple[ConflictField, ...]:
    """Return the clashing fields, then what the same operations changed beside them.

    What came along stands with them as it was (``base``) and as it would be (``mine``).
    """
    beside = dict[str, ConflictField]()
    clashing = {each.field for each in clashes}
    for operation in operations:
        for change in operation.changes:
            if change.field in clashing:
                continue
            first = beside.get(change.field)
            base = change.old if first is None else first.base
            beside[change.field] = ConflictField(
                change.field, base, change.new, base, is_in_question=False
            )
    return (*clashes, *beside.values())


def is_settled_by(conflict: Conflict, choices: Mapping[str, Choice]) -> bool:
    """Tell whether every field in question is chosen."""
    return all(each.field in choices for each in conflict.in_question)


def chosen_values(conflict: Conflict, choices: Mapping[str, Choice]) -> dict[str, object]:
    """Return the values that differ from theirs once the choices are made.

    What came along follows: a field that follows a status goes with the status, everything else
    goes in as soon as anything of mine does.
    """
    values = dict[str, object]()
    takes_mine = any(each.side is not Side.THEIRS for each in choices.values())
    lead = choices.get("status")
    leads = takes_mine if lead is None else lead.side is not Side.THEIRS
    for each in conflict.fields:
        choice = choices.get(each.field)
        if choice is not None:
            if choice.side is Side.MINE:
                values[each.field] = each.mine
            elif choice.side is Side.EDITED:
                values[each.field] = choice.value
        elif not each.is_in_question and _comes_along(each.field, leads=leads, any_mine=takes_mine):
            values[each.field] = each.mine
    return values


def _comes_along(field: str, *, leads: bool, any_mine: bool) -> bool:
    follows = policy_of(field) in {Policy.FOLLOW, Policy.LEASE, Policy.STATUS}
    return leads if follows else any_mine
