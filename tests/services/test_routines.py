"""The desk's own timetable frees leases and keeps the audit chain's head."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.services.dispatching import PLACE, enlist
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Position, Report
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.security.audit_anchor import load_anchor
from trafficdesk.services.changes import Changed
from trafficdesk.services.demo.marker import DemoMark, write_mark
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.routines import Routines
from trafficdesk.services.session import Session
from trafficdesk.store import unit_positions

MakeSession = Callable[..., Session]


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


def test_the_units_of_a_demo_go_on_telling_where_they_are(make_session: MakeSession) -> None:
    session = make_session(Role.DISPATCHER, "Devi D")
    ages = {"P1": 1, "P2": 5, "P3": 40}
    made = {name: enlist(session, name).id for name in ages}
    start = session.clock()
    with session.store.writing() as connection:
        unit_positions.put(
            connection,
            [Position(made[name], PLACE, start - timedelta(minutes=ages[name])) for name in ages],
        )
    later = replace(session, clock=lambda: start + timedelta(hours=9))

    done = [Changed()]

    def heard() -> dict[str, timedelta]:
        routines = Routines(later, lambda work: done.append(work()))
        routines.start()
        routines.stop()
        with later.store.reading() as connection:
            known = unit_positions.find_all(connection)
        return {name: later.clock() - known[made[name]].at for name in ages}

    assert min(heard().values()) > timedelta(hours=9), "a desk in earnest tells what it heard"
    write_mark(session.profile, DemoMark("", complete=True, reports=0, joined=True))
    assert min(heard().values()) > timedelta(hours=9), "a server tells of its units"
    write_mark(session.profile, DemoMark("", complete=True, reports=0))
    assert heard() == {
        "P1": timedelta(),
        "P2": timedelta(minutes=4),
        "P3": timedelta(hours=9, minutes=40),
    }
