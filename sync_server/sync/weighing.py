"""The core of a push: operations, one after the other, against the records as they stand.

Nothing here reads a database or a clock of a desk: the same input always comes to the same.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from sync_server.sync import citing
from sync_server.sync.batch import (
    Changes,
    Conflict,
    Draft,
    Row,
    Sender,
    Standing,
    Verdict,
    is_city_wide,
    refused,
)
from sync_server.sync.checking import (
    Judged,
    entity_of,
    find_refusal,
    find_refusal_of_record,
    find_refusal_of_scope,
)
from sync_server.sync.citing import CANCELLED, ISSUED, is_cited
from sync_server.sync.claims import as_held, left_by
from sync_server.sync.clashing import (
    OPEN,
    SETTLED,
    clashes_of,
    join_conflict,
    open_conflict,
    read_conflict,
)
from sync_server.sync.creating import new_row
from sync_server.sync.holding import (
    as_claimed,
    asks_for_lease,
    is_overtaken,
    lease_from,
    only_holds,
)
from sync_server.sync.links import links_of
from sync_server.sync.names import REUSED, UNIQUE, Names
from trafficdesk.domain.authority import plain_action, settling_permission
from trafficdesk.domain.merge import (
    DELETED,
    LEASE_UNTIL,
    Clashed,
    Incoming,
    Merged,
    is_as_found,
    merge,
)
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.exchange import Reason, Result
from trafficdesk.wire.operations import Operation

Key = tuple[Entity, UUID]
_SETTLE = "settle"
_DUPLICATE = Verdict(Result.DUPLICATE)
_UPDATED = "updated_ms"
_NAMING = frozenset({*UNIQUE.values(), DELETED})


@dataclass(slots=True)
class Weighing:
    """A batch being weighed: ``standings`` and ``names`` are read under lock before.

    ``names`` holds who has the references, numbers and call signs that the batch would use,
    ``citations`` those that stand; ``stations`` are those of their cities that new records name.
    ``drafts`` become events, in this order.
    """

    sender: Sender
    now_ms: int
    standings: dict[Key, Standing]
    names: Names = field(default_factory=Names)
    citations: citing.Standing = field(default_factory=citing.Standing)
    stations: AbstractSet[tuple[str, object]] = frozenset()
    drafts: list[Draft] = field(default_factory=list)
    _open: dict[UUID, list[Conflict]] = field(default_factory=dict)
    _judged: Judged = field(default_factory=dict)

    def hold(self, conflicts: Iterable[Standing]) -> None:
        """Take in the conflicts of the sending device that are open, the oldest first."""
        for standing in conflicts:
            self.standings[Entity.CONFLICT, standing.id] = standing
            conflict = read_conflict(standing)
            self._open.setdefault(conflict.record_id, []).append(conflict)

    def weigh(self, operation: Operation) -> Verdict:
        """Return what an operation comes to, with everything it changes noted."""
        entity = entity_of(operation)
        if entity is None:
            return refused(Reason.UNKNOWN_ENTITY, operation.entity)
        refusal = find_refusal(operation, entity, self.sender, self._judged)
        if refusal is None:
            standing = self._standing(entity, operation.entity_id)
            refusal = find_refusal_of_record(operation, self.sender, standing)
            refusal = refusal or self._find_lost(operation, standing)
        return refusal or self._weigh(operation, standing)

    def _weigh(self, operation: Operation, standing: Standing) -> Verdict:
        if not standing.exists:
            return self._create(operation, standing)
        if standing.entity is Entity.CONFLICT:
            return self._settle(operation, standing)
        late = self._find_late(operation, standing)
        if late is not None:
            return late
        conflict = self._find_joined(operation, standing)
        if conflict is not None and only_holds(operation):
            return refused(Reason.OVERTAKEN)
        if conflict is not None:
            return self._join(operation, standing, conflict)
        return self._merge(operation, standing)

    def _find_lost(self, operation: Operation, standing: Standing) -> Verdict | None:
        """Return the refusal of what names a record that is not there, or is another city's."""
        if standing.entity is Entity.CITATION:  # it need not say its city: its report does
            return None
        for name, (kind, record_id) in links_of(operation, standing.entity).items():
            named = self._standing(kind, record_id)
            city_id = operation.changes.get("city_id", (None, None))[1]
            city_id = standing.row["city_id"] if standing.exists else city_id
            if not named.exists or named.row["city_id"] != city_id:
                return refused(Reason.UNKNOWN_RECORD, name)
        return None

    def _find_late(self, operation: Operation, standing: Standing) -> Verdict | None:
        """Return the refusal of what somebody else's lease, or another citation, stands against."""
        if is_overtaken(operation, standing, self.sender, self.now_ms):
            return refused(Reason.OVERTAKEN)
        becomes = operation.changes.get("status", (None, None))[1]
        if standing.entity is Entity.CITATION and becomes == ISSUED:
            is_second = self.citations.has_other(standing.id, standing.row)
            return refused(Reason.ILLEGAL_MOVE, "status") if is_second else None
        return None

    def _standing(self, entity: Entity, record_id: UUID) -> Standing:
        key = (entity, record_id)
        standing = self.standings.get(key)
        if standing is None:
            standing = self.standings[key] = Standing(entity, record_id, {})
        return standing

    def _create(self, operation: Operation, standing: Standing) -> Verdict:
        report = None
        if standing.entity is Entity.CITATION:
            report = self._report_of(operation)
        row = new_row(operation, standing.entity, self.sender, report)
        if isinstance(row, Verdict):
            return row
        if _UPDATED in row:
            row[_UPDATED] = self.now_ms
        if asks_for_lease(operation):
            row[LEASE_UNTIL] = lease_from(self.now_ms)
        refusal = find_refusal_of_scope(operation, self.sender, standing.entity, row)
        if refusal is not None:
            return refusal
        place = str(row["city_id"]), row["station_id"]
        if report is None and place[1] is not None and place not in self.stations:
            return refused(Reason.OUT_OF_SCOPE, "station_id")
        named = self._name(standing, row)
        if named is None:
            return refused(Reason.BAD_VALUE, UNIQUE[standing.entity])
        if standing.entity is Entity.CITATION:
            named = self._issue(standing, row, report)
        standing.row = row
        standing.version = 1
        changes = {name: (None, value) for name, value in row.items() if value is not None}
        return Verdict(named, event=self._note(operation, standing, changes))

    def _name(self, standing: Standing, row: Row) -> Result | None:
        """Take a record's name; where another has it, it gets one of its own. None: it has none."""
        name_field = UNIQUE.get(standing.entity)
        if name_field is None:
            return Result.APPLIED
        asked, name = row[name_field], self.names.take(standing.entity, standing.id, row)
        if name is None:
            return None
        row[name_field] = name
        return Result.APPLIED if name == asked else Result.MERGED

    def _rename(self, standing: Standing, merged: Merged) -> Merged | None:
        """Return a merge with the call sign that its record may have; None if there is none."""
        before = standing.row
        after = {**before, **{each.field: each.new for each in merged.changes}}
        had, has = (row[DELETED] is None for row in (before, after))
        if had:
            self.names.leave(standing.entity, standing.id, before)
        named = self._name(standing, after) if has else Result.APPLIED
        if named is None:
            return None
        return merged if named is Result.APPLIED else _between(before, after, is_exact=False)

    def _issue(self, standing: Standing, row: Row, report: Row | None) -> Result:
        """Let a new citation stand, or keep it cancelled where it came too late."""
        is_late = not is_cited(report) or self.citations.has_other(standing.id, row)
        is_changed = is_late and row["status"] == ISSUED
        if is_changed:
            row["status"] = CANCELLED
        self.citations.follow(standing.id, row)
        return Result.MERGED if is_changed else Result.APPLIED

    def _report_of(self, operation: Operation) -> Row | None:
        try:
            report_id = UUID(str(operation.changes["report_id"][1]))
        except (KeyError, ValueError):
            return None
        report = self._standing(Entity.REPORT, report_id)
        return report.row if report.exists else None

    def _note(
        self,
        operation: Operation,
        standing: Standing,
        changes: Changes,
    ) -> Draft:
        draft = Draft(
            id=operation.op_id,
            operation=operation,
            entity=standing.entity,
            entity_id=standing.id,
            city_id=str(standing.row["city_id"]),
            version=standing.version,
            action=operation.action,
            changes=changes,
        )
        self.drafts.append(draft)
        return draft

    def _settle(self, operation: Operation, standing: Standing) -> Verdict:
        """Settle a conflict, or open it again: whoever came first has done it."""
        lacking = self._find_lacking(operation, standing)
        if lacking is not None:
            return refused(Reason.NOT_PERMITTED, lacking)
        old, new = operation.changes.get("status", (None, None))
        if standing.row["status"] == new:
            return _DUPLICATE
        if {old, new} != {OPEN, SETTLED}:
            return refused(Reason.ILLEGAL_MOVE, f"{old} to {new}")
        values = {name: new for name, (_, new) in operation.changes.items()}
        if new == SETTLED:
            who: Row = {"settled_by": str(operation.actor_id), "settled_ms": operation.at_ms}
            values = {**who, **values}
        changes = {
            name: (before, after)
            for name, after in values.items()
            if (before := standing.row.get(name)) != after
        }
        verdict = self._apply(operation, standing, changes, is_exact=True)
        self._follow(standing)
        return verdict

    def _find_lacking(self, operation: Operation, standing: Standing) -> Permission | None:
        """Return the permission that the actor lacks: of the record's kind, or for others' own."""
        role = self.sender.actors[operation.actor_id].role
        needed = settling_permission(Entity(str(standing.row["record_entity"])))
        if needed is not None and not may(role, needed):
            return needed
        is_own = self.sender.is_own(UUID(str(standing.row["device_id"])))
        is_free = is_own or may(role, Permission.REPORT_TAKE_OVER)
        is_free = is_free or is_city_wide(standing.entity, standing.row)
        return None if is_free else Permission.REPORT_TAKE_OVER

    def _follow(self, standing: Standing) -> None:
        """Keep the list of open conflicts in step with one that was settled or opened again."""
        if not self.sender.is_own(UUID(str(standing.row["device_id"]))):
            return
        conflict = read_conflict(standing)
        held = self._open.setdefault(conflict.record_id, [])
        held[:] = [each for each in held if each.standing.id != standing.id]
        if standing.row["status"] == OPEN:
            held.append(conflict)

    def _find_joined(self, operation: Operation, standing: Standing) -> Conflict | None:
        if not self._open or plain_action(operation.action) == _SETTLE:
            return None
        for conflict in self._open.get(standing.id, ()):
            if not conflict.fields.isdisjoint(operation.changes):
                return conflict
        return None

    def _join(self, operation: Operation, standing: Standing, conflict: Conflict) -> Verdict:
        clashes = clashes_of(operation, standing, conflict)
        draft = join_conflict(operation, conflict, standing, clashes)
        self.drafts.append(draft)
        return Verdict(Result.CONFLICT, event=draft, conflict_id=conflict.standing.id)

    def _merge(self, operation: Operation, standing: Standing) -> Verdict:
        theirs, left = as_claimed(operation, standing.row, self.now_ms), left_by(operation)
        is_plain = left is None and theirs is standing.row and standing.entity not in REUSED
        if is_plain and is_as_found(standing.entity, operation.changes, theirs):
            return self._apply(operation, standing, operation.changes, is_exact=True)
        changes = [FieldChange(name, *pair) for name, pair in operation.changes.items()]
        has_moved = standing.foreign_version > operation.base_version
        merged = merge(Incoming(standing.entity, operation.action, changes, has_moved), theirs)
        if left is not None and isinstance(merged, Merged):
            merged = as_held(merged, self._standing(Entity.ASSIGNMENT, left))
        if isinstance(merged, Clashed):
            if only_holds(operation):
                return refused(Reason.OVERTAKEN)
            return self._clash(operation, standing, merged)
        if theirs is not standing.row:
            merged = _from(standing.row, theirs, merged)
        if standing.entity in REUSED and not _NAMING.isdisjoint(operation.changes):
            renamed = self._rename(standing, merged)
            if renamed is None:
                return refused(Reason.BAD_VALUE, UNIQUE[standing.entity])
            merged = renamed
        if not merged.changes:
            return _DUPLICATE
        return self._apply(operation, standing, _pairs(merged), is_exact=merged.is_exact)

    def _clash(self, operation: Operation, standing: Standing, clashed: Clashed) -> Verdict:
        held = self._open.get(standing.id, [])
        if held and plain_action(operation.action) != _SETTLE:
            conflict = held[0]
            draft = join_conflict(operation, conflict, standing, clashed.clashes)
        else:
            conflict, draft = open_conflict(operation, standing, clashed.clashes, self.now_ms)
            self.standings[Entity.CONFLICT, conflict.standing.id] = conflict.standing
            self._open.setdefault(standing.id, []).append(conflict)
        self.drafts.append(draft)
        return Verdict(Result.CONFLICT, event=draft, conflict_id=conflict.standing.id)

    def _apply(
        self, operation: Operation, standing: Standing, changes: Changes, *, is_exact: bool
    ) -> Verdict:
        row = standing.row
        was_until, until = changes.get(LEASE_UNTIL, (None, None))
        if until is not None:
            changes = {**changes, LEASE_UNTIL: (was_until, lease_from(self.now_ms))}
        for name, (_, new) in changes.items():
            row[name] = new
        standing.touched.update(changes)
        standing.version += 1
        if _UPDATED in row:
            row[_UPDATED] = self.now_ms
            standing.touched.add(_UPDATED)
        if standing.entity is Entity.CITATION:
            self.citations.follow(standing.id, standing.row)
        result = Result.APPLIED if is_exact else Result.MERGED
        return Verdict(result, event=self._note(operation, standing, changes))


def _pairs(merged: Merged) -> Changes:
    return {name: (old, new) for name, old, new in merged.changes}


def _from(row: Row, theirs: Row, merged: Merged) -> Merged:
    """Return a merge's changes as they lead from the row itself, not from what it was taken for."""
    ends = {**theirs, **{each.field: each.new for each in merged.changes}}
    return _between(row, ends, is_exact=merged.is_exact and theirs == row)


def _between(before: Row, after: Row, *, is_exact: bool) -> Merged:
    """Return the merge that leads from one row to another."""
    changes = tuple(
        FieldChange(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )
    return Merged(changes, is_exact)
