"""Who may open this desk: officers added, changed, removed, and helped with their password."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import RULES, Move
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import FieldChange, Officer
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity, ReportStatus, Role
from trafficdesk.security import enrolment, key_slots, tries
from trafficdesk.security import unlock as unlocking
from trafficdesk.security.enrolment import LastOfficerWhoMay
from trafficdesk.security.errors import OfficerUnknown
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.passwords import PasswordRefused, find_fault
from trafficdesk.services import auditing
from trafficdesk.services.auditing import Audited
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded, intent
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, reports, sync_marks

DESK_ROLES: Final = (Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
NAME_LENGTH: Final = 60
RANK_LENGTH: Final = 40
_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aeiou"
_CHANGED: Final = Changed(kinds=frozenset({Entity.OFFICER}))
_RECORDED: Final = ("name", "initials", "rank", "role")


class OfficerFault(StrEnum):
    """Why something about an officer was not done."""

    NOT_PERMITTED = "not_permitted"
    NAME_MISSING = "name_missing"
    INITIALS_WRONG = "initials_wrong"
    INITIALS_TAKEN = "initials_taken"
    ROLE_WITHOUT_DESK = "role_without_desk"
    ONESELF = "oneself"
    UNKNOWN = "unknown"
    NOTHING_TO_CHANGE = "nothing_to_change"
    SERVER_RULES = "server_rules"


@dataclass(frozen=True, slots=True)
class OfficerRefused:
    """Nothing was done; ``detail`` names who stands in the way, if somebody does."""

    fault: OfficerFault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OfficerDetails:
    """What is said of an officer. ``initials`` are 2 or 3 letters and mark their leases."""

    name: str
    initials: str
    rank: str
    role: Role

    def tidy(self) -> "OfficerDetails":
        """Return the details as they are kept: one line each, initials in capitals."""
        return replace(
            self,
            name=clean_line(self.name, NAME_LENGTH),
            initials=clean_line(self.initials, 8).upper(),
            rank=clean_line(self.rank, RANK_LENGTH),
        )


@dataclass(frozen=True, slots=True)
class OfficerDone:
    """An officer was added, changed or removed; ``released`` reports went back to the queue."""

    officer_id: UUID
    changed: Changed
    released: int = 0


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An officer of this desk, and how they open it; ``has_password``: they can at all."""

    holder: Holder
    must_change_password: bool
    has_keyring: bool
    is_locked: bool
    has_password: bool = True


def _find_fault(
    session: Session, details: OfficerDetails, officer_id: UUID | None = None
) -> OfficerRefused | None:
    if not session.may(Permission.OFFICER_MANAGE):
        return OfficerRefused(OfficerFault.NOT_PERMITTED)
    if not details.name:
        return OfficerRefused(OfficerFault.NAME_MISSING)
    if not 2 <= len(details.initials) <= 3 or not details.initials.isalpha():  # noqa: PLR2004 - as the record says
        return OfficerRefused(OfficerFault.INITIALS_WRONG)
    if details.role not in DESK_ROLES:
        return OfficerRefused(OfficerFault.ROLE_WITHOUT_DESK)
    for other in (*key_slots.holders(session.profile), *_find_without_slot(session)):
        if other.initials == details.initials and other.officer_id != officer_id:
            return OfficerRefused(OfficerFault.INITIALS_TAKEN, other.name)
    return None


def _find_holder(session: Session, officer_id: UUID) -> Holder | None:
    """Return an officer of this desk, also one who has no password yet."""
    holders = (*key_slots.holders(session.profile), *_find_without_slot(session))
    return next((each for each in holders if each.officer_id == officer_id), None)


def _find_without_slot(session: Session) -> list[Holder]:
    """Return who was added and got no password: the program ended in between.

    A server's desk knows everybody of its city; there that says nothing.
    """
    if is_joined(session):
        return []
    enrolled = set(key_slots.load(session.profile).slots.officer_ids)
    with session.store.reading() as connection:
        present = officers.find_present(connection)
    return [
        Holder(each.id, each.name, each.initials, each.rank, each.role)
        for each in present
        if each.id not in enrolled
    ]


def _holder(officer_id: UUID, details: OfficerDetails) -> Holder:
    return Holder(officer_id, details.name, details.initials, details.rank, details.role)


def _officer(holder: Holder, station_id: UUID) -> Officer:
    return Officer(
        holder.officer_id, holder.name, holder.initials, holder.rank, holder.role, station_id
    )


