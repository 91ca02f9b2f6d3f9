"""Reports for the tests of what an officer can intend."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from trafficdesk.domain.records import NewReport, Place, Report
from trafficdesk.domain.vocabulary import Severity, VehicleType, Violation
from trafficdesk.services.intake import file_report
from trafficdesk.services.review import Target
from trafficdesk.services.session import Session
from trafficdesk.store import facts, reports

FileReport = Callable[..., Report]


def new_report(session: Session, **values: Any) -> NewReport:  # noqa: ANN401 - any field of the record
    with session.store.reading() as connection:
        city_id = facts.home_city_id(connection)
        station_id = facts.home_station_id(connection)
    now = session.clock()
    given: dict[str, Any] = {
        "violations": (Violation.SIGNAL_JUMP,),
        "severity": Severity.SEVERE,
        "place": Place(76.9674, 11.0183),
        "occurred_at": now - timedelta(hours=1),
        "reported_at": now,
        "city_id": city_id,
        "station_id": station_id,
        "plate": "TN 37 BZ 4412",
        "vehicle_type": VehicleType.CAR,
        "description": "White car went through when the lamp was fully red.",
        "area": "Gandhipuram",
    }
    return NewReport(**(given | values))


@pytest.fixture
def file(session: Session) -> FileReport:
    """File a report at the test desk and return it as it stands."""

    def make(**values: Any) -> Report:  # noqa: ANN401 - any field of the record
        filed = file_report(session, new_report(session, **values))
        assert filed.outcome.is_done, filed
        with session.store.reading() as connection:
            return reports.get(connection, filed.pk)

    return make


@pytest.fixture
def reread(session: Session) -> Callable[[Report], Report]:
    """Return a report as it stands now."""

    def again(report: Report) -> Report:
        with session.store.reading() as connection:
            return reports.get(connection, report.pk)

    return again


@pytest.fixture
def seen() -> Callable[[Report], list[Target]]:
    """Return the target of a report as an officer has it before their eyes."""
    return lambda report: [Target(report.pk, report.revision)]
