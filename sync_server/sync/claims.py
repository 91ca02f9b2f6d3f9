"""A unit that is sent on: what it was out for stands, and people decide, unless that has ended."""

from typing import Final
from uuid import UUID

from sync_server.sync.assignments import assignment_of
from sync_server.sync.batch import Standing
from trafficdesk.domain.authority import plain_action
from trafficdesk.domain.dispatch import is_open
from trafficdesk.domain.merge import Clash, Clashed, Merged
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.fields import is_value_of
from trafficdesk.wire.operations import Operation

CLAIM: Final = "assignment_id"
SETTLE: Final = "settle"


def left_by(operation: Operation) -> UUID | None:
    """Return the assignment from which an operation takes a unit to another, None if from none.

    A settlement may: its action calls back the one that lost.
    """
    old, new = operation.changes.get(CLAIM, (None, None))
    is_sent = operation.entity == Entity.UNIT and plain_action(operation.action) != SETTLE
    if not is_sent or old is None or new is None or not is_value_of(Entity.UNIT, CLAIM, old):
        return None
    return UUID(str(old))


def as_held(merged: Merged, left: Standing) -> Merged | Clashed:
    """Return a unit's merge, or the clash with what it would leave open and unclaimed."""
    claim = next((each for each in merged.changes if each.field == CLAIM), None)
    if claim is None or claim.old != str(left.id) or not left.exists:
        return merged
    if not is_open(assignment_of(left.id, left.row)):
        return merged
    return Clashed((Clash(CLAIM, claim.old, claim.new, claim.old),))
