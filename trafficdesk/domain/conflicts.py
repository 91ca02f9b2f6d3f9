"""Conflicts: what two sides made of one record, and what people choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity, ReportStatus, SyncState

# What a field says only together with another one: half of a decision means nothing.
_STATUS, _PLACE, _WARD = "status", "lon", "ward_id"
_LEADS: Final[Mapping[str, str]] = {
    "reviewer_id": _STATUS,
    "decided_ms": _STATUS,
    "decision_note": _STATUS,
    "rejection_reason": _STATUS,
    "duplicate_of": _STATUS,
    "assignee_id": _STATUS,
    "lease_until_ms": _STATUS,
    _WARD: _PLACE,
}
DECIDED: Final = frozenset(ReportStatus) - {
    ReportStatus.PENDING,
    ReportStatus.UNDER_REVIEW,
    ReportStatus.NEEDS_INFO,
}


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
    """A record on which two sides disagree; ``mine`` is the side of ``device_id``.

    ``station_id`` is the record's station; None where it belongs to the whole city.
    """

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
    station_id: UUID | None = None

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

    What came along follows: a field that belongs to a status or a place goes with that, everything
    else goes in as soon as anything of mine does. A place that was written anew takes no ward
    along: whoever writes it down finds the ward.
    """
    values = dict[str, object]()
    takes_mine = any(each.side is not Side.THEIRS for each in choices.values())
    for each in conflict.fields:
        choice = choices.get(each.field)
        if choice is not None:
            if choice.side is Side.MINE:
                values[each.field] = each.mine
            elif choice.side is Side.EDITED:
                values[each.field] = choice.value
        elif not each.is_in_question and _comes_along(each.field, choices, any_mine=takes_mine):
            values[each.field] = each.mine
    return values


def _comes_along(field: str, choices: Mapping[str, Choice], *, any_mine: bool) -> bool:
    lead = choices.get(_LEADS.get(field, ""))
    if lead is None:
        return any_mine
    return lead.side is Side.MINE if field == _WARD else lead.side is not Side.THEIRS


def mixed_status(values: Mapping[str, object]) -> dict[str, object]:
    """Return what a settled status makes untrue: only a rejected report has a reason for it.

    ``values`` are the record's own with the chosen ones in them.
    """
    status, untrue = values.get("status"), dict[str, object]()
    if status != ReportStatus.REJECTED and values.get("rejection_reason") is not None:
        untrue["rejection_reason"] = None
    if status != ReportStatus.DUPLICATE and values.get("duplicate_of") is not None:
        untrue["duplicate_of"] = None
    if status != ReportStatus.UNDER_REVIEW and values.get("lease_until_ms") is not None:
        untrue["lease_until_ms"] = None
    if status not in DECIDED and values.get("decided_ms") is not None:
        untrue["decided_ms"] = None
    if status in DECIDED and values.get("assignee_id") is not None:
        untrue["assignee_id"] = None
    return untrue
