"""The desk's own timetable frees leases and keeps the audit chain's head."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.security.audit_anchor import load_anchor
from trafficdesk.services.changes import Changed
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.routines import Routines
from trafficdesk.services.session import Session


def test_starting_frees_what_ran_out_while_the_desk_was_closed(
    session: Session,
    file: Callable[..., Report],
    reread: Callable[[Report], Report],
    seen: Callable[[Report], list[Target]],
) -> None:
    report = file()
    take_step(session, seen(report), Step(Move.CLAIM))
    later = replace(session, clock=lambda: report.reported_at + timedelta(hours=2))
    told = [Changed()]
    routines = Routines(later, lambda work: told.append(work()))
    routines.start()
    routines.stop()
    assert reread(report).status is ReportStatus.PENDING
    assert told[-1].reports == {report.pk}


def test_the_kept_head_is_the_chains_last_entry(
    session: Session, file: Callable[..., Report]
) -> None:
    file()
    Routines(session, print)._keep_head()
    head = load_anchor(session.profile, session.key)
    assert head is not None
    assert head.seq > 1
