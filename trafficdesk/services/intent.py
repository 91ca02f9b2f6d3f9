"""One user intent as one transaction: rows, events, operations to send and audit together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.services import auditing
from trafficdesk.services.changes import Changed
from trafficdesk.services.outcomes import LostRace, Outcome, Refused
from trafficdesk.services.session import Session
from trafficdesk.store import citizens, facts, history, outbox, reports, sync_marks
from trafficdesk.wire.fields import WRITABLE

_PLACE = frozenset({"lon", "lat"})
_INSTANTS = {"decided_ms": "decided_at", "deleted_ms": "deleted_at"}


class Intent:
    """Collects what an intent does; made by ``intent``, finished by ``outcome``."""

    def __init__(
        self, session: Session, connection: Connection, kind: str, undoes: UUID | None
    ) -> None:
        self.session = session
        self.connection = connection
        self.kind = kind
        self.now = session.clock()
        self.lease_now = session.lease_clock()
        self._at_ms = to_ms(self.now)
        self._undoes = undoes
        self._calendar: Calendar | None = None
        self._action_id: UUID | None = None
        self._changed = Changed()
        self._refused: list[Refused] = []
        self._lost: list[LostRace] = []

    @property
    def at_ms(self) -> int:
        """The instant of the intent in epoch milliseconds."""
        return self._at_ms

    @property
    def calendar(self) -> Calendar:
        """The desk's calendar, read once."""
        if self._calendar is None:
            self._calendar = facts.calendar(self.connection)
        return self._calendar

    @property
    def year(self) -> int:
        """The year it is in the desk's city, which reference numbers carry."""
        return self.calendar.month_of(self._at_ms) // 12

    @property
    def action_id(self) -> UUID:
        """The id of this action; it is written with the first thing done."""
        if self._action_id is None:
            self._action_id = new_id()
            officer = self.session.officer
            history.begin_action(
                self.connection,
                history.ActionInsert(
                    self._action_id, officer.id, self.kind, self._at_ms, self._undoes
                ),
            )
        return self._action_id

    def begin(self) -> None:
        """Write the action also when nothing can be done: what it undoes is settled with it."""
        _ = self.action_id

    def refuse(self, refused: Refused) -> None:
        """Note a report that is left as it was."""
        self._refused.append(refused)

    def lose(self, report: Report, expected_revision: int) -> None:
        """Note a report that somebody changed first."""
        since = history.events_since(self.connection, report.id, expected_revision)
        self._lost.append(LostRace(report, tuple(since)))

    def change_report(
        self, report: Report, action: str, values: Mapping[str, object], note: str = ""
    ) -> bool:
        """Change fields of a report that stands at ``report.revision``.

        Fields that keep their value are left out. False when nothing would change.
        """
        changes = _changes(report, values)
        if not changes:
            return False
        revision = reports.update(
            self.connection,
            self.calendar,
            reports.ReportUpdate(
                report.pk, report.revision, {c.field: c.new for c in changes}, self._at_ms
            ),
        )
        if revision is None:  # the writer is alone and has just read the report
            raise AssertionError(f"report {report.pk} changed inside its own transaction")
        if report.reporter_id is not None and "status" in values:
            after = ReportStatus(str(values["status"]))
            citizens.follow(self.connection, report.reporter_id, report.status, after)
        self.record(
            Entity.REPORT,
            report.id,
            action,
            Recorded(report.version, revision, changes, note),
        )
        self._changed |= Changed(reports=frozenset({report.pk}))
        return True

    def record(self, entity: Entity, entity_id: UUID, action: str, what: "Recorded") -> None:
        """Write the event, the operation to send and the audit entry of one change.

        A desk that is joined to a server sends only what the server lets desks change; who may
        open this desk, for one, is its own affair.
        """
        op_id = new_id()
        history.append(
            self.connection,
            history.Operation(
                op_id=op_id,
                action_id=self.action_id,
                entity=entity,
                entity_id=entity_id,
                action=action,
                base_version=what.base_version,
                revision=what.revision,
                changes=what.changes,
                note=what.note,
                actor_id=self.session.officer.id,
                device_id=self.session.device_id,
                at_ms=self._at_ms,
            ),
        )
        if entity not in WRITABLE and sync_marks.find_link(self.connection) is not None:
            outbox.keep_here(self.connection, op_id)
        auditing.append(
            self.session,
            self.connection,
            auditing.Audited(
                f"{entity}.{action}",
                entity,
                str(entity_id),
                history.encode_changes(what.changes),
            ),
        )

    def note_changed(self, changed: Changed) -> None:
        """Add to what screens must ask for again."""
        self._changed |= changed

    def outcome(self) -> Outcome:
        """Return what became of the intent."""
        return Outcome(
            self.kind, self._action_id, self._changed, tuple(self._refused), tuple(self._lost)
        )


class Recorded:
    """One change of a record: the server's version it is based on, and what it became here."""

    __slots__ = ("base_version", "changes", "note", "revision")

    def __init__(
        self, base_version: int, revision: int, changes: tuple[FieldChange, ...], note: str = ""
    ) -> None:
        self.base_version = base_version
        self.revision = revision
        self.changes = changes
        self.note = note


def _changes(report: Report, values: Mapping[str, object]) -> tuple[FieldChange, ...]:
    """Return what the values change; longitude and latitude are one place and go together."""
    changes = tuple(FieldChange(name, field_value(report, name), values[name]) for name in values)
    moved = {change.field for change in changes if change.old != change.new}
    if moved & _PLACE:
        changes += tuple(
            FieldChange(name, old, old)
            for name in sorted(_PLACE - values.keys())
            if (old := field_value(report, name)) is not None
        )
        moved |= _PLACE
    return tuple(change for change in changes if change.field in moved)


def field_value(report: Report, name: str) -> object:
    """Return a changeable field of a report as the JSON value that operations carry."""
    if name in {"lon", "lat"}:
        return getattr(report.place, name)
    if name == "lease_until_ms":
        return None if report.lease is None else to_ms(report.lease.expires_at)
    if name in _INSTANTS:
        at = getattr(report, _INSTANTS[name])
        return None if at is None else to_ms(at)
    value = getattr(report, name)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else value


@contextmanager
def intent(session: Session, kind: str, undoes: UUID | None = None) -> Iterator[Intent]:
    """Open the transaction of one intent; it commits whole when the block ends well."""
    with session.store.writing() as connection:
        yield Intent(session, connection, kind, undoes)
