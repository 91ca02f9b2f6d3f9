"""Reports that come round: planned once, made once, brought once, whatever comes between."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.delivery.mail_server import name_server, running
from tests.services.coming_round import START, add, at, monthly
from trafficdesk.domain.deliveries import MOST_TRIES, DeliveryState, RunState
from trafficdesk.domain.reporting.asked import Form, ReportFault
from trafficdesk.domain.schedules import About, Every, Rhythm, Wish
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.policy.reading import read_policy
from trafficdesk.profile import Profile
from trafficdesk.services import routines, schedule_runs, schedules
from trafficdesk.services.audit_log import find_log_page
from trafficdesk.services.changes import Changed
from trafficdesk.services.routines import Routines
from trafficdesk.services.schedules import Scheduled, WishFault
from trafficdesk.services.session import Session
from trafficdesk.store import officers
from trafficdesk.store import schedules as rows

MakeSession = Callable[..., Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "station"
    made.mkdir()
    return made


def only(session: Session) -> Scheduled:
    (found,) = schedules.find(session)
    return found


def test_two_missed_months_are_caught_up_once(session: Session, folder: Path) -> None:
    add(at(session, START), monthly(folder))
    october = at(session, datetime(2026, 10, 9, tzinfo=UTC))
    assert not schedule_runs.run_all(at(session, START + timedelta(days=1)))
    assert schedule_runs.run_all(october)
    names = sorted(each.name for each in folder.iterdir())
    assert names == [
        "monthly-station 2026-08 Coimbatore.html",
        "monthly-station 2026-09 Coimbatore.html",
    ]
    assert "Aug 2026" in (folder / names[0]).read_text(encoding="utf-8")
    assert not schedule_runs.run_all(october)
    assert sorted(each.name for each in folder.iterdir()) == names
    assert not list(session.profile.folder.glob("report-*"))
    assert only(october).next_ms == datetime(2026, 11, 1, 0, 30, tzinfo=UTC).timestamp() * 1000


def test_a_desk_that_is_opened_brings_what_was_missed(session: Session, folder: Path) -> None:
    add(at(session, START), monthly(folder))
    left = session.profile.folder / "report-left"
    left.mkdir()
    (left / "monthly.html").write_text("in the clear", encoding="utf-8")
    told = [Changed()]
    timetable = Routines(
        at(session, datetime(2026, 9, 2, tzinfo=UTC)), print, lambda work: told.append(work())
    )
    timetable.start()
    timetable.stop()
    assert told[-1].kinds == {Entity.SCHEDULE}
    assert not left.exists(), "what a kill left in the clear"
    assert len(list(folder.iterdir())) == 1


def test_a_desk_that_slept_brings_what_was_missed_when_it_wakes(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [START]
    awake = replace(session, clock=lambda: now[0], skew=timedelta())
    add(awake, monthly(folder))
    monkeypatch.setattr(routines, "REPORTS_EVERY", timedelta(seconds=1))
    told: list[Changed] = []
    timetable = Routines(awake, print, lambda work: told.append(work()))
    timetable.start()
    try:
        assert not list(folder.iterdir())
        now[0] = datetime(2026, 10, 9, tzinfo=UTC)  # the lid was closed until then
        until = time.monotonic() + 20
        while len(list(folder.glob("*.html"))) < 2 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        timetable.stop()
    months = sorted(each.name.split()[1] for each in folder.iterdir())
    assert months == ["2026-08", "2026-09"]


def test_a_clock_that_ran_ahead_neither_stops_a_schedule_nor_makes_its_reports_early(
    session: Session, folder: Path
) -> None:
    add(at(session, START), monthly(folder))
    schedule_runs.run_all(at(session, datetime(2026, 10, 9, tzinfo=UTC)))
    for each in folder.iterdir():
        each.unlink()
    schedule_runs.run_all(at(session, datetime(2098, 5, 9, tzinfo=UTC)))
    for each in folder.iterdir():
        each.unlink()
    for month in (9, 10, 11, 12):
        schedule_runs.run_all(at(session, datetime(2026, month, 3, tzinfo=UTC)))
    months = sorted(each.name.split()[1] for each in folder.iterdir())
    assert months == ["2026-09", "2026-10", "2026-11"], "that of August was made in its time"


def test_a_clock_set_back_a_little_makes_nothing_twice(session: Session, folder: Path) -> None:
    add(at(session, START), monthly(folder, Form.HTML))
    schedule_runs.run_all(at(session, datetime(2026, 9, 1, 0, 31, tzinfo=UTC)))
    (folder / "monthly-station 2026-08 Coimbatore.html").unlink()
    for minute in (29, 30, 31):
        schedule_runs.run_all(at(session, datetime(2026, 9, 1, 0, minute, tzinfo=UTC)))
    assert not list(folder.iterdir())


def test_what_was_passed_over_is_told(session: Session, folder: Path) -> None:
    wish = replace(monthly(folder), about=About.YESTERDAY, rhythm=Rhythm(Every.DAY, 420))
    add(at(session, START), wish)
    later = at(session, START + timedelta(days=20))
    schedule_runs.plan(later)
    assert only(later).passed_over == 8


def test_a_folder_that_is_away_is_tried_again_later(session: Session, tmp_path: Path) -> None:
    away = tmp_path / "share"
    add(at(session, START), monthly(away))
    due = datetime(2026, 9, 1, 1, tzinfo=UTC)
    schedule_runs.run_all(at(session, due))
    (waits,) = schedules.find_deliveries(session)
    assert (waits.state, waits.fault, waits.tries) == (DeliveryState.QUEUED, "folder.missing", 1)
    away.mkdir()
    schedule_runs.run_all(at(session, due + timedelta(minutes=4)))
    assert not list(away.iterdir())
    schedule_runs.run_all(at(session, due + timedelta(minutes=6)))
    assert [each.name for each in away.iterdir()] == ["monthly-station 2026-08 Coimbatore.html"]
    (done,) = schedules.find_deliveries(session)
    assert (done.state, done.tries) == (DeliveryState.SENT, 2)


def test_somebody_may_ask_for_another_try_at_once(session: Session, tmp_path: Path) -> None:
    away = tmp_path / "share"
    add(at(session, START), monthly(away))
    now = at(session, datetime(2026, 9, 1, 1, tzinfo=UTC))
    schedule_runs.run_all(now)
    away.mkdir()
    schedule_runs.try_again(now)
    schedule_runs.run_all(now)
    assert len(list(away.iterdir())) == 1


def test_a_kill_between_the_file_and_the_note_of_it_leaves_one_file(
    session: Session, folder: Path
) -> None:
    add(at(session, START), monthly(folder))
    due = datetime(2026, 9, 1, 1, tzinfo=UTC)
    now = at(session, due)
    schedule_runs.plan(now)
    schedule_runs.make_next(now)
    (queued,) = schedules.find_deliveries(session)
    schedule_runs._bring(now, queued)
    schedule_runs.run_all(now)
    assert len(list(folder.iterdir())) == 1
    assert schedules.find_deliveries(session)[0].state is DeliveryState.SENT


def test_a_file_that_somebody_else_put_there_is_left_alone(session: Session, folder: Path) -> None:
    other = folder / "monthly-station 2026-08 Coimbatore.html"
    other.write_text("notes", encoding="utf-8")
    add(at(session, START), monthly(folder))
    schedule_runs.run_all(at(session, datetime(2026, 9, 1, 1, tzinfo=UTC)))
    assert other.read_text(encoding="utf-8") == "notes"
    assert (folder / "monthly-station 2026-08 Coimbatore (2).html").exists()


def test_a_kill_while_a_report_is_made_does_not_make_it_twice(
    session: Session, folder: Path
) -> None:
    add(at(session, START), monthly(folder))
    due = datetime(2026, 9, 1, 1, tzinfo=UTC)
    now = at(session, due)
    schedule_runs.plan(now)
    with session.store.reading() as connection:
        first = rows.find_planned(connection, int(due.timestamp() * 1000))
    assert first is not None
    with session.store.writing() as connection:
        assert rows.claim(connection, first, int(due.timestamp() * 1000) + 60_000)
        assert not rows.claim(connection, first, 0), "another counted this try"
    schedule_runs.run_all(now)
    assert not list(folder.iterdir()), "the try that was cut short counts"
    schedule_runs.run_all(at(session, due + timedelta(minutes=2)))
    assert len(list(folder.iterdir())) == 1


def test_a_report_is_made_as_whoever_asked_for_it(make_session: MakeSession, folder: Path) -> None:
    officer = make_session(Role.OFFICER, "Ravi R")
    boss = make_session(Role.ADMIN, "Asha A")
    add(at(officer, START), monthly(folder))
    with officer.store.writing() as connection:
        officers.put(connection, replace(officer.officer, role=Role.CITIZEN))
    september = at(boss, datetime(2026, 9, 2, tzinfo=UTC))
    schedule_runs.run_all(september)
    last = only(september).last
    assert last is not None
    assert (last.state, last.fault) == (RunState.REFUSED, "not_permitted")
    assert not list(folder.iterdir())
    with officer.store.writing() as connection:
        officers.put(connection, officer.officer)
    schedule_runs.try_again(september)
    schedule_runs.run_all(september)
    assert len(list(folder.iterdir())) == 1
    log = find_log_page(boss)
    assert isinstance(log, list)
    assert [each.actor for each in log if each.action == "report.make"] == ["Ravi R"]


def test_nothing_comes_of_the_wish_of_somebody_who_left(
    make_session: MakeSession, folder: Path
) -> None:
    officer = make_session(Role.OFFICER, "Ravi R")
    boss = make_session(Role.ADMIN, "Asha A")
    add(at(officer, START), monthly(folder))
    with boss.store.writing() as connection:
        officers.mark_removed(connection, officer.officer.id, 1)
    schedule_runs.run_all(at(boss, datetime(2026, 9, 2, tzinfo=UTC)))
    last = only(boss).last
    assert last is not None
    assert last.fault == "asker_gone"


def test_only_who_asked_or_who_manages_officers_ends_a_schedule(
    make_session: MakeSession, folder: Path
) -> None:
    officer = make_session(Role.OFFICER, "Ravi R")
    other = make_session(Role.SUPERVISOR, "Sita S")
    boss = make_session(Role.ADMIN, "Asha A")
    first, second = add(officer, monthly(folder)), add(officer, monthly(folder))
    assert not schedules.remove(other, first)
    assert not only_own(other)
    assert schedules.remove(officer, first)
    assert schedules.remove(boss, second)
    assert schedules.find(boss) == []
    log = find_log_page(boss)
    assert isinstance(log, list)
    actions = [each.action for each in log]
    assert actions.count("schedule.add") == actions.count("schedule.remove") == 2


def only_own(session: Session) -> list[Scheduled]:
    return [each for each in schedules.find(session) if each.is_own]


def test_an_ended_schedule_brings_nothing_more(session: Session, tmp_path: Path) -> None:
    away = tmp_path / "share"
    made = add(at(session, START), monthly(away))
    later = at(session, datetime(2026, 9, 2, tzinfo=UTC))
    schedule_runs.run_all(later)
    schedules.remove(session, made)
    away.mkdir()
    schedule_runs.try_again(later)
    schedule_runs.run_all(later)
    assert not list(away.iterdir())


def test_what_cannot_come_round_is_refused(session: Session, folder: Path) -> None:
    wish = monthly(folder)
    wrong: tuple[tuple[Wish, WishFault | ReportFault], ...] = (
        (replace(wish, folder=""), WishFault.NOWHERE),
        (replace(wish, folder="reports"), WishFault.FOLDER),
        (replace(wish, addresses=("a@b.example\nBcc: c@d.example",)), WishFault.ADDRESS),
        (replace(wish, addresses=("nobody",)), WishFault.ADDRESS),
        (replace(wish, about=About.LAST_SHIFT), WishFault.WRONG_ABOUT),
        (replace(wish, template_id="horoscope"), ReportFault.UNKNOWN_TEMPLATE),
        (replace(wish, station_id=UUID(int=1), ward_id=UUID(int=2)), ReportFault.WRONG_SCOPE),
    )
    for each, fault in wrong:
        assert schedules.add(session, each) == fault
    assert schedules.find(session) == []


def test_policy_and_role_hold_for_what_comes_round(
    make_session: MakeSession, profile: Profile, folder: Path
) -> None:
    session = make_session()
    rules = json.dumps({"exports": {"formats": ["xlsx"]}}).encode()
    bound = replace(session, profile=replace(profile, machine=read_policy(rules, "p")))
    assert schedules.add(bound, monthly(folder)) == ReportFault.BY_POLICY
    assert isinstance(schedules.add(bound, monthly(folder, Form.XLSX)), UUID)
    service = make_session(Role.SERVICE, "Feed F")
    assert schedules.add(service, monthly(folder)) == ReportFault.NOT_PERMITTED


def test_a_wish_of_a_later_program_is_kept_and_passed_over(session: Session, folder: Path) -> None:
    add(at(session, START), monthly(folder))
    with session.store.writing() as connection:
        connection.exec_driver_sql("UPDATE schedules SET wish = '{\"drone\": 1}'")
    assert not schedule_runs.run_all(at(session, datetime(2026, 10, 9, tzinfo=UTC)))
    assert schedules.find(session) == []


def test_a_mail_goes_to_each_and_is_told_of_each(session: Session, tmp_path: Path) -> None:
    gone, later, fine = (f"{name}@police.example" for name in ("gone", "later", "fine"))
    wish = replace(monthly("", Form.XLSX), addresses=(gone, later, fine))
    add(at(session, START), wish)
    due = datetime(2026, 9, 1, 1, tzinfo=UTC)
    schedule_runs.run_all(at(session, due))
    told = {each.target: each for each in schedules.find_deliveries(session)}
    assert {each.fault for each in told.values()} == {"mail.no_server"}
    with running(tmp_path) as server:
        name_server(session.profile, server)
        server.behaviour.refused = {gone: "550 no such mailbox", later: "450 come again"}
        schedule_runs.run_all(at(session, due + timedelta(minutes=10)))
        told = {each.target: each for each in schedules.find_deliveries(session)}
        assert {to: each.state for to, each in told.items()} == {
            gone: DeliveryState.FAILED,
            later: DeliveryState.QUEUED,
            fine: DeliveryState.SENT,
        }
        assert told[gone].detail == "550 no such mailbox"
        server.behaviour.refused = {}
        schedule_runs.run_all(at(session, due + timedelta(hours=1)))
        assert [to for to, _ in server.behaviour.taken] == [fine, later]
        schedule_runs.try_again(at(session, due + timedelta(hours=1)))
        schedule_runs.run_all(at(session, due + timedelta(hours=1)))
    letters = [letter for _, letter in server.behaviour.taken]
    assert [to for to, _ in server.behaviour.taken] == [fine, later, gone]
    assert len({letter["Message-ID"] for letter in letters}) == 1
    with session.store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT content FROM schedule_runs").scalar_one()
    assert kept is None, "what everybody has is not kept"


def test_a_mail_is_given_up_after_many_tries(session: Session) -> None:
    add(at(session, START), replace(monthly(""), addresses=("a@police.example",)))
    now = datetime(2026, 9, 1, 1, tzinfo=UTC)
    for _ in range(MOST_TRIES):
        schedule_runs.run_all(at(session, now))
        now += timedelta(hours=4)
    (told,) = schedules.find_deliveries(session)
    assert (told.state, told.tries) == (DeliveryState.FAILED, MOST_TRIES)