def list_enrolled(session: Session) -> list[Enrolled]:
    """Return the officers of this desk, by name. Raises what ``key_slots.load`` raises."""
    slots = key_slots.load(session.profile).slots
    now = session.clock()
    found = [
        Enrolled(
            slot.holder,
            slot.must_change,
            slots.find_keyring(slot.holder.officer_id) is not None,
            tries.find_lock(session.profile, slot.holder.officer_id, slots.officer_ids, now)
            is not None,
        )
        for slot in slots.officers
    ]
    found += [
        Enrolled(
            holder,
            must_change_password=False,
            has_keyring=False,
            is_locked=False,
            has_password=False,
        )
        for holder in _find_without_slot(session)
    ]
    return sorted(found, key=lambda each: each.holder.name.casefold())


def add_officer(
    session: Session, details: OfficerDetails, password: str
) -> OfficerDone | OfficerRefused | PasswordRefused:
    """Give a new officer of this station a temporary password; they choose their own with it.

    Raises what ``enrolment.add_officer`` and the store raise.
    """
    tidy = details.tidy()
    fault = _find_fault(session, tidy) or _find_ruler(session)
    if fault is not None:
        return fault
    weak = find_fault(password, tidy.name, session.profile.policy.passwords)
    if weak is not None:
        return weak
    with intent(session, "add_officer") as doing:
        holder = _holder(new_id(), tidy)
        officer = _officer(holder, facts.home_station_id(doing.connection))
        officers.put(doing.connection, officer)
        changes = tuple(
            FieldChange(name, None, str(getattr(officer, name)))
            for name in (*_RECORDED, "station_id")
        )
        doing.record(Entity.OFFICER, officer.id, "add", Recorded(0, 1, changes))
    # The slot last: without it the officer stands in the list and can be given a password.
    enrolment.add_officer(session.profile, session.key, holder, password, must_change=True)
    return OfficerDone(holder.officer_id, _CHANGED)


def is_joined(session: Session) -> bool:
    """Tell whether this desk is enrolled with a server, whose people alone may work at it."""
    with session.store.reading() as connection:
        return sync_marks.find_link(connection) is not None


def _find_ruler(session: Session) -> OfficerRefused | None:
    """Return why who somebody is cannot be said here: the server's directory has the say."""
    return OfficerRefused(OfficerFault.SERVER_RULES) if is_joined(session) else None


def admit_officer(
    session: Session, officer: Officer, password: str
) -> OfficerDone | OfficerRefused | PasswordRefused:
    """Let somebody whom the server knows, and who proved it, open this desk with that password.

    Raises what ``enrolment.add_officer`` and the store raise.
    """
    if not session.may(Permission.OFFICER_MANAGE):
        return OfficerRefused(OfficerFault.NOT_PERMITTED)
    if officer.role not in DESK_ROLES:
        return OfficerRefused(OfficerFault.ROLE_WITHOUT_DESK)
    if _find_holder(session, officer.id) is not None:
        return OfficerRefused(OfficerFault.NOTHING_TO_CHANGE)
    weak = find_fault(password, officer.name, session.profile.policy.passwords)
    if weak is not None:
        return weak
    holder = Holder(officer.id, officer.name, officer.initials, officer.rank, officer.role)
    with intent(session, "add_officer") as doing:
        officers.put(doing.connection, officer)
        changes = tuple(FieldChange(n, None, str(getattr(officer, n))) for n in _RECORDED)
        doing.record(Entity.OFFICER, officer.id, "add", Recorded(0, 1, changes))
    enrolment.add_officer(session.profile, session.key, holder, password)
    return OfficerDone(holder.officer_id, _CHANGED)


def change_officer(
    session: Session, officer_id: UUID, details: OfficerDetails
) -> OfficerDone | OfficerRefused | LastOfficerWhoMay:
    """Give an officer another name, initials, rank or role; the password stays.

    On a desk with a server that is the server's to do. Raises what ``enrolment.rename_officer``
    and the store raise.
    """
    tidy = details.tidy()
    fault = _find_fault(session, tidy, officer_id) or _find_ruler(session)
    if fault is not None:
        return fault
    before = _find_holder(session, officer_id)
    if before is None:
        return OfficerRefused(OfficerFault.UNKNOWN)
    after = _holder(officer_id, tidy)
    if after == before:
        return OfficerRefused(OfficerFault.NOTHING_TO_CHANGE)
    last = enrolment.find_last(session.profile, after)
    if last is not None:
        return last
    with intent(session, "change_officer") as doing:
        kept = officers.get(doing.connection, officer_id)
        changed = _officer(after, kept.station_id)
        officers.put(doing.connection, changed)
        changes = tuple(
            FieldChange(name, str(old), str(new))
            for name in _RECORDED
            if (old := getattr(before, name)) != (new := getattr(after, name))
        )
        doing.record(Entity.OFFICER, officer_id, "change", Recorded(0, 0, changes))
    if officer_id == session.officer.id:
        session.officer = changed
    # The store decides who an officer is; their slot follows, at the latest when they unlock.
    with suppress(OfficerUnknown):  # they have no password yet
        enrolment.rename_officer(session.profile, session.key, after)
    return OfficerDone(officer_id, _CHANGED)


