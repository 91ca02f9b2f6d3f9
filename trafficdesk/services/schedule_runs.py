"""What comes round is made and brought where it is to go: once each, also after a kill.

A run is planned in the transaction that says until when was looked; a report is kept in the one
that writes whom it goes to; every try is counted before it is made. So what is cut short is done
again, and what was done is not.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.folder import put_file
from trafficdesk.delivery.mail import send
from trafficdesk.delivery.report_letter import report_letter
from trafficdesk.domain.deliveries import (
    MOST_TRIES,
    DeliveryState,
    RunState,
    Way,
    file_stem,
    wait_ms,
)
from trafficdesk.domain.records import Officer
from trafficdesk.domain.reporting.asked import ReportFault
from trafficdesk.domain.schedules import EARLY_MS, Wish
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import mailing
from trafficdesk.services.changes import NOTHING, Changed
from trafficdesk.services.report_folder import making_folder
from trafficdesk.services.reporting.making import make_report
from trafficdesk.services.schedules import find_wish, note, timetable
from trafficdesk.services.session import Session
from trafficdesk.store import deliveries, facts, officers, places
from trafficdesk.store import schedules as rows
from trafficdesk.store.deliveries import Came, Delivery
from trafficdesk.store.errors import StoreClosedError
from trafficdesk.store.schedules import Made, Run

_KEPT_MS: Final = 400 * 86_400_000
_TOLD: Final = Changed(kinds=frozenset({Entity.SCHEDULE}))


def run_all(session: Session, goes_on: Callable[[], bool] = lambda: True) -> Changed:
    """Plan what came due, make it, and bring it where it is to go; one thing after the other.

    ``goes_on`` is asked between two of them. A desk that is locked meanwhile goes on with what is
    left when it is unlocked again.
    """
    changed = NOTHING
    try:
        if plan(session):
            changed = _TOLD
        for step in (make_next, deliver_next):
            while goes_on() and step(session):
                changed = _TOLD
    except StoreClosedError:
        return NOTHING
    return changed


def plan(session: Session) -> int:
    """Plan a run for each day that came due since this was last looked at; return how many."""
    now_ms = to_ms(session.lease_clock())
    with session.store.reading() as connection:
        zone = facts.time_zone(connection)
        kept = [(each, find_wish(each.wish)) for each in rows.find_all(connection)]
    planned = 0
    for schedule, wish in kept:
        if wish is None:
            continue
        table = timetable(wish, zone)
        due = table.find_due(schedule.looked_ms, now_ms)
        if not due.days and schedule.looked_ms <= now_ms:
            continue
        passed = schedule._replace(passed_over=schedule.passed_over + due.passed_over)
        with session.store.writing() as connection:
            if schedule.looked_ms > now_ms:  # a clock that ran ahead was set right
                rows.forget_early(connection, schedule.id, now_ms + EARLY_MS)
            days = [(day, table.due_ms(day)) for day in due.days]
            planned += rows.plan(connection, passed, days, now_ms)
            rows.prune(connection, now_ms - _KEPT_MS)
    return planned


def make_next(session: Session) -> bool:
    """Make the report that was due first; False when none is to be made now.

    It is made as whoever asked for it, by what they may see on this day.
    """
    now_ms = to_ms(session.lease_clock())
    with session.store.reading() as connection:
        found = rows.find_planned(connection, now_ms)
        if found is None:
            return False
        schedule = rows.find(connection, found.schedule_id)
        if schedule is None:
            raise AssertionError(f"run {found.pk} has no schedule")
        asker = (
            None
            if officers.is_removed(connection, schedule.officer_id)
            else (officers.get(connection, schedule.officer_id))
        )
    with session.store.writing() as connection:
        if not rows.claim(connection, found, now_ms + wait_ms(found.tries + 1)):
            return True
    wish = find_wish(schedule.wish)
    if wish is None or asker is None:
        _refuse(session, found, "asker_gone" if asker is None else "newer")
        return True
    _make(session, found, wish, asker)
    return True


def _make(session: Session, found: Run, wish: Wish, asker: Officer) -> None:
    with session.store.reading() as connection:
        stretch = timetable(wish, facts.time_zone(connection)).stretch_of(found.day)
        place = _place_of(session, wish)
    asked = wish.asked(stretch)
    file = f"{file_stem(asked, stretch, place)}.{wish.form}"
    with making_folder(session.profile) as folder:
        path = folder / file
        made = make_report(replace(session, officer=asker), asked, wish.form, path)
        if isinstance(made, ReportFault):
            _refuse(session, found, str(made))
            return
        content = path.read_bytes()
    targets = [(str(Way.FOLDER), wish.folder)] if wish.folder else []
    targets += [(str(Way.MAIL), address) for address in wish.addresses]
    kept = Made(to_ms(session.lease_clock()), file, content)
    with session.store.writing() as connection:
        if rows.keep(connection, found.pk, kept, targets):
            detail = {"file": file, "day": found.day, "asker": str(asker.id)}
            told = json.dumps(detail, ensure_ascii=False)
            note(session, connection, "make", found.schedule_id, told)


def _refuse(session: Session, found: Run, fault: str) -> None:
    with session.store.writing() as connection:
        rows.note_fault(connection, found.pk, RunState.REFUSED, fault)


def _place_of(session: Session, wish: Wish) -> str:
    """Return the name of what a report is about."""
    with session.store.reading() as connection:
        if wish.station_id is not None:
            named = {each.id: each.name for each in places.find_stations(connection)}
            return named.get(wish.station_id, "")
        if wish.ward_id is not None:
            return places.find_ward_name(connection, wish.ward_id)
        if wish.officer_id is not None:
            return officers.find_names(connection).get(wish.officer_id, "")
        return places.get_city(connection, facts.home_city_id(connection)).name


def deliver_next(session: Session) -> bool:
    """Bring the report that has waited longest to its folder or address; False if none waits."""
    now_ms = to_ms(session.lease_clock())
    with session.store.reading() as connection:
        found = deliveries.find_queued(connection, now_ms)
    if found is None:
        return False
    with session.store.writing() as connection:
        if not deliveries.claim(connection, found, now_ms + wait_ms(found.tries + 1)):
            return True
    came = _bring(session, found)
    with session.store.writing() as connection:
        deliveries.note(connection, found, came)
        if came.state is DeliveryState.SENT:
            detail = {"file": found.file, "way": found.way, "target": found.target}
            told = json.dumps(detail, ensure_ascii=False)
            note(session, connection, "deliver", found.schedule_id, told)
    return True


def _bring(session: Session, found: Delivery) -> Came:
    try:
        if found.way is Way.FOLDER:
            with session.store.reading() as connection:
                content = deliveries.get_content(connection, found.run_pk)
            put_file(Path(found.target), found.file, content)
        else:
            _mail(session, found)
    except DeliveryError as error:
        given_up = found.way is Way.MAIL and found.tries + 1 >= MOST_TRIES
        state = DeliveryState.FAILED if error.is_final or given_up else DeliveryState.QUEUED
        return Came(state, 0, error.code, error.detail)
    return Came(DeliveryState.SENT, to_ms(session.lease_clock()))


def _mail(session: Session, found: Delivery) -> None:
    settings, password = mailing.load_settings(session.profile)
    with session.store.reading() as connection:
        content = deliveries.get_content(connection, found.run_pk)
        schedule = rows.find(connection, found.schedule_id)
        made = rows.get(connection, found.run_pk)
        named = {each.id: each.name for each in places.find_stations(connection)}
        station = named.get(facts.home_station_id(connection), "")
    wish = None if schedule is None else find_wish(schedule.wish)
    if wish is None:
        raise DeliveryError("mail.newer", is_final=True)
    of, file = (found.schedule_id, found.day), (found.file, content)
    letter = report_letter(wish, of, file, made.made_ms or made.due_ms, station)
    send(settings, password, letter, found.target)


def try_again(session: Session, schedule_id: UUID | None = None) -> None:
    """Make what waits for its next try, or failed, be tried now; of one schedule or of all."""
    with session.store.writing() as connection:
        rows.try_again(connection, schedule_id, to_ms(session.lease_clock()))
        deliveries.forget_seen(connection)
