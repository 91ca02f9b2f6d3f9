"""Which unit this desk is, if it rides in a car: chosen, kept well, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Position, Unit
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.auditing import Audited
from trafficdesk.services.dispatch_board import welfare_due_at
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import facts, own_track, unit_positions, units
from trafficdesk.store.own_track import Kept


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """The unit that this desk is; ``welfare_due_at`` is None while it is not out."""

    unit: Unit
    welfare_due_at: datetime | None = None


def find(session: Session) -> OwnUnit | None:
    """Return the unit that this desk is; None at a station, and once the unit is retired."""
    with session.store.reading() as connection:
        unit = _find_standing(connection, facts.find_own_unit(connection))
        if unit is None:
            return None
        held = units.find_held(connection, unit)
    return OwnUnit(unit, welfare_due_at(unit, held))


def _find_standing(connection: Connection, unit_id: UUID | None) -> Unit | None:
    unit = None if unit_id is None else units.find(connection, unit_id)
    return None if unit is None or unit.deleted_at is not None else unit


def choose(session: Session, unit_id: UUID | None) -> Refusal | None:
    """Say which unit this desk is, or that it is none; return why not.

    It is this desk's own affair, and no record: no other desk is told.
    """
    if not session.may(Permission.INCIDENT_RESPOND):
        return Refusal.NOT_PERMITTED
    with session.store.writing() as connection:
        if unit_id is not None and _find_standing(connection, unit_id) is None:
            return Refusal.UNKNOWN_UNIT
        former = facts.find_own_unit(connection)
        if former == unit_id:
            return None
        facts.put_own_unit(connection, unit_id)
        action = "desk.leave_unit" if unit_id is None else "desk.be_unit"
        auditing.append(session, connection, Audited(action, Entity.UNIT, str(unit_id or former)))
    return None


def keep(session: Session, positions: Sequence[Position], keep_days: int) -> None:
    """Keep where the own unit is, and where it was for so many days.

    No event, no operation and no audit entry is made of it.
    """
    with session.store.writing() as connection:
        unit_positions.put(connection, positions)
        if keep_days > 0:
            own_track.put(connection, positions)
        own_track.prune(connection, _oldest(session, keep_days))


def prune(session: Session, keep_days: int) -> int:
    """Forget where this laptop was longer ago than so many days."""
    with session.store.writing() as connection:
        return own_track.prune(connection, _oldest(session, keep_days))


def count_track(session: Session) -> Kept:
    """Return how much of this laptop's way is kept."""
    with session.store.reading() as connection:
        return own_track.count(connection)


def _oldest(session: Session, keep_days: int) -> datetime | None:
    """Return since when the way is kept; None: never, whatever instant a receiver's clock told."""
    return session.clock() - timedelta(days=keep_days) if keep_days > 0 else None
