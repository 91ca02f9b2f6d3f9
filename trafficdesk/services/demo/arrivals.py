"""Bringing the demo's reports into the store: as they came from the server, then as decided."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.demo.town import CITY_CODE
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange, Media, Officer
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus, Source, SyncState
from trafficdesk.services import media as media_files
from trafficdesk.services import review
from trafficdesk.services.demo.decisions import LAST_CONFIRMED, StoryStep
from trafficdesk.services.demo.illustrating import illustrations
from trafficdesk.services.demo.looking_again import look_again
from trafficdesk.services.demo.progress import Stage, Watch
from trafficdesk.services.demo.story import Story
from trafficdesk.services.intake import FILE, as_insert
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.session import Session
from trafficdesk.store import facts, history, media, report_counts, reports
from trafficdesk.store.settling import settle_all

NOBODY = UUID(int=0)  # an anonymous citizen; nothing links two of them
_FIRST_NUMBER_LAST_YEAR = 4_100


@dataclass(frozen=True, slots=True)
class Written:
    """A story's report in the store."""

    pk: int
    id: UUID


def keep_pictures(session: Session, stories: Sequence[Story], watch: Watch) -> list[list[Media]]:
    """Draw the pictures of every story and seal them into the profile."""
    with closing(illustrations([(story.scene, story.pictures) for story in stories])) as drawn:
        return [
            [
                media_files.keep_photo(session.profile, session.data_key, picture)
                for picture in pictures
            ]
            for pictures in watch.each(Stage.PICTURES, drawn, len(stories))
        ]


def write_reports(
    session: Session, stories: Sequence[Story], photos: Sequence[Sequence[Media]]
) -> list[Written]:
    """Write every report as the server's own, with the event of its arrival."""
    with session.store.writing() as connection:
        references = _references(stories)
        return [
            _write(session, connection, story, (kept, reference))
            for story, kept, reference in zip(stories, photos, references, strict=True)
        ]


def _references(stories: Sequence[Story]) -> Iterator[str]:
    """Yield the city's reference numbers: they start anew with every year."""
    years = [story.report.reported_at.year for story in stories]
    last = {year: 0 if year == years[-1] else _FIRST_NUMBER_LAST_YEAR for year in years}
    for year in years:
        last[year] += 1
        yield f"{CITY_CODE}-{year}-{last[year]:06d}"


def _write(
    session: Session,
    connection: Connection,
    story: Story,
    belongings: tuple[Sequence[Media], str],
) -> Written:
    photos, reference = belongings
    row = as_insert(connection, story.report, photos, reference)
    row = row._replace(
        version=1, sync_state=int(SyncState.CONFIRMED), second_look=int(story.second_look)
    )
    pk = reports.insert(connection, row, story.report.violations)
    for position, photo in enumerate(photos):
        media.insert(connection, media.of_report(pk), position, photo)
    report_counts.recount(connection, facts.calendar(connection), report_counts.NOT_COUNTED, pk)
    made = Written(pk, UUID(bytes=row.id))
    _note_arrival(session, connection, story, made)
    return made


def _note_arrival(session: Session, connection: Connection, story: Story, made: Written) -> None:
    report = story.report
    by_officer = report.source is Source.OFFICER
    actor_id = session.officer.id if by_officer else report.reporter_id or NOBODY
    at_ms = to_ms(report.reported_at)
    action_id = new_id()
    history.begin_action(connection, history.ActionInsert(action_id, actor_id, FILE, at_ms))
    history.append(
        connection,
        history.Operation(
            op_id=new_id(),
            action_id=action_id,
            entity=Entity.REPORT,
            entity_id=made.id,
            action=FILE,
            base_version=0,
            revision=1,
            changes=(
                FieldChange("status", None, str(ReportStatus.PENDING)),
                FieldChange("source", None, str(report.source)),
            ),
            note="",
            actor_id=actor_id,
            device_id=session.device_id,
            at_ms=at_ms,
        ),
    )


def take_steps(
    session: Session,
    officers: Sequence[Officer],
    stories: Sequence[Story],
    written: Sequence[Written],
    watch: Watch,
) -> None:
    """Let the officers decide, each step as the services do it, at its own time.

    What happened before the desk's last hours is confirmed; the rest still waits to be sent.
    """
    steps = steps_in_order(stories)
    confirmed_until = session.clock() - LAST_CONFIRMED
    is_settled = False
    for step, number in watch.each(Stage.DECISIONS, steps, len(steps)):
        if step.at > confirmed_until and not is_settled:
            _settle(replace(session, clock=clock_at(confirmed_until)), officers)
            is_settled = True
        take_step(session, step, officers, (written, number))
    if not is_settled:
        _settle(replace(session, clock=clock_at(confirmed_until)), officers)


def steps_in_order(stories: Sequence[Story]) -> list[tuple[StoryStep, int]]:
    """Return the steps of all stories as they happened, each with its story's number."""
    return sorted(
        ((step, story.number) for story in stories for step in story.steps),
        key=lambda pair: (pair[0].at, pair[1]),
    )


def take_step(
    session: Session,
    step: StoryStep,
    officers: Sequence[Officer],
    place: tuple[Sequence[Written], int],
) -> None:
    """Let an officer take a step at its own time; ``place``: all reports, and which it is."""
    acting = replace(session, officer=officers[step.officer], clock=clock_at(step.at))
    outcome = _take(acting, step, officers, place)
    if not outcome.is_done:
        raise AssertionError(f"the demo's own story breaks a rule: {step} {outcome}")


def _settle(session: Session, officers: Sequence[Officer]) -> None:
    look_again(session, officers)
    with session.store.writing() as connection:
        settle_all(connection)


def clock_at(at: datetime) -> Callable[[], datetime]:
    """Return a clock that stands."""
    return lambda: at


def _take(
    session: Session,
    step: StoryStep,
    officers: Sequence[Officer],
    place: tuple[Sequence[Written], int],
) -> Outcome:
    written, number = place
    pk = written[number].pk
    with session.store.reading() as connection:
        target = review.Target(pk, reports.get(connection, pk).revision)
    if step.move is not None:
        original = None if step.original is None else written[step.original].id
        move = review.Step(step.move, step.note, step.reason, original)
        return review.take_step(session, [target], move)
    if step.assignee is not None:
        return review.assign(session, [target], officers[step.assignee].id)
    return review.set_escalated(session, [target], escalated=True, note=step.note)
