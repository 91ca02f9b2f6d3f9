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
from trafficdesk.services import board, undo
from trafficdesk.services.analytics.overview import find_overview
from trafficdesk.services.analytics.second_looks import find_second_looks, get_blind
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.second_looks import (
    draw_sample,
    find_sample,
    give_opinion,
    want_looks,
)
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


def look_again(boss: Session, report: Report, verdict: ReportStatus, note: str = "") -> Outcome:
    return give_opinion(boss, Target(report.pk, report.revision), verdict, note)


def test_agreement_is_told_by_officer_and_by_decision_with_what_to_talk_over(
    boss: Session, session: Session, decided: list[Report], reread: Reread
) -> None:
    draw_sample(boss, week(boss), 1)
    assert set(find_second_looks(boss, week(boss)).waiting) == {each.pk for each in decided}
    for number, report in enumerate(decided):
        verdict = ReportStatus.REJECTED if number in {1, 3, 4} else ReportStatus.APPROVED
        assert look_again(boss, reread(report), verdict, f"look {number}").is_done
    found = find_second_looks(boss, week(boss))
    assert found.waiting == ()
    assert (found.whole.n, found.whole.agreed) == (10, 6)
    assert [(each.name, each.agreement) for each in found.by_officer] == [("Meena K", found.whole)]
    assert [(each.verdict, each.reason, each.agreement.agreed) for each in found.by_decision] == [
        (ReportStatus.REJECTED, RejectionReason.NO_OFFENCE, 2),
        (ReportStatus.APPROVED, None, 4),
    ]
    assert {each.look.note for each in found.differing} == {"look 4", "look 5", "look 7", "look 9"}
    assert {each.look.looker for each in found.differing} == {"Latha R"}
    assert found.whole.kappa == agreement_kappa(boss)
    whose = replace(week(boss), officer_id=boss.officer.id)
    assert find_second_looks(boss, whose).whole.n == 0  # nobody looked at the supervisor's
    assert find_second_looks(session, week(session)).waiting == ()  # officers look at nobody's


def agreement_kappa(boss: Session) -> float | None:
    """Return the KPI, which is counted in another way."""
    return figure(boss, MetricId.KAPPA, week(boss))[0]


def test_an_undone_look_and_what_other_officers_did_are_not_told(
    boss: Session, make_session: MakeSession, decided: list[Report], reread: Reread
) -> None:
    other = make_session(Role.OFFICER, "Selvi R")
    draw_sample(boss, week(boss), 1)
    done = look_again(boss, reread(decided[0]), ReportStatus.REJECTED)
    assert look_again(boss, reread(decided[1]), ReportStatus.APPROVED).is_done
    assert find_second_looks(boss, week(boss)).whole.n == 2
    assert find_second_looks(other, week(other)).whole.n == 0
    assert done.action_id is not None
    assert undo.undo(boss, done.action_id).is_done
    found = find_second_looks(boss, week(boss))
    assert [each.look.report_pk for each in found.differing] == [decided[1].pk]
    assert decided[0].pk in found.waiting


def test_who_looks_again_is_not_told_what_was_decided(
    boss: Session, file: FileReport, session: Session, seen: Seen
) -> None:
    original, report = file(), file()
    merged = Step(Move.MARK_DUPLICATE, note="the same car", duplicate_of=original.id)
    assert take_step(session, seen(report), merged).is_done
    assert want_looks(boss, [report.pk]).is_done
    plain, blind = board.get_detail(boss, report.pk), get_blind(boss, report.pk)
    leaks = ("the same car", "mark_duplicate", "want_second_look", "ReportStatus.DUPLICATE")
    assert all(leak in repr(plain) for leak in leaks)
    assert not any(leak in repr(blind) for leak in (*leaks, str(session.officer.id)))
    assert blind.original == ""
    assert blind.report.status is ReportStatus.PENDING
    assert blind.report.revision == plain.report.revision
    assert [each.id for each in blind.may_be_same] == [original.id]  # as the first officer saw it


def test_what_was_undone_since_the_lots_were_drawn_is_not_asked_for(
    boss: Session, session: Session, file: FileReport, seen: Seen, reread: Reread
) -> None:
    report = file()
    done = take_step(session, seen(report), APPROVE)
    drawn = find_sample(boss, week(boss), 1, at_most=20)
    assert drawn == (report.pk,)
    assert done.action_id is not None
    assert undo.undo(session, done.action_id).is_done
    assert want_looks(boss, drawn).action_id is None
    assert not reread(report).second_look
