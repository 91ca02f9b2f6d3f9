"""Three-way merge of one operation into a record: the one table of policies, on both sides.

Source: the section "Merge" of ``trafficdesk/wire/PROTOCOL.md``; a test compares the two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, cast

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.lifecycle import RULES, Move
from trafficdesk.domain.records import FieldChange, Place
from trafficdesk.domain.step_times import times_in_order
from trafficdesk.domain.vocabulary import Entity, LanesBlocked, ReportStatus

SAME_PLACE_M: Final = 5.0
DELETED: Final = "deleted_ms"
LEASE_UNTIL: Final = "lease_until_ms"  # the server's to write: what a desk thought is no claim
_MOVES: Final = frozenset(Move)
_WORSE_WORDS: Final[Mapping[str, int]] = {
    word: number for number, word in enumerate(LanesBlocked, 1)
}
PLACE: Final = ("lon", "lat")  # one thing: both travel, also when one kept its value
_DECIDED: Final = frozenset(ReportStatus) - {
    ReportStatus.PENDING,
    ReportStatus.UNDER_REVIEW,
    ReportStatus.NEEDS_INFO,
}


class Policy(StrEnum):
    """What becomes of a field that both sides changed, each in its own way."""

    WORSE = "worse"
    UNION = "union"
    SUM = "sum"
    STATUS = "status"
    PLACE = "place"
    FOLLOW = "follow"
    LEASE = "lease"
    DELETED = "deleted"
    MOST = "most"
    FIRST = "first"
    LAST = "last"
    CLAIM = "claim"
    ASK = "ask"


POLICIES: Final[Mapping[str, Policy]] = {
    "severity": Policy.WORSE,
    "vehicle_count": Policy.WORSE,
    "injuries": Policy.WORSE,
    "injury_count": Policy.WORSE,
    "lanes_blocked": Policy.WORSE,
    "violations": Policy.UNION,
    "media": Policy.UNION,
    "accounts": Policy.UNION,
    "skills": Policy.UNION,
    "needs": Policy.MOST,
    "checked_ms": Policy.MOST,
    "verifications": Policy.SUM,
    "status": Policy.STATUS,
    "lon": Policy.PLACE,
    "lat": Policy.PLACE,
    "reviewer_id": Policy.FOLLOW,
    "decided_ms": Policy.FOLLOW,
    "decision_note": Policy.FOLLOW,
    LEASE_UNTIL: Policy.FOLLOW,
    "score": Policy.FOLLOW,
    "ward_id": Policy.FOLLOW,
    "assignee_id": Policy.LEASE,
    DELETED: Policy.DELETED,
    "acknowledged_ms": Policy.FIRST,
    "acknowledged_by": Policy.FIRST,
    "escalated_ms": Policy.FIRST,
    "en_route_ms": Policy.FIRST,
    "arrived_ms": Policy.FIRST,
    "cleared_ms": Policy.FIRST,
    "withdrawn_ms": Policy.FIRST,
    "duty": Policy.LAST,
    "crew": Policy.LAST,
    "assignment_id": Policy.CLAIM,
}


_FOLLOWING: Final = frozenset({Policy.FOLLOW, Policy.LEASE})


def policy_of(field: str) -> Policy:
    """Return the policy of a field; what no line of the table names is asked."""
    return POLICIES.get(field, Policy.ASK)


class Incoming(NamedTuple):
    """An operation as the merge sees it.

    ``has_moved`` says that somebody else changed the record since the operation's base version;
    only a deletion asks for it, because it names no field that could tell.
    """

    entity: Entity
    action: str
    changes: Sequence[FieldChange]
    has_moved: bool = False


class Merged(NamedTuple):
    """The operation goes in. ``changes`` lead from their values to the ones that now stand.

    ``is_exact`` tells that every field still stood at its old value and took the new one as it is,
    but for the lease's end, which is the server's to write.
    """

    changes: tuple[FieldChange, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that only people can settle."""

    field: str
    base: object
    mine: object
    theirs: object


@dataclass(frozen=True, slots=True)
class Clashed:
    """The operation does not go in: ``clashes`` name the fields in question, at least one."""

    clashes: tuple[Clash, ...]


