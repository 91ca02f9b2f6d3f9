"""Facts speak for and against one event; what is not known says nothing."""

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.duplicates import (
    MODEL,
    Fact,
    Sighting,
    Told,
    compare,
    look_at,
    on_curve,
    probability,
    reasons_of,
    weigh,
)
from trafficdesk.domain.landmarks import find_landmarks
from trafficdesk.domain.records import Place

SPOT = Place(76.9674, 11.0183)
METRE = 1 / 111_195.0  # of latitude, in degrees
PICTURE = "0123456789abcdef"


@dataclass
class Near:
    """A second report of what SEEN tells, but for what is said."""

    metres: float = 5.0
    seconds: float = 20.0
    accuracy_m: float | None = None
    plate: str = "TN37BZ4412"
    violations: tuple[str, ...] = ("no_helmet",)
    text: str = ""
    pictures: tuple[str, ...] = ()

    def look(self) -> Sighting:
        return look_at(
            Told(
                Place(SPOT.lon, SPOT.lat + self.metres * METRE),
                self.accuracy_m,
                int(self.seconds * 1000),
                self.violations,
                self.plate,
                self.text,
                self.pictures,
            )
        )


SEEN = Near(metres=0, seconds=0).look()


def odds(other: Near, seen: Sighting = SEEN) -> float:
    return weigh(compare(seen, other.look()))


def test_every_fact_has_its_curve() -> None:
    assert set(MODEL.curves) == {str(fact) for fact in Fact}
    for curve in MODEL.curves.values():
        assert [x for x, _ in curve] == sorted({x for x, _ in curve})


def test_the_same_vehicle_seen_twice_is_one_event_and_two_vehicles_are_not() -> None:
    assert probability(odds(Near())) > 0.99
    assert probability(odds(Near(plate="TN37BZ44I2"))) > 0.99
    assert probability(odds(Near(plate="KA01MX9977"))) < 0.02


def test_a_plate_nobody_read_says_nothing() -> None:
    unread = odds(Near(plate=""))
    assert odds(Near(plate="KA01MX9977")) < unread < odds(Near())
    facts = {reason.fact for reason in reasons_of(compare(SEEN, Near(plate="").look()))}
    assert Fact.PLATE not in facts
    assert odds(Near(plate="4412")) == unread  # a part of a plate is no reading


def test_distance_counts_by_how_well_places_are_known() -> None:
    apart = Near(metres=80, plate="")
    rough, exact = Near(metres=0, seconds=0, accuracy_m=60), Near(0, 0, accuracy_m=8)
    loosely = odds(Near(80, plate="", accuracy_m=60), rough.look())
    surely = odds(Near(80, plate="", accuracy_m=8), exact.look())
    assert surely < odds(apart) < loosely
    # A phone that is sure to the centimetre is not believed.
    assert odds(Near(3, accuracy_m=0.01), Near(0, 0, accuracy_m=0.01).look()) > 0


def test_later_and_another_type_and_another_landmark_speak_against() -> None:
    assert odds(Near(plate="", seconds=20)) > odds(Near(plate="", seconds=200))
    assert odds(Near(violations=("speed",))) < odds(Near(violations=("other",))) < odds(Near())
    seen = Near(0, 0, plate="", text="no helmet near Gandhipuram signal").look()
    same = odds(Near(plate="", text="biker opposite gandhipuram bus stop"), seen)
    none = odds(Near(plate="", text="biker without helmet"), seen)
    other = odds(Near(plate="", text="no helmet near Town Hall"), seen)
    assert other < none < same


def test_a_copy_of_a_photo_speaks_for_and_a_different_one_says_nothing() -> None:
    seen = Near(0, 0, plate="", pictures=(PICTURE,)).look()
    without = odds(Near(plate=""), seen)
    assert odds(Near(plate="", pictures=("f" * 16, "0123456789abcdee")), seen) > without + 4
    assert odds(Near(plate="", pictures=("f" * 16,)), seen) == without


@pytest.mark.parametrize(
    ("text", "landmarks"),
    [
        ("jumped red signal near Corts Catalanes / Urgell", {"corts", "catalanes", "urgell"}),
        ("opp. Lakshmi Mills, no helmet", {"lakshmi", "mills"}),
        ("near the bus stop", set[str]()),
        ("wrong way near Casp tn37bz4412", {"casp"}),
        ("காந்திபுரம் அருகில் ஹெல்மெட் இல்லை", {"காந்திபுரம்"}),
        ("no helmet", set[str]()),
    ],
)
def test_a_landmark_is_what_follows_near(text: str, landmarks: set[str]) -> None:
    assert find_landmarks(text) == landmarks


def test_a_curve_is_straight_between_its_points_and_level_beyond() -> None:
    curve = ((0.0, 2.0), (1.0, 0.0), (3.0, -4.0))
    assert [on_curve(curve, x) for x in (-1, 0, 0.5, 2, 9)] == [2, 2, 1, -2, -4]


told = st.builds(
    Told,
    st.builds(Place, st.floats(-180, 180), st.floats(-90, 90)),
    st.none() | st.floats(0, 1e7),
    st.integers(0, 4_000_000_000_000),
    st.lists(st.sampled_from(["speed", "other", "no_helmet"])).map(tuple),
    st.text(max_size=20),
    st.text(max_size=80),
    st.lists(st.just(PICTURE), max_size=2).map(tuple),
)


@given(told, told)
def test_a_score_is_the_same_from_either_side_and_never_fails(one: Told, other: Told) -> None:
    a, b = look_at(one), look_at(other)
    score = probability(weigh(compare(a, b)))
    assert 0 <= score <= 1
    assert math.isclose(score, probability(weigh(compare(b, a))))
