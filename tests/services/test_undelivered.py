"""What was not delivered is counted for whoever is to hear of it, until they have seen it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.services.coming_round import START, add, at, monthly
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import auditing, schedule_runs
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.services.undelivered import (
    STUCK_AFTER_TRIES,
    count_undelivered,
    see_undelivered,
)
from trafficdesk.store import officers


def test_what_waits_for_a_person_is_counted(session: Session, tmp_path: Path) -> None:
    add(at(session, START), monthly(tmp_path / "gone"))
    october = datetime(2026, 9, 9, tzinfo=UTC)
    later = at(session, october)
    schedule_runs.run_all(later)
    assert count_undelivered(later) == 0, "it may come back by itself"
    for day in range(1, STUCK_AFTER_TRIES):
        schedule_runs.run_all(at(session, october + timedelta(days=day)))
    assert count_undelivered(later) == 1
    (tmp_path / "gone").mkdir()
    schedule_runs.try_again(later)
    schedule_runs.run_all(later)
    assert count_undelivered(later) == 0


def test_what_an_officer_has_seen_is_told_no_more_until_it_is_tried_anew_or_more_comes(
    session: Session, tmp_path: Path
) -> None:
    add(at(session, START), monthly(tmp_path / "gone"))
    september = datetime(2026, 9, 9, tzinfo=UTC)
    for day in range(STUCK_AFTER_TRIES):
        schedule_runs.run_all(at(session, september + timedelta(days=day)))
    assert count_undelivered(session) == 1
    other = replace(session, officer=replace(session.officer, id=new_id()))
    assert Entity.SCHEDULE in see_undelivered(session).kinds
    assert count_undelivered(session) == 0
    assert count_undelivered(other) == 1, "who has not seen it hears of it"
    assert see_undelivered(session) == Changed(), "it was seen before"
    with session.store.reading() as connection:
        actions = [each.action for each in auditing.entries(connection)]
    assert actions.count("schedule.see_undelivered") == 1

    october = datetime(2026, 10, 9, tzinfo=UTC)
    for day in range(STUCK_AFTER_TRIES):
        schedule_runs.run_all(at(session, october + timedelta(days=day)))
    assert count_undelivered(session) == 1, "the next one is stuck, too"
    see_undelivered(session)
    again = at(session, october + timedelta(days=10))
    schedule_runs.try_again(again)
    for day in range(STUCK_AFTER_TRIES):
        schedule_runs.run_all(at(session, october + timedelta(days=10 + day)))
    assert count_undelivered(session) == 2, "they were tried anew, in vain"
    refused = replace(session, officer=replace(session.officer, role=Role.CITIZEN))
    assert see_undelivered(refused) == Changed()


def test_what_is_not_made_is_counted_until_the_next_one_is(
    session: Session, tmp_path: Path
) -> None:
    add(at(session, START), monthly(tmp_path))
    mine = session.officer
    with session.store.writing() as connection:
        officers.put(connection, replace(mine, role=Role.CITIZEN))
    september = at(session, datetime(2026, 9, 9, tzinfo=UTC))
    schedule_runs.run_all(september)
    assert count_undelivered(september) == 1
    assert count_undelivered(replace(september, officer=replace(mine, role=Role.CITIZEN))) == 0
    with session.store.writing() as connection:
        officers.put(connection, mine)
    schedule_runs.run_all(at(session, datetime(2026, 10, 9, tzinfo=UTC)))
    assert count_undelivered(september) == 0
