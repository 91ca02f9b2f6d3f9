"""Reports at a desk: each says what the analytics say, to whom it may, and is noted."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from numpy.random import default_rng

from tests.services.analytics.happened import Happened, write
from tests.services.conftest import FileReport
from trafficdesk.domain.analytics.metric_words import METRIC_WORDS
from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.analytics.periods import Period, last_days
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Place, Ward
from trafficdesk.domain.reporting.asked import Asked, Form, ReportFault
from trafficdesk.domain.reporting.catalogue import BY_ID, TEMPLATES
from trafficdesk.domain.reporting.document import Bars, Figures, Table
from trafficdesk.domain.shifts import shift_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Role
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.services import auditing
from trafficdesk.services.analytics.overview import find_overview
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.reporting.making import Made, make_report
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store import audit, facts, places

PLATE = "TN 37 BZ 4412"


def week(session: Session) -> Period:
    """Return the seven days that end with today."""
    with session.store.reading() as connection:
        return last_days(facts.calendar(connection).day_of(to_ms(session.lease_clock())), 7)


def asked(session: Session, template_id: str) -> Asked:
    """Return what a template is asked about at this desk: the city, else what it is of."""
    template = BY_ID[template_id]
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    shift = shift_of(calendar, to_ms(session.lease_clock())) if template.is_of_a_shift else None
    mine = session.officer.id if Part.OFFICER in template.of else None
    ward = ward_of(session) if template.of == {Part.WARD} else None
    return Asked(template_id, week(session), ward_id=ward, officer_id=mine, shift=shift)


def ward_of(session: Session) -> UUID:
    """Draw a ward around where the tests' reports lie."""
    ring = ((76.9, 11.0), (77.0, 11.0), (77.0, 11.1), (76.9, 11.1), (76.9, 11.0))
    geometry = json.dumps({"type": "Polygon", "coordinates": [ring]})
    with session.store.writing() as connection:
        ward = Ward(new_id(), facts.home_city_id(connection), "Gandhipuram", geometry)
        places.put_ward(connection, ward)
    return ward.id


def page(session: Session, asked: Asked, path: Path) -> str:
    """Return the words of a report that must be made."""
    made = make_report(session, asked, Form.HTML, path)
    assert isinstance(made, Made), made
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))))


@pytest.fixture
def busy(session: Session, file: FileReport) -> Session:
    """An inspector's desk that decided one of four reports of one vehicle."""
    hours = timedelta(hours=3)
    filed = [file(plate=PLATE, reported_at=session.clock() - hours) for _ in range(4)]
    take_step(session, [Target(filed[0].pk, filed[0].revision)], Step(Move.APPROVE))
    session.officer = replace(session.officer, role=Role.SUPERVISOR)
    return session


def test_every_template_states_its_age_its_filters_and_its_masking(
    busy: Session, tmp_path: Path
) -> None:
    for chosen in TEMPLATES:
        told = page(busy, asked(busy, chosen.id), tmp_path / f"{chosen.id}.html")
        assert chosen.title in told
        for fact in ("Of ", "Data as of", "Made ", busy.officer.name, "Personal data", "Times "):
            assert fact in told
        assert ("Shift " if chosen.is_of_a_shift else "(7 days, not over yet)") in told
        assert ("Compared with" in told) is chosen.is_compared
        assert (": as much of it as there has been of this one" in told) is chosen.is_compared
        assert ("none in this report" in told) is not chosen.has_people


def test_a_desk_without_a_report_has_sensible_reports(session: Session, tmp_path: Path) -> None:
    session.officer = replace(session.officer, role=Role.SUPERVISOR)
    for chosen in TEMPLATES:
        told = page(session, asked(session, chosen.id), tmp_path / f"{chosen.id}.html")
        assert chosen.title in told
        assert "nan" not in told.split()


def test_figures_are_those_of_the_analytics(busy: Session, tmp_path: Path) -> None:
    question = asked(busy, "monthly-station")
    made = make_report(busy, question, Form.HTML, tmp_path / "a.html")
    assert isinstance(made, Made)
    (figures,) = (each for each in made.document.sections if isinstance(each, Figures))
    told = {line.name: (line.value, line.n) for line in figures.lines}
    known = find_overview(busy, Scope(week(busy))).kpis
    for kpi in known:
        if kpi.value is not None or kpi.before is not None:
            assert told[METRIC_WORDS[kpi.metric_id][0]] == (kpi.value, kpi.n)
    assert told[METRIC_WORDS[MetricId.RECEIVED][0]] == (4, 4)
    (types,) = (
        each
        for each in made.document.sections
        if isinstance(each, Bars) and each.title == "By violation"
    )
    assert types.bars == (("Red-light jump", 4),)


