"""Corrected facts are kept tidy, and what follows from them follows."""

import json
from collections.abc import Callable

import pytest

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Report, Ward
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services import board, review, undo
from trafficdesk.services.review import Target
from trafficdesk.services.session import Session
from trafficdesk.store import places, upkeep

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]


def test_a_corrected_place_brings_its_ward_and_an_undo_takes_both_back(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    ring = [[76.99, 11.03], [77.01, 11.03], [77.01, 11.05], [76.99, 11.05], [76.99, 11.03]]
    limits = json.dumps({"type": "Polygon", "coordinates": [ring]})
    ward = Ward(new_id(), report.city_id, "Peelamedu", limits)
    with session.store.writing() as connection:
        places.put_ward(connection, ward)
    moved = {"lon": 77.0, "lat": 11.04}
    assert review.correct(session, seen(report)[0], moved).is_done
    after = reread(report)
    assert (after.place.lon, after.ward_id) == (77.0, ward.id)
    assert undo.undo_last(session).is_done
    after = reread(report)
    assert (after.place, after.ward_id) == (report.place, None)
    assert all(finding.ok for finding in upkeep.check(session.store))


def test_the_listed_score_follows_a_corrected_plate(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file(plate="")
    assert review.correct(session, seen(report)[0], {"plate": "tn 37 bz 4412"}).is_done
    after = reread(report)
    assert after.plate == "TN37BZ4412"
    assert after.score > report.score
    assert board.get_detail(session, report.pk).evidence.score == after.score


@pytest.mark.parametrize(
    "values",
    [{"severity": 9}, {"vehicle_type": "tank"}, {"lon": 200.0}, {"lat": "nan"}],
)
def test_a_value_that_is_none_of_its_field_changes_nothing(
    session: Session,
    file: FileReport,
    reread: Reread,
    seen: Seen,
    values: dict[str, object],
) -> None:
    report = file()
    with pytest.raises(ValueError, match=r"."):
        review.correct(session, seen(report)[0], values)
    assert reread(report) == report


def test_a_field_that_is_no_fact_cannot_be_corrected(
    session: Session, file: FileReport, seen: Seen
) -> None:
    with pytest.raises(KeyError):
        review.correct(session, seen(file())[0], {"status": "approved"})


def test_severity_is_corrected_as_a_number(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    report = file()
    assert review.correct(session, seen(report)[0], {"severity": 4}).is_done
    assert reread(report).severity is Severity.CRITICAL
