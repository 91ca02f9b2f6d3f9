"""What may be the same event is found around a report, scored, and told with its reasons."""

import io
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from PIL import Image

from tests.services.conftest import new_report
from trafficdesk.domain.duplicates import Fact
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Place, Report
from trafficdesk.services import board, undo
from trafficdesk.services.intake import file_report
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.same_event import MayBeSame
from trafficdesk.services.session import Session

FileReport = Callable[..., Report]
SPOT = Place(76.9674, 11.0183)
METRE = 1 / 111_195.0


@pytest.fixture
def see(session: Session, file: FileReport) -> FileReport:
    """File a report some metres and seconds from the first one."""
    began = session.clock() - timedelta(hours=1)

    def make(metres: float = 0.0, seconds: float = 0.0, **values: Any) -> Report:  # noqa: ANN401 - any field of the record
        place = values.pop("place", Place(SPOT.lon, SPOT.lat + metres * METRE))
        return file(place=place, occurred_at=began + timedelta(seconds=seconds), **values)

    return make


def same(session: Session, report: Report) -> tuple[MayBeSame, ...]:
    return board.get_detail(session, report.pk).may_be_same


def pks(session: Session, report: Report) -> list[int]:
    return [each.row.pk for each in same(session, report)]


def test_the_likeliest_comes_first_and_other_vehicles_are_left_out(
    session: Session, see: FileReport
) -> None:
    mine = see()
    unread = see(25, 40, plate="")
    other = see(4, 10, plate="KA01MX9977")
    twice = see(30, 60, plate="TN37BZ44I2")
    first, second = same(session, mine)
    assert (first.id, second.id) == (twice.id, unread.id)
    assert first.is_likely
    assert first.score == second.score  # they are one group
    assert (first.group, second.group) == (2, 2)
    assert other.pk not in pks(session, mine)
    assert {reason.fact for reason in second.reasons} == {
        Fact.DISTANCE,
        Fact.GAP,
        Fact.VIOLATION,
    }


def test_only_what_is_near_in_place_and_time_is_looked_at(
    session: Session, see: FileReport
) -> None:
    mine = see()
    inside = [see(245, 0), see(0, 14.9 * 60), see(0, -14.9 * 60)]
    for far in ((256, 0), (0, 15.1 * 60), (0, -15.1 * 60)):
        see(*far)
    see(place=Place(SPOT.lon + 200 * METRE, SPOT.lat + 200 * METRE))  # in the corner of the box
    assert set(pks(session, mine)) == {each.pk for each in inside}
    earlier = next(each for each in same(session, mine) if each.row.pk == inside[2].pk)
    assert earlier.gap_ms == -14.9 * 60_000
    assert next(e for e in same(session, mine) if e.row.pk == inside[0].pk).distance_m > 240


def test_what_lies_on_the_other_side_of_the_date_line_is_near(
    session: Session, see: FileReport
) -> None:
    west = see(place=Place(179.9999, -17.0))
    east = see(place=Place(-179.9999, -17.0))
    assert pks(session, west) == [east.pk]
    assert pks(session, east) == [west.pk]


def pattern(seed: int) -> Examined:
    """Return a photo of a few large patches; the same for the same seed."""
    patches = Random(seed).randbytes(16 * 9)  # noqa: S311 - a picture, no secret
    out = io.BytesIO()
    Image.frombytes("L", (16, 9), patches).resize((480, 270)).save(out, "JPEG")
    found = examine(out.getvalue())
    assert isinstance(found, Examined)
    return found


def test_a_copied_photo_speaks_for_it(session: Session) -> None:
    began = session.clock() - timedelta(hours=1)

    def pictured(picture: Examined, seconds: int) -> int:
        seen_at = began + timedelta(seconds=seconds)
        report = new_report(session, occurred_at=seen_at, plate="", place=SPOT)
        return file_report(session, report, [picture]).pk

    mine, copy, other = (
        pictured(pattern(1), 0),
        pictured(pattern(1), 200),
        pictured(pattern(2), 200),
    )
    found = {each.row.pk: each for each in board.get_detail(session, mine).may_be_same}
    weights = {
        pk: {reason.fact: reason.weight for reason in found[pk].reasons} for pk in (copy, other)
    }
    assert weights[copy][Fact.PICTURE] > 4
    assert weights[other][Fact.PICTURE] == 0


def test_a_duplicate_stands_behind_its_original_until_it_is_undone(
    session: Session, see: FileReport
) -> None:
    original, repeat, mine = see(0, 0), see(5, 20), see(8, 30)
    step = Step(Move.MARK_DUPLICATE, duplicate_of=original.id)
    assert take_step(session, [Target(repeat.pk, repeat.revision)], step).is_done
    (found,) = same(session, mine)
    assert (found.id, found.group) == (original.id, 2)
    assert same(session, repeat) == ()
    assert pks(session, original) == [mine.pk]  # not what repeats it
    undo.undo_last(session)
    assert set(pks(session, mine)) == {original.pk, repeat.pk}
    assert set(pks(session, repeat)) == {original.pk, mine.pk}