def merge(incoming: Incoming, theirs: Mapping[str, object]) -> Merged | Clashed:
    """Merge an operation into the record as it stands, whole or not at all.

    ``theirs`` maps field names to JSON values, all fields that the operation names among them; a
    missing one counts as null. Nothing here depends on a clock. Merging again what already stands
    changes nothing, but for sums: those only the ledger keeps from being added twice.
    """
    deletion = _find_clash_of_deletion(incoming, theirs)
    if deletion is not None:
        return Clashed((deletion,))
    leads = _leads(incoming, theirs)
    values, clashes = dict[str, object](), list[Clash]()
    for change in incoming.changes:
        there = theirs.get(change.field)
        if _is_unmoved(change, there, leads=leads):
            values[change.field] = change.new
            continue
        settled = _settle(_Case(incoming, change, there, theirs, leads))
        if settled is None:
            clashes.append(Clash(change.field, change.old, change.new, there))
        else:
            values[change.field] = settled.value
    if clashes:
        return Clashed(tuple(clashes))
    if incoming.entity is Entity.REPORT:
        values |= without_idle_lease({**theirs, **values})
    fitted = times_in_order(theirs, values) if incoming.entity is Entity.ASSIGNMENT else {}
    values |= fitted
    changes = tuple(
        FieldChange(field, there, value)
        for field, value in values.items()
        if (there := theirs.get(field)) != value
    )
    is_exact = not fitted and all(
        theirs.get(change.field) == change.old
        for change in incoming.changes
        if change.field != LEASE_UNTIL
    )
    return Merged(changes, is_exact)


# What more than the field's own value decides.
_ENTANGLED: Final = frozenset({*PLACE, DELETED})
_HELD: Final = ("status", LEASE_UNTIL, "assignee_id")  # what ``without_idle_lease`` looks at


def is_as_found(
    entity: Entity, changes: Mapping[str, tuple[object, object]], theirs: Mapping[str, object]
) -> bool:
    """Tell whether a record stands just as an operation found it, as most do.

    Then ``merge`` would come to the operation's own ``changes`` (old, new), all of them and
    exactly; it is asked where this is not sure, and of an operation that changes nothing.
    """
    if not changes or entity is Entity.ASSIGNMENT or theirs.get(DELETED) is not None:
        return False
    becomes = {name: theirs.get(name) for name in _HELD}
    for name, (old, new) in changes.items():
        if theirs.get(name) != old or old == new or name in _ENTANGLED:
            return False
        becomes[name] = new
    return entity is not Entity.REPORT or not without_idle_lease(becomes)


@dataclass(frozen=True, slots=True)
class _Case:
    """One field of an operation beside what it meets."""

    incoming: Incoming
    change: FieldChange
    there: object
    theirs: Mapping[str, object]
    leads: bool


@dataclass(frozen=True, slots=True)
class _Value:
    """What a field becomes; the value itself may be None."""

    value: object


def _find_clash_of_deletion(incoming: Incoming, theirs: Mapping[str, object]) -> Clash | None:
    """Deleting against editing is a decision of people, whichever came first."""
    gone = theirs.get(DELETED)
    own = next((change for change in incoming.changes if change.field == DELETED), None)
    if own is None:
        return None if gone is None else Clash(DELETED, None, None, gone)
    deletes_edited = own.new is not None and gone is None and incoming.has_moved
    return Clash(DELETED, own.old, own.new, gone) if deletes_edited else None


def _leads(incoming: Incoming, theirs: Mapping[str, object]) -> bool:
    """Tell whether fields that follow take mine: unless theirs had come to the same status."""
    lead = next((each for each in incoming.changes if each.field == "status"), None)
    return lead is None or theirs.get("status") != lead.new


def _is_unmoved(change: FieldChange, there: object, *, leads: bool) -> bool:
    """Tell whether a field takes mine without a question: it stands as found, or at mine already.

    A place is not one field, and what follows a status goes with the side whose status stands.
    """
    if there not in (change.old, change.new):
        return False
    policy = policy_of(change.field)
    return policy is not Policy.PLACE and (leads or policy not in _FOLLOWING)


def _settle(case: _Case) -> _Value | None:
    """Return what a field that has moved becomes, or None when people must decide."""
    policy = policy_of(case.change.field)
    if policy is Policy.PLACE:
        return _settle_place(case)
    if policy in _FOLLOWING and not case.leads:  # half of their decision is not replaced by mine
        return _Value(case.there)
    return _SETTLERS[policy](case)


