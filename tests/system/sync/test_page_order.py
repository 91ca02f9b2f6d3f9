"""What hangs on a record is taken in after it, in whatever order a page tells the two."""

from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.store import citations

_REPORTS = 8  # in any one order by chance, the rows of this many hardly all lie right


def test_a_report_and_its_citation_come_in_one_page(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    two.sync()
    reports = [one.file() for _ in range(_REPORTS)]
    for report in reports:
        one.step(report.id, Move.APPROVE)
        one.step(report.id, Move.CITE)
    one.sync()
    two.sync()
    with two.session.store.reading() as connection:
        cited = [
            len(citations.find_of_report(connection, two.report(report.id).pk))
            for report in reports
        ]
    assert cited == [1] * _REPORTS