def remove_officer(
    session: Session, officer_id: UUID
) -> OfficerDone | OfficerRefused | LastOfficerWhoMay:
    """Take an officer's ways to open this desk away and put their reports back into the queue.

    Their name stays in the history. The slot goes first: a kill in between leaves an officer who
    opens nothing any more, and doing it again finishes it.
    Raises what ``enrolment.remove_officer`` and the store raise.
    """
    if not session.may(Permission.OFFICER_MANAGE):
        return OfficerRefused(OfficerFault.NOT_PERMITTED)
    if officer_id == session.officer.id:
        return OfficerRefused(OfficerFault.ONESELF)
    with intent(session, "remove_officer") as doing:
        present = {each.id for each in officers.find_present(doing.connection)}
        try:
            done = enrolment.remove_officer(session.profile, session.key, officer_id)
        except OfficerUnknown:
            if officer_id not in present:
                return OfficerRefused(OfficerFault.UNKNOWN)
        else:
            if isinstance(done, LastOfficerWhoMay):
                return done
        released = _release_reports(doing, officer_id)
        officers.mark_removed(doing.connection, officer_id, doing.at_ms)
        change = FieldChange("removed_ms", None, doing.at_ms)
        doing.record(Entity.OFFICER, officer_id, "remove", Recorded(0, 0, (change,)))
        return OfficerDone(officer_id, _CHANGED | doing.outcome().changed, released)


def _release_reports(doing: Intent, officer_id: UUID) -> int:
    pks = reports.find_assigned(doing.connection, officer_id)
    for pk in pks:
        report = reports.get(doing.connection, pk)
        values: dict[str, object] = {"assignee_id": None, "lease_until_ms": None}
        if report.status is ReportStatus.UNDER_REVIEW:
            values["status"] = str(RULES[Move.RELEASE].ends)
        doing.change_report(report, "officer_left", values)
    return len(pks)


def set_password(
    session: Session, officer_id: UUID, password: str
) -> Holder | OfficerRefused | PasswordRefused:
    """Give another officer a temporary password and end their lock-out.

    Only somebody who manages officers may do this for another who does. Raises what
    ``unlock.set_password`` and the store raise.
    """
    holder = _find_holder(session, officer_id)
    if holder is None:
        return OfficerRefused(OfficerFault.UNKNOWN)
    if officer_id == session.officer.id:
        return OfficerRefused(OfficerFault.ONESELF)
    if not may_set_password(session, holder.role):
        return OfficerRefused(OfficerFault.NOT_PERMITTED)
    weak = find_fault(password, holder.name, session.profile.policy.passwords)
    if weak is not None:
        return weak

    # Told first: a kill in between leaves an entry too many, and no help that nobody hears of.
    auditing.note(session, Audited("officer.set_password", Entity.OFFICER, str(officer_id)))
    profile, key = session.profile, session.key
    ids = key_slots.load(profile).slots.officer_ids
    if officer_id in ids:
        unlocking.set_password(profile, key, officer_id, password, must_change=True)
    else:
        enrolment.add_officer(profile, key, holder, password, must_change=True)
    tries.end_lock(profile, officer_id, ids, session.clock())
    return holder


def may_set_password(session: Session, role: Role) -> bool:
    """Tell whether the officer may set a password for somebody of this role."""
    needed = [Permission.OFFICER_UNLOCK]
    if may(role, Permission.OFFICER_MANAGE):
        needed.append(Permission.OFFICER_MANAGE)
    return all(map(session.may, needed))


def suggest_password() -> str:
    """Return a temporary password that can be said aloud: 8 syllables, about 50 bits of chance."""
    syllables = [secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(8)]
    return "-".join("".join(syllables[at : at + 2]) for at in range(0, len(syllables), 2))
