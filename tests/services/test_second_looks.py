"""Second looks: drawn by lot, given by somebody else, and counted as agreement."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.analytics.periods import last_days
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Role
from trafficdesk.services import undo
from trafficdesk.services.analytics.overview import find_overview
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.second_looks import draw_sample, give_opinion
from trafficdesk.services.session import Session
from trafficdesk.store import facts

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]
MakeSession = Callable[..., Session]
APPROVE = Step(Move.APPROVE)
REJECT = Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)


@pytest.fixture
def boss(session: Session, make_session: MakeSession) -> Session:
    assert session
    return make_session(Role.SUPERVISOR, "Latha R")


@pytest.fixture
def decided(session: Session, file: FileReport, seen: Seen, reread: Reread) -> list[Report]:
    """Return ten reports that an officer decided, every other one approved."""
    made = []
    for number in range(10):
        report = file()
        assert take_step(session, seen(report), REJECT if number % 2 else APPROVE).is_done
        made.append(reread(report))
    return made


def week(session: Session) -> Scope:
    """Return the seven days that end with today."""
    with session.store.reading() as connection:
        today = facts.calendar(connection).day_of(to_ms(session.clock()))
    return Scope(last_days(today, 7))


def figure(session: Session, name: MetricId, scope: Scope) -> tuple[float | None, int]:
    """Return a KPI's value and how many things it is told from."""
    found = next(each for each in find_overview(session, scope).kpis if each.metric_id is name)
    return found.value, found.n


def test_a_share_is_drawn_by_lot_from_what_others_decided(
    boss: Session, decided: list[Report], reread: Reread
) -> None:
    assert draw_sample(boss, week(boss), 0.3).is_done
    drawn = [each.pk for each in decided if reread(each).second_look]
    assert len(drawn) == 3
    again = draw_sample(boss, week(boss), 0.5)  # of the seven that are left
    assert again.is_done
    assert sum(reread(each).second_look for each in decided) == 3 + 4


def test_nobody_draws_their_own_decisions_and_no_officer_draws(
    boss: Session, session: Session, decided: list[Report], reread: Reread
) -> None:
    refused = draw_sample(session, week(session), 1)
    assert [each.code for each in refused.refused] == [Refusal.NOT_PERMITTED]
    own = replace(boss, officer=replace(boss.officer, id=session.officer.id))
    assert draw_sample(own, week(boss), 1).action_id is None
    assert not any(reread(each).second_look for each in decided)


def test_agreement_is_told_with_what_chance_would_agree_on(
    boss: Session, session: Session, decided: list[Report], reread: Reread
) -> None:
    draw_sample(boss, week(boss), 1)
    for number, report in enumerate(decided):  # agrees on all approvals, and on three rejections
        is_kept = number % 2 and number < 6
        verdict = ReportStatus.REJECTED if is_kept else ReportStatus.APPROVED
        now = reread(report)
        assert give_opinion(boss, Target(now.pk, now.revision), verdict).is_done
        after = reread(report)
        assert (after.second_look, after.status) == (False, report.status)
    for scope in (week(boss), replace(week(boss), officer_id=session.officer.id)):
        assert figure(boss, MetricId.SECOND_LOOKS, scope) == (10, 10)
        assert figure(boss, MetricId.AGREEMENT, scope) == (0.8, 10)
        kappa, _ = figure(boss, MetricId.KAPPA, scope)
        assert kappa == pytest.approx((0.8 - 0.5) / (1 - 0.5))
    assert draw_sample(boss, week(boss), 1).action_id is None  # all were looked at


def test_a_second_look_says_what_stood_then_also_after_the_report_was_reopened(
    boss: Session, decided: list[Report], reread: Reread
) -> None:
    draw_sample(boss, week(boss), 1)
    report = reread(decided[0])
    target = Target(report.pk, report.revision)
    assert give_opinion(boss, target, ReportStatus.REJECTED).is_done
    now = reread(report)
    assert take_step(boss, [Target(now.pk, now.revision)], Step(Move.REOPEN)).is_done
    now = reread(report)
    assert take_step(boss, [Target(now.pk, now.revision)], REJECT).is_done
    assert figure(boss, MetricId.AGREEMENT, week(boss)) == (0, 1)


def test_nobody_looks_twice_at_their_own_and_an_undone_look_was_none(
    boss: Session, session: Session, decided: list[Report], reread: Reread
) -> None:
    draw_sample(boss, week(boss), 1)
    report = reread(decided[0])
    target = Target(report.pk, report.revision)
    assert give_opinion(session, target, ReportStatus.APPROVED).refused[0].code == "not_permitted"
    own = replace(boss, officer=replace(boss.officer, id=session.officer.id))
    refused = give_opinion(own, target, ReportStatus.APPROVED)
    assert [each.code for each in refused.refused] == [Refusal.OWN_DECISION]
    done = give_opinion(boss, target, ReportStatus.APPROVED, note="clear")
    assert done.action_id is not None
    assert undo.undo(boss, done.action_id).is_done
    assert reread(report).second_look
    assert figure(boss, MetricId.SECOND_LOOKS, week(boss)) == (0, 0)
