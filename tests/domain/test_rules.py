"""Plates, days, distances and severity: small rules that everything else leans on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.calendar import DAY_MS, Calendar, standard_offset_ms
from trafficdesk.domain.geometry import bounds_around, contains, distance_m, is_on_earth
from trafficdesk.domain.offences import OFFENCES, offence_of
from trafficdesk.domain.plates import format_plate, is_regular_plate, plate_token
from trafficdesk.domain.records import Place
from trafficdesk.domain.severity import incident_severity_score
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import LanesBlocked, Violation

INSTANTS = st.integers(min_value=0, max_value=4_000_000_000_000)
FULL_WIDTH = "".join(chr(ord(char) + 0xFEE0) for char in "TN37BZ4412")
PLACES = st.builds(Place, st.floats(-179, 179), st.floats(-80, 80))


@pytest.mark.parametrize(
    ("typed", "token", "shown"),
    [
        ("tn 37 bz 4412", "TN37BZ4412", "TN 37 BZ 4412"),
        ("TN-66-AC-0918", "TN66AC0918", "TN 66 AC 0918"),
        ("22 BH 1234 AA", "22BH1234AA", "22 BH 1234 AA"),
        (FULL_WIDTH, "TN37BZ4412", "TN 37 BZ 4412"),
        ("?!", "", ""),
    ],
)
def test_a_plate_has_one_token_and_one_spelling(typed: str, token: str, shown: str) -> None:
    assert plate_token(typed) == token
    assert format_plate(token) == shown


@given(st.text(max_size=40))
def test_a_plate_token_is_stable_and_short_whatever_is_typed(text: str) -> None:
    token = plate_token(text)
    assert plate_token(token) == token
    assert len(token) <= 16
    assert plate_token(format_plate(token)) == token


def test_a_scribble_is_no_regular_plate() -> None:
    assert is_regular_plate("TN37BZ4412")
    assert not is_regular_plate("BZ")


@given(INSTANTS)
def test_milliseconds_and_datetimes_are_the_same_instant(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms


@given(INSTANTS)
def test_a_day_holds_its_instants(ms: int) -> None:
    calendar = Calendar(standard_offset_ms("Asia/Kolkata"))
    start = calendar.day_start_ms(calendar.day_of(ms))
    assert start <= ms < start + DAY_MS


@given(INSTANTS)
def test_a_month_holds_its_instants(ms: int) -> None:
    calendar = Calendar(standard_offset_ms("Asia/Kathmandu"))
    month = calendar.month_of(ms)
    assert calendar.month_start_ms(month) <= ms < calendar.month_start_ms(month + 1)


@given(INSTANTS)
def test_the_nearest_month_starts_at_most_half_a_month_away(ms: int) -> None:
    calendar = Calendar(standard_offset_ms("Asia/Kolkata"))
    nearest = calendar.month_start_ms(calendar.nearest_month(ms))
    assert abs(ms - nearest) <= 31 * DAY_MS // 2


def test_midnight_in_india_starts_the_indian_day() -> None:
    calendar = Calendar(standard_offset_ms("Asia/Kolkata"))
    midnight = datetime(2026, 11, 22, tzinfo=UTC) - timedelta(hours=5, minutes=30)
    before = to_ms(midnight) - 1
    assert calendar.day_of(to_ms(midnight)) == calendar.day_of(before) + 1


@given(PLACES, st.floats(10, 5000), st.floats(0, 1))
def test_a_circles_rectangle_holds_its_points(centre: Place, radius_m: float, part: float) -> None:
    bounds = bounds_around(centre, radius_m)
    east = Place(centre.lon + (bounds.east - centre.lon) * part, centre.lat)
    assert contains(bounds, east)
    assert distance_m(centre, east) <= radius_m * 1.01


def test_a_kilometre_is_a_kilometre() -> None:
    gandhipuram, town_hall = Place(76.966, 11.018), Place(76.962, 10.997)
    assert distance_m(gandhipuram, town_hall) == pytest.approx(2375, rel=0.01)


def test_places_off_the_earth_are_known() -> None:
    assert is_on_earth(Place(76.9, 11.0))
    assert not is_on_earth(Place(11.0, 176.9))
    assert not is_on_earth(Place(float("nan"), 11.0))


def test_severity_adds_up_as_specified_and_stops_at_a_hundred() -> None:
    assert (
        incident_severity_score(
            vehicles=2, injuries=True, lanes=LanesBlocked.PARTIAL, merged_reports=1
        )
        == 65
    )
    assert (
        incident_severity_score(
            vehicles=1, injuries=False, lanes=LanesBlocked.NONE, merged_reports=0
        )
        == 10
    )
    assert (
        incident_severity_score(vehicles=9, injuries=True, lanes=LanesBlocked.ALL, merged_reports=4)
        == 100
    )


def test_every_violation_has_its_offence_and_an_unknown_one_costs_as_other() -> None:
    assert set(OFFENCES) == set(Violation)
    assert offence_of("made up by an admin") == OFFENCES[Violation.OTHER]
