"""Numbers of reports and citations carry the year of the city, and citations what they base on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import board
from trafficdesk.services.intake import next_reference
from trafficdesk.services.intent import intent
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store.settling import settle_all

# Half past four in the morning of New Year's Day in Coimbatore.
_NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
Reread = Callable[[Report], Report]


def _cite(session: Session, report: Report, reread: Reread) -> None:
    for move in (Move.APPROVE, Move.CITE):
        assert take_step(session, [Target(report.pk, reread(report).revision)], Step(move)).is_done


def test_reports_and_citations_are_numbered_by_the_citys_new_year(
    session: Session, file: Callable[..., Report], reread: Reread
) -> None:
    report = file()
    early = replace(session, clock=lambda: _NEW_YEAR)
    with intent(early, "file") as doing:
        assert next_reference(doing.connection, doing.year) == "CBE-2027-D1-00001"
    _cite(early, report, reread)
    (citation,) = board.get_detail(session, report.pk).citations
    assert citation.number == "D1-C2027-00001"


def test_cancelling_a_citation_the_server_knows_names_its_version(
    session: Session,
    make_session: Callable[..., Session],
    file: Callable[..., Report],
    reread: Reread,
) -> None:
    report = file()
    _cite(session, report, reread)
    with session.store.writing() as connection:
        settle_all(connection)
    boss = make_session(Role.SUPERVISOR, "Velu R")
    assert take_step(boss, [Target(report.pk, reread(report).revision)], Step(Move.REOPEN)).is_done
    with session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT action, base_version FROM events WHERE entity = 'citation' ORDER BY seq"
        ).all()
    assert [tuple(row) for row in rows] == [("issue", 0), ("cancel", 1)]
