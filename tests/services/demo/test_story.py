"""The demo's reports are believable: places, hours, plates and decisions fit together."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from trafficdesk.domain.demo import people
from trafficdesk.domain.demo.town import BOUNDS, ZONE
from trafficdesk.domain.geometry import contains, distance_m
from trafficdesk.domain.lifecycle import LEASE_LENGTH, RULES, Move
from trafficdesk.domain.plates import is_regular_plate
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.vocabulary import ReportStatus, Role, VehicleType, Violation
from trafficdesk.services.demo.city import DemoCity
from trafficdesk.services.demo.decisions import LAST_CONFIRMED
from trafficdesk.services.demo.sightings import Cast
from trafficdesk.services.demo.story import Story, tell

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TWO_WHEELED = {Violation.NO_HELMET, Violation.TRIPLE_RIDING, Violation.FOOTPATH_RIDING}


@pytest.fixture(scope="module")
def stories(city: DemoCity, cast: Cast) -> list[Story]:
    return tell(city, cast, NOW)


def status_of(story: Story) -> ReportStatus:
    moves = [step.move for step in story.steps if step.move is not None]
    return RULES[moves[-1]].ends if moves else ReportStatus.PENDING


def test_two_hundred_reports_come_from_more_than_thirty_areas_of_the_city(
    stories: list[Story],
) -> None:
    assert len(stories) == 200
    assert len({story.report.area for story in stories}) >= 30
    assert all(contains(BOUNDS, story.report.place) for story in stories)


def test_the_same_dice_tell_the_same_story(
    city: DemoCity, cast: Cast, stories: list[Story]
) -> None:
    assert tell(city, cast, NOW) == stories


def test_every_status_is_there_and_about_47_wait_for_somebody(stories: list[Story]) -> None:
    counts = Counter(status_of(story) for story in stories)
    assert set(counts) == set(ReportStatus)
    waiting = [
        s
        for s in stories
        if status_of(s) is ReportStatus.PENDING and all(step.assignee is None for step in s.steps)
    ]
    assert 42 <= len(waiting) <= 52
    assert sum(1 for s in waiting if s.steps) >= 2  # escalated


def test_every_officer_has_reports_of_their_own(stories: list[Story]) -> None:
    assigned = {step.assignee for s in stories for step in s.steps if step.assignee is not None}
    claimed = {step.officer for s in stories for step in s.steps if step.move is Move.CLAIM}
    assert assigned == set(people.REVIEWERS)
    assert claimed == set(people.REVIEWERS)


def test_nothing_happens_before_it_was_reported_nor_in_the_future(stories: list[Story]) -> None:
    for story in stories:
        times = [story.report.occurred_at, story.report.reported_at, *(s.at for s in story.steps)]
        assert times == sorted(times)
        assert times[-1] <= NOW
        assert story.report.occurred_at >= NOW - timedelta(days=366)


def test_held_reports_are_still_held_and_decisions_are_older_than_the_last_hours(
    stories: list[Story],
) -> None:
    for step in (step for story in stories for step in story.steps):
        if step.move is Move.CLAIM:
            assert step.at + LEASE_LENGTH > NOW
        elif step.move is not None:
            assert step.at < NOW - LAST_CONFIRMED


def test_a_duplicate_is_the_same_event_as_its_original(stories: list[Story]) -> None:
    steps = [(s, step) for s in stories for step in s.steps if step.original is not None]
    assert len(steps) >= 10
    for story, step in steps:
        assert step.original is not None
        first = stories[step.original].report
        assert distance_m(first.place, story.report.place) <= 250
        assert abs(first.occurred_at - story.report.occurred_at) <= timedelta(minutes=15)
        assert story.report.plate in {first.plate, ""}
        assert story.number != step.original


def test_some_waiting_reports_may_be_the_same_event(stories: list[Story]) -> None:
    waiting = [s.report for s in stories if not s.steps]
    pairs = [
        (a, b)
        for i, a in enumerate(waiting)
        for b in waiting[i + 1 :]
        if distance_m(a.place, b.place) <= 250
        and abs(a.occurred_at - b.occurred_at) <= timedelta(minutes=15)
    ]
    assert len(pairs) >= 3


def test_some_vehicles_come_again_and_again(stories: list[Story]) -> None:
    plates = Counter(s.report.plate for s in stories if s.report.plate)
    assert all(is_regular_plate(plate) for plate in plates)
    assert sum(1 for count in plates.values() if count >= 4) >= 8


def test_an_offence_fits_its_vehicle(stories: list[Story]) -> None:
    for report in (story.report for story in stories):
        if TWO_WHEELED & {Violation(code) for code in report.violations}:
            assert report.vehicle_type is VehicleType.TWO_WHEELER
        if report.violations[0] == Violation.NO_SEAT_BELT:
            assert report.vehicle_type is VehicleType.CAR


def test_drunk_driving_happens_at_night(city: DemoCity, cast: Cast) -> None:
    many = tell(city, cast, NOW, 2_000)
    hours = [
        s.report.occurred_at.astimezone(ZONE).hour
        for s in many
        if s.report.violations[0] == Violation.DRUNK_DRIVING
    ]
    at_night = sum(1 for hour in hours if hour >= 20 or hour < 5)
    assert at_night > 0.8 * len(hours) > 20


def test_some_citizens_write_tamil_and_every_text_is_clean(stories: list[Story]) -> None:
    texts = [story.report.description for story in stories]
    assert sum(1 for text in texts if any("\u0b80" <= c <= "\u0bff" for c in text)) >= 15
    assert all(clean_text(text) == text for text in texts)
    assert not any("{" in text for text in texts)


def test_anonymous_reports_officers_and_cameras_name_no_citizen(stories: list[Story]) -> None:
    by_source = {s.report.source.value: s.report.reporter_id for s in stories}
    assert by_source["officer"] is None
    named = [s for s in stories if s.report.reporter_id is not None]
    assert 0.3 * len(stories) < len(named) < 0.8 * len(stories)


def test_the_people_are_ten_officers_and_fifty_citizens_that_do_not_exist() -> None:
    roles = Counter(officer.role for officer in people.OFFICERS)
    assert roles == {Role.OFFICER: 6, Role.SUPERVISOR: 2, Role.DISPATCHER: 1, Role.ADMIN: 1}
    assert len({officer.initials for officer in people.OFFICERS}) == 10
    citizens = people.citizens()
    assert len({citizen.identity.name for citizen in citizens}) == people.CITIZENS
    for citizen in citizens:
        assert citizen.identity.phone.startswith("+91 00000 ")
        assert citizen.identity.email.endswith("@example.org")
        assert citizen.approved <= citizen.decided


def test_every_area_has_spots_on_its_roads(city: DemoCity) -> None:
    assert set(city.areas) == {spot.area for spot in city.spots}
    assert all(spot.road for spot in city.spots)
    assert {spot.station for spot in city.spots} == {0, 1, 2}
