"""Reports that come round: an officer asks for one, sees what became of it, and ends it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.deliveries import is_address
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.reporting.asked import ReportFault
from trafficdesk.domain.reporting.catalogue import BY_ID
from trafficdesk.domain.schedules import About, Stretch, Timetable, Wish
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.reporting import making
from trafficdesk.services.session import Session
from trafficdesk.store import deliveries, facts, officers
from trafficdesk.store import schedules as rows
from trafficdesk.store.deliveries import Delivery
from trafficdesk.store.schedules import Run

MOST_ADDRESSES: Final = 20
MOST_SHOWN: Final = 50


class WishFault(StrEnum):
    """Why a report does not come round as it is wished for."""

    WRONG_ABOUT = "wrong_about"
    NOWHERE = "nowhere"
    FOLDER = "folder"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule as its station sees it.

    ``next_ms`` is when the next report is due, ``last`` the newest run, ``is_own`` whether the
    officer may end it: their own, or anybody's who manages officers.
    """

    id: UUID
    wish: Wish
    officer_id: UUID
    officer: str
    next_ms: int
    last: Run | None
    deliveries: tuple[Delivery, ...]
    passed_over: int
    is_own: bool


def find_fault(session: Session, wish: Wish) -> WishFault | ReportFault | None:
    """Return why this officer may not have such a report come round; None if they may."""
    is_of_shift = wish.about is About.LAST_SHIFT
    template = BY_ID.get(wish.template_id)
    if template is not None and template.is_of_a_shift is not is_of_shift:
        return WishFault.WRONG_ABOUT
    some_day = Stretch(Period(0, 1), 0 if is_of_shift else None)
    fault = making.find_fault(session, wish.asked(some_day), wish.form)
    if fault is not None:
        return fault
    return _target_fault(wish)


def _target_fault(wish: Wish) -> WishFault | None:
    if not wish.folder and not wish.addresses:
        return WishFault.NOWHERE
    if wish.folder and not Path(wish.folder).is_absolute():
        return WishFault.FOLDER
    if len(wish.addresses) > MOST_ADDRESSES or not all(map(is_address, wish.addresses)):
        return WishFault.ADDRESS
    return None


def add(session: Session, wish: Wish) -> UUID | WishFault | ReportFault:
    """Have a report come round from now on; return the id of its schedule."""
    fault = find_fault(session, wish)
    if fault is not None:
        return fault
    now_ms = to_ms(session.lease_clock())
    told = msgspec.json.encode(wish).decode()
    made = rows.Schedule(new_id(), session.officer.id, told, now_ms, now_ms)
    with session.store.writing() as connection:
        rows.add(connection, made)
        note(session, connection, "add", made.id, told)
    return made.id


def note(
    session: Session, connection: Connection, action: str, schedule_id: UUID, detail: str = "{}"
) -> None:
    """Write into the audit chain what was done about a schedule."""
    what = auditing.Audited(
        f"{Entity.SCHEDULE}.{action}", Entity.SCHEDULE, str(schedule_id), detail
    )
    auditing.append(session, connection, what)


def remove(session: Session, schedule_id: UUID) -> bool:
    """End a schedule, with what of it was not delivered yet; False if it is not theirs to end."""
    with session.store.writing() as connection:
        found = rows.find(connection, schedule_id)
        if found is None or not may_end(session, found.officer_id):
            return False
        rows.remove(connection, schedule_id)
        note(session, connection, "remove", schedule_id, found.wish)
    return True


def may_end(session: Session, officer_id: UUID) -> bool:
    """Tell whether the officer may end what an officer had come round."""
    return officer_id == session.officer.id or session.may(Permission.OFFICER_MANAGE)


def find_wish(text: str) -> Wish | None:
    """Return the wish in a schedule's JSON; None of one that a newer program wrote."""
    try:
        return msgspec.json.decode(text, type=Wish)
    except (msgspec.MsgspecError, ValueError):
        return None


def find(session: Session) -> list[Scheduled]:
    """Return the schedules of this desk in the order they were made."""
    now_ms = to_ms(session.lease_clock())
    with session.store.reading() as connection:
        zone = facts.time_zone(connection)
        names = officers.find_names(connection)
        return [
            Scheduled(
                kept.id,
                wish,
                kept.officer_id,
                names.get(kept.officer_id, ""),
                timetable(wish, zone).next_due_ms(now_ms),
                last := rows.find_last(connection, kept.id),
                () if last is None else tuple(deliveries.find_of_run(connection, last.pk)),
                kept.passed_over,
                may_end(session, kept.officer_id),
            )
            for kept in rows.find_all(connection)
            if (wish := find_wish(kept.wish)) is not None
        ]


def timetable(wish: Wish, zone_name: str) -> Timetable:
    """Return when a wish comes round in a city."""
    return Timetable(wish.rhythm, wish.about, zone_name)


def find_deliveries(session: Session) -> list[Delivery]:
    """Return what waits or failed first, then what was delivered last."""
    with session.store.reading() as connection:
        return deliveries.find_recent(connection, MOST_SHOWN)
