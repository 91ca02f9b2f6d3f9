"""What second looks came to: agreement by officer and by decision, and where two differ."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from trafficdesk.domain.analytics.agreement import Agreement
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.second_looks import (
    Look,
    agreement_among,
    agreement_by,
    standing,
)
from trafficdesk.domain.authority import SECOND_OPINIONS, plain_action
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Event
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus
from trafficdesk.services.analytics.as_of import heard_at
from trafficdesk.services.board import ReportDetail, detail_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, reports
from trafficdesk.store.analytics import looks

_TELLING: Final = frozenset({"approve", "reject", "mark_duplicate", "want_second_look"})


@dataclass(frozen=True, slots=True)
class OfOfficer:
    """How far second looks agree with an officer's decisions."""

    officer_id: UUID | None
    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class OfDecision:
    """How far they agree with a kind of decision; ``reason`` of rejections."""

    verdict: ReportStatus
    reason: RejectionReason | None
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Differing:
    """One decision that whoever looked again would have made otherwise."""

    look: Look
    name: str


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """What was looked at twice in a scope, the least agreed and the latest first.

    ``waiting`` are the numbers of what the officer may look at now, wherever it is.
    """

    scope: Scope
    whole: Agreement
    by_officer: tuple[OfOfficer, ...]
    by_decision: tuple[OfDecision, ...]
    differing: tuple[Differing, ...]
    waiting: tuple[int, ...]
    as_of: datetime


def find_second_looks(session: Session, scope: Scope) -> SecondLooks:
    """Return what second looks came to; of others' decisions only to whom they may be told."""
    with session.store.reading() as connection:
        from_ms, past_ms = scope.period.span_ms(facts.calendar(connection))
        known = looks.find_looks(connection, from_ms)
        waiting = looks.find_waiting(connection, session.officer.id)
        names = officers.find_names(connection)
        as_of = heard_at(connection, session)
    may_see = session.may(Permission.ANALYTICS_OFFICERS)
    found = [
        look
        for look in standing(known)
        if look.at_ms < past_ms
        and _is_in(scope, look)
        and (may_see or look.decided.officer_id == session.officer.id)
    ]

    def name_of(officer_id: UUID | None) -> str:
        return "" if officer_id is None else names.get(officer_id, "")

    by_officer = agreement_by(found, lambda look: look.decided.officer_id)
    by_decision = agreement_by(found, lambda look: (look.decided.verdict, look.decided.reason))
    differing = sorted((look for look in found if not look.agrees), key=lambda look: -look.at_ms)
    return SecondLooks(
        scope,
        agreement_among(found),
        tuple(OfOfficer(each, name_of(each), of) for each, of in by_officer.items()),
        tuple(OfDecision(*each, of) for each, of in by_decision.items()),
        tuple(Differing(look, name_of(look.decided.officer_id)) for look in differing),
        tuple(waiting) if session.may(Permission.REPORT_REOPEN) else (),
        as_of,
    )


def _is_in(scope: Scope, look: Look) -> bool:
    part = {
        Part.CITY: None,
        Part.STATION: look.station_id,
        Part.WARD: look.ward_id,
        Part.OFFICER: look.decided.officer_id,
    }
    return part[scope.part] == scope.part_id


def get_blind(session: Session, pk: int) -> ReportDetail:
    """Return a decided report as it was before anybody decided: nothing tells what they did.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such report.
    """
    with session.store.reading() as connection:
        report = reports.get(connection, pk)
        undecided = replace(
            report,
            status=ReportStatus.PENDING,
            reviewer_id=None,
            decided_at=None,
            decision_note="",
            rejection_reason=None,
            duplicate_of=None,
            assignee_id=None,
            lease=None,
        )
        found = detail_of(connection, undecided)
    return replace(found, events=_before_decision(found.events), citations=(), original="")


def _before_decision(events: tuple[Event, ...]) -> tuple[Event, ...]:
    telling = _TELLING | SECOND_OPINIONS.keys()
    first = next((n for n, each in enumerate(events) if plain_action(each.action) in telling), None)
    return events[:first]
