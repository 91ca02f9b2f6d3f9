"""The demo's reports on a desk that has joined a server: every one filed and decided by services.

Each leaves its operations in the outbox, so that the server gets the demo as it gets any work.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from trafficdesk.domain.demo import people
from trafficdesk.domain.records import Officer
from trafficdesk.services import intake, review
from trafficdesk.services.demo import duty
from trafficdesk.services.demo.arrivals import Written, clock_at, steps_in_order, take_step
from trafficdesk.services.demo.city import load_city
from trafficdesk.services.demo.illustrating import illustrations
from trafficdesk.services.demo.progress import Stage, Watch
from trafficdesk.services.demo.sightings import Cast
from trafficdesk.services.demo.story import DEFAULT_REPORTS, Story, tell
from trafficdesk.services.session import Session
from trafficdesk.store import citizens, facts, officers, places, reports


def tell_demo(session: Session, watch: Watch, count: int = DEFAULT_REPORTS) -> int:
    """File and decide the demo's reports among the people and places that the server told.

    Returns how many. The officers who act must have signed in on this desk, or the server takes
    nothing of theirs.
    """
    crew = find_crew(session)
    stories = tell(load_city(), _find_cast(session), session.clock(), count)
    written = _file(session, crew, stories, watch)
    steps = steps_in_order(stories)
    for step, number in watch.each(Stage.DECISIONS, steps, len(steps)):
        take_step(session, step, crew, (written, number))
    _want_second_looks(replace(session, officer=crew[people.SUPERVISORS[0]]), stories, written)
    return len(stories)


def tell_dispatch(session: Session) -> None:
    """Let the demo's dispatcher send the server's units to the incidents of the last hours."""
    duty.tell_duty(session, find_crew(session), load_city(), _find_cast(session).station_ids)


def find_crew(session: Session) -> list[Officer]:
    """Return the demo's officers as this desk has them, in the demo's order."""
    with session.store.reading() as connection:
        known = {officer.name: officer for officer in officers.find_present(connection)}
    return [known[officer.name] for officer in people.OFFICERS]


def _find_cast(session: Session) -> Cast:
    with session.store.reading() as connection:
        city_id = facts.home_city_id(connection)
        stations = {station.name: station.id for station in places.find_stations(connection)}
        citizen_ids = citizens.find_ids(connection)
    return Cast(
        city_id,
        tuple(stations[station.name] for station in people.STATIONS),
        tuple(citizen_ids[citizen.pseudonym] for citizen in people.citizens()),
    )


def _file(
    session: Session, crew: Sequence[Officer], stories: Sequence[Story], watch: Watch
) -> list[Written]:
    written = []
    with closing(illustrations([(story.scene, story.pictures) for story in stories])) as drawn:
        pictured = watch.each(Stage.PICTURES, drawn, len(stories))
        for story, pictures in zip(stories, pictured, strict=True):
            report = story.report
            clerk = crew[people.REVIEWERS[story.number % len(people.REVIEWERS)]]
            acting = replace(session, officer=clerk, clock=clock_at(report.reported_at))
            filed = intake.file_report(acting, report, pictures)
            if not filed.pk:
                raise AssertionError(f"the demo's own report is refused: {filed.outcome}")
            with session.store.reading() as connection:
                written.append(Written(filed.pk, reports.get(connection, filed.pk).id))
    return written


def _want_second_looks(
    session: Session, stories: Sequence[Story], written: Sequence[Written]
) -> None:
    with session.store.reading() as connection:
        targets = [
            review.Target(made.pk, reports.get(connection, made.pk).revision)
            for story, made in zip(stories, written, strict=True)
            if story.second_look
        ]
    review.set_second_look(session, targets, wanted=True)
