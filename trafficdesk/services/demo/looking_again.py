"""The demo's supervisor looks again at a sample of decisions, and mostly comes to the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.periods import last_days
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.demo import people
from trafficdesk.domain.records import Officer
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services.demo.words import SECOND_NOTES
from trafficdesk.services.review import Target
from trafficdesk.services.second_looks import find_sample, give_opinion, want_looks
from trafficdesk.services.session import Session
from trafficdesk.store import facts, reports

_SAMPLE: Final = 28
_DAYS: Final = 90
_DIFFERS_EVERY: Final = 5
_OTHER: Final = {
    ReportStatus.APPROVED: ReportStatus.REJECTED,
    ReportStatus.REJECTED: ReportStatus.APPROVED,
    ReportStatus.DUPLICATE: ReportStatus.APPROVED,
}


def look_again(session: Session, crew: Sequence[Officer]) -> None:
    """Draw a sample and look at it, each a minute after the other, up to the session's time."""
    until = session.clock()
    boss = replace(session, officer=crew[people.SUPERVISORS[0]])
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(until))
    drawn = find_sample(boss, Scope(last_days(today, _DAYS)), 1.0, _SAMPLE)
    begun_at = until - timedelta(minutes=len(drawn) + 1)
    want_looks(_at(boss, begun_at), drawn)
    for number, pk in enumerate(drawn, 1):
        at = begun_at + timedelta(minutes=number)
        _look(_at(boss, at), pk, differs=number % _DIFFERS_EVERY == 0)


def _at(session: Session, at: datetime) -> Session:
    return replace(session, clock=lambda: at)


def _look(boss: Session, pk: int, *, differs: bool) -> None:
    with boss.store.reading() as connection:
        report = reports.get(connection, pk)
    verdict = verdict_of(report.status)
    if verdict is None:
        raise AssertionError(f"report {pk} was drawn and is not decided")
    given = _OTHER[verdict] if differs else verdict
    note = SECOND_NOTES[given] if differs else ""
    give_opinion(boss, Target(pk, report.revision), given, note)
