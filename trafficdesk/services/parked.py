"""Operations the server would not take: why, and what an officer does about each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.records import Report
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.changes import NOTHING, Changed
from trafficdesk.services.session import Session
from trafficdesk.store import officers, outbox, reports
from trafficdesk.store.history import Operation
from trafficdesk.store.outbox import Settled
from trafficdesk.wire.exchange import Result

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Parked:
    """One operation set aside: its reason is a code of PROTOCOL.md."""

    operation: Operation
    reason: str
    detail: str
    actor_name: str
    at: datetime
    report: Report | None


def find_parked(session: Session) -> list[Parked]:
    """Return what was set aside, the oldest first."""
    with session.store.reading() as connection:
        names = officers.find_names(connection)
        return [
            Parked(
                each.operation,
                each.reason,
                each.detail,
                names.get(each.operation.actor_id, ""),
                from_ms(each.operation.at_ms),
                reports.find_by_id(connection, each.operation.entity_id),
            )
            for each in outbox.find_parked(connection)
        ]


def retry(session: Session, op_id: UUID) -> Changed:
    """Send an operation once more, as it is; nothing if it is not set aside any more."""
    # That it was refused is kept: until it is taken it is in no row here.
    return _move_on(session, op_id, Settled(op_id, outbox.QUEUED, str(Result.REJECTED)), "retry")


def withdraw(session: Session, op_id: UUID) -> Changed:
    """Give an operation up; it stays in the history as withdrawn, and is never sent."""
    return _move_on(session, op_id, Settled(op_id, outbox.SETTLED, WITHDRAWN), "withdraw")


def _move_on(session: Session, op_id: UUID, become: Settled, action: str) -> Changed:
    with session.store.writing() as connection:
        found = outbox.find(connection, op_id)
        if found is None or found[0] != outbox.PARKED:
            return NOTHING
        operation = found[1]
        outbox.settle(connection, [become], to_ms(session.clock()))
        audited = auditing.Audited(
            f"operation.{action}", operation.entity, str(operation.entity_id), str(op_id)
        )
        auditing.append(session, connection, audited)
        report = reports.find_by_id(connection, operation.entity_id)
    kinds = frozenset({operation.entity} - {Entity.REPORT})
    return Changed(frozenset() if report is None else frozenset({report.pk}), kinds)
