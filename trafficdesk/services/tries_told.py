"""Telling the audit chain what happened while nobody could write there: tries, lock-outs, help.

The counter beside the database keeps sums that only grow (``trafficdesk.security.tries``); the
store keeps how far its chain has heard them. Both are in one transaction with the entries, so that
a kill tells nothing twice and leaves nothing out.
"""

import json
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.security import key_slots, tries
from trafficdesk.security.tries import Count, Ledger
from trafficdesk.services import auditing
from trafficdesk.services.auditing import NOBODY, Audited
from trafficdesk.services.session import Session
from trafficdesk.store import facts

WRONG_TRIES: Final = "officer.wrong_tries"
_FACT: Final = "tries_told"
_NONE: Final = Count(0, 0, ())


class _Told(msgspec.Struct, frozen=True):
    """How far the chain has heard; tries and lock-outs by officer, ``at_ms`` when that was."""

    series: UUID
    at_ms: int
    counts: dict[UUID, tuple[int, int]]
    deed_number: int


def tell(session: Session, connection: Connection, known: UUID | None = None) -> int:
    """Write what the chain has not heard yet; return the number of the last deed it heard now.

    Of the officer ``known`` the wrong tries are told already. When the transaction has come to its
    end, ``forget`` gives the room back.
    """
    ids = key_slots.load(session.profile).slots.officer_ids
    ledger = tries.load_ledger(session.profile, ids, session.clock())
    told = _load(connection)
    if told is None or told.series != ledger.series:
        if told is not None or ledger.remade_ms:
            _append_lost(session, connection, ledger.remade_ms)
        since_ms = 0 if told is None else told.at_ms
        told = _Told(ledger.series, since_ms, {}, 0)
    _append_deeds(session, connection, ledger, told)
    for officer_id in {*ledger.counts, *told.counts} - {known}:
        count = ledger.counts.get(officer_id, _NONE)
        _append_tries(session, connection, officer_id, (count, told))
    number = max([told.deed_number, *(deed.number for deed in ledger.deeds)])
    counts = {each: (count.tries, count.lock_outs) for each, count in ledger.counts.items()}
    fresh = _Told(ledger.series, to_ms(session.clock()), counts, number)
    facts.put(connection, _FACT, msgspec.json.encode(fresh).decode())
    return number


def forget(session: Session, deed_number: int) -> None:
    """Drop from the counter what the chain has heard for good."""
    ids = key_slots.load(session.profile).slots.officer_ids
    tries.forget_deeds(session.profile, deed_number, ids, session.clock())


def _load(connection: Connection) -> _Told | None:
    kept = facts.find(connection, _FACT)
    return None if kept is None else msgspec.json.decode(kept, type=_Told)


def _append_lost(session: Session, connection: Connection, remade_ms: int) -> None:
    detail = json.dumps({"remade_ms": remade_ms})
    what = Audited("desk.tries_lost", Entity.DESK, str(session.device_id), detail, NOBODY)
    auditing.append(session, connection, what)


def _append_deeds(session: Session, connection: Connection, ledger: Ledger, told: _Told) -> None:
    for deed in ledger.deeds:
        if deed.number > told.deed_number:
            detail = json.dumps({"at_ms": deed.at_ms})
            what = Audited(deed.kind, Entity.OFFICER, str(deed.whom), detail, deed.by)
            auditing.append(session, connection, what)


def _append_tries(
    session: Session, connection: Connection, officer_id: UUID, between: tuple[Count, _Told]
) -> None:
    count, told = between
    tries_before, lock_outs_before = told.counts.get(officer_id, (0, 0))
    more = count.tries - tries_before
    if not more:
        return
    action = WRONG_TRIES if more > 0 else "desk.tries_set_back"
    detail = {
        "tries": more,
        "lock_outs": count.lock_outs - lock_outs_before,
        "since_ms": told.at_ms,
        "times_ms": list(count.times_ms[-more:]) if more > 0 else [],
    }
    what = Audited(action, Entity.OFFICER, str(officer_id), json.dumps(detail), NOBODY)
    auditing.append(session, connection, what)