def _settle_place(case: _Case) -> _Value | None:
    """Settle longitude and latitude as the one thing they are."""
    changes = {each.field: each for each in case.incoming.changes if each.field in PLACE}
    if len(changes) != len(PLACE):
        return None
    there = [case.theirs.get(name) for name in PLACE]
    if there in ([changes[n].old for n in PLACE], [changes[n].new for n in PLACE]):
        return _Value(case.change.new)
    if None in there:
        return None
    mine = Place(*(cast("float", changes[name].new) for name in PLACE))
    apart_m = distance_m(mine, Place(*cast("list[float]", there)))
    return _Value(case.change.new) if apart_m <= SAME_PLACE_M else None


def _settle_worse(case: _Case) -> _Value:
    return _Value(max(case.there, case.change.new, key=_badness))


def _badness(value: object) -> int:
    """Return what stands for how bad a value is: null is the least, words have an order."""
    return _WORSE_WORDS[value] if isinstance(value, str) else int(cast("int", value or 0))


def _settle_union(case: _Case) -> _Value:
    there, mine = (cast("list[object]", each or []) for each in (case.there, case.change.new))
    return _Value([*there, *(each for each in mine if each not in there)])


def _settle_sum(case: _Case) -> _Value:
    there, old, new = (
        cast("int", each or 0) for each in (case.there, case.change.old, case.change.new)
    )
    return _Value(there + new - old)


def _settle_status(case: _Case) -> _Value | None:
    """Take mine if the operation's own move leads there from their status."""
    if case.incoming.entity is not Entity.REPORT or case.incoming.action not in _MOVES:
        return None
    rule = RULES[Move(case.incoming.action)]
    return _Value(rule.ends) if case.there in rule.starts and case.change.new == rule.ends else None


def _settle_lease(case: _Case) -> _Value | None:
    has_lead = any(each.field == "status" for each in case.incoming.changes)
    return _Value(case.change.new) if has_lead else None


def _settle_most(case: _Case) -> _Value:
    there, mine = case.there, case.change.new
    if not isinstance(there, dict) or not isinstance(mine, dict):
        return _Value(max(there or mine, mine or there, key=_badness))
    return _Value({name: max(there.get(name, 0), mine.get(name, 0)) for name in {**there, **mine}})


def _settle_first(case: _Case) -> _Value | None:
    """Both saw it happen: the first to say so stands. Both corrected it: people decide."""
    is_said_once = case.change.old is None or case.change.new is None
    return _Value(case.there) if is_said_once else None


def _settle_claim(case: _Case) -> _Value | None:
    """Take mine where nobody claims it; what I gave back is not what somebody else claims."""
    if case.there is None:
        return _Value(case.change.new)
    return _Value(case.there) if case.change.new is None else None


def _settle_deleted(case: _Case) -> _Value | None:
    """Both deleted it: the first time stands. Brought back, and deleted anew: people decide."""
    return _Value(case.there) if case.change.new is not None else None


_SETTLERS: Final[Mapping[Policy, Callable[[_Case], _Value | None]]] = {
    Policy.WORSE: _settle_worse,
    Policy.UNION: _settle_union,
    Policy.SUM: _settle_sum,
    Policy.STATUS: _settle_status,
    Policy.FOLLOW: lambda case: _Value(case.change.new),
    Policy.LEASE: _settle_lease,
    Policy.DELETED: _settle_deleted,
    Policy.MOST: _settle_most,
    Policy.FIRST: _settle_first,
    Policy.LAST: lambda case: _Value(case.change.new),
    Policy.CLAIM: _settle_claim,
    Policy.ASK: lambda _case: None,
}


def without_idle_lease(record: Mapping[str, object]) -> dict[str, object]:
    """Return what must be cleared: only what is under review is held, what is decided is nobody's.

    A desk that approved a free report did not clear a lease it never saw.
    """
    status = record.get("status")
    idle = dict[str, object]()
    if status != ReportStatus.UNDER_REVIEW and record.get(LEASE_UNTIL) is not None:
        idle[LEASE_UNTIL] = None
    if status in _DECIDED and record.get("assignee_id") is not None:
        idle["assignee_id"] = None
    return idle


def join(clashes: Sequence[Clash], later: Sequence[Clash]) -> tuple[Clash, ...]:
    """Return a conflict's fields with those of a later operation of the same device put in.

    A field's first base stays: that is where the device's own work began.
    """
    fields = {clash.field: clash for clash in clashes}
    for clash in later:
        first = fields.get(clash.field)
        base = clash.base if first is None else first.base
        fields[clash.field] = Clash(clash.field, base, clash.mine, clash.theirs)
    return tuple(fields.values())