def test_squares_are_told_with_all_that_naming_them_was_worth(
    session: Session, tmp_path: Path
) -> None:
    session.officer = replace(session.officer, role=Role.SUPERVISOR)
    now, rng = session.clock(), default_rng(4)
    write(
        session,
        [
            Happened(Place(76.95 + 0.01 * (hours % 7), 11.02), now - timedelta(hours=hours))
            for hours in rng.integers(1, 3 * 8_736, 1_500).tolist()
        ],
    )
    worth = forecast_places(session, Scope(week(session))).backtest
    assert worth is not None
    made = make_report(session, asked(session, "outlook"), Form.HTML, tmp_path / "a.html")
    assert isinstance(made, Made)
    (table,) = (
        each
        for each in made.document.sections
        if isinstance(each, Table) and each.title == "What naming squares was worth so far"
    )
    told = {name: (model, plain) for name, model, plain in table.rows}
    both = list(zip(worth.model.areas, worth.plain.areas, strict=True))
    for share, (one, other) in zip((1, 5, 20), both, strict=True):
        of = f"{share} % of the squares"
        assert told[f"Reports in {of}"] == _shares(one.hit_rate, other.hit_rate)
        assert told[f"PAI, {of}"] == (f"{one.pai:.2f}", f"{other.pai:.2f}")
        assert told[f"PEI*, {of}"] == (f"{one.pei_star:.2f}", f"{other.pei_star:.2f}")
    model, plain = worth.model, worth.plain
    assert told["Right in the top tenth"] == _shares(model.top_precision, plain.top_precision)
    assert told["Error, share of all reports"] == _shares(model.wape, plain.wape)
    assert len(told) == 12
    is_said = "The model is better by more than luck." in table.about
    assert is_said is worth.is_better
    assert ("The model is no better than counting" in table.about) is not worth.is_better


def _shares(*shares: float) -> tuple[str, ...]:
    return tuple(f"{100 * each:.1f} %" for each in shares)


def test_plates_are_masked_for_roles_that_may_not_read_them(busy: Session, tmp_path: Path) -> None:
    question = asked(busy, "repeat-offenders")
    assert PLATE in page(busy, question, tmp_path / "whole.html")
    busy.officer = replace(busy.officer, role=Role.DISPATCHER)
    masked = page(busy, question, tmp_path / "masked.html")
    assert "TN37\N{BULLET}" in masked
    assert "4412" not in masked
    assert "plates are masked" in masked


def test_each_report_is_noted_before_it_is_written(busy: Session, tmp_path: Path) -> None:
    question = asked(busy, "city-week")
    with pytest.raises(FileNotFoundError):
        make_report(busy, question, Form.PDF, tmp_path / "gone" / "a.pdf")
    with busy.store.reading() as connection:
        (entry,) = audit.find_of_action(connection, "report.make")
    told = json.loads(entry.detail)
    assert (told["template"], told["format"], told["masked"]) == ("city-week", "pdf", False)
    assert told["days"] == [question.period.first_day, question.period.past_day - 1]
    assert auditing.verify(busy).ok


def test_a_report_is_refused_to_whom_it_is_not_for(session: Session, tmp_path: Path) -> None:
    path, mine = tmp_path / "a.pdf", session.officer
    session.officer = replace(mine, role=Role.OFFICER)
    period = week(session)
    for question, fault in (
        (Asked("audit", period), ReportFault.NOT_PERMITTED),
        (Asked("review-quality", period), ReportFault.NOT_PERMITTED),
        (Asked("officer-performance", period, officer_id=new_id()), ReportFault.NOT_PERMITTED),
        (Asked("officer-performance", period), ReportFault.WRONG_SCOPE),
        (Asked("city-week", period, ward_id=new_id()), ReportFault.WRONG_SCOPE),
        (
            Asked("backlog", period, station_id=new_id(), ward_id=new_id()),
            ReportFault.WRONG_SCOPE,
        ),
        (Asked("shift", period), ReportFault.WRONG_SCOPE),
        (Asked("backlog", period, station_id=new_id()), ReportFault.UNKNOWN_PLACE),
        (Asked("nonsense", period), ReportFault.UNKNOWN_TEMPLATE),
    ):
        assert make_report(session, question, Form.PDF, path) is fault, question
    with session.store.reading() as connection:
        assert not audit.find_of_action(connection, "report.make")
    assert not path.exists()


def test_policy_says_which_forms_may_be_had(session: Session, tmp_path: Path) -> None:
    policy = Policy(exports=ExportRules(("html",)))
    session.profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    question = asked(session, "city-week")
    told = [
        make_report(session, question, form, tmp_path / f"a.{form}")
        for form in (Form.PDF, Form.XLSX)
    ]
    assert told == [ReportFault.BY_POLICY] * 2
    assert isinstance(make_report(session, question, Form.HTML, tmp_path / "a.html"), Made)
