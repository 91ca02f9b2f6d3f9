"""A list is taken out by whoever may, without what they may not read, and it is noted."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from tests.exports.read_back import read_rows
from tests.services.conftest import FileReport
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.domain.vocabulary import ReportStatus, Role, Severity, Violation
from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.exports.writing import Format
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportFormat, ExportRules, Policy
from trafficdesk.services import auditing, exporting
from trafficdesk.services.exporting import (
    COLUMNS,
    Exported,
    ExportFault,
    ListFile,
    Wanted,
    export_reports,
)
from trafficdesk.services.session import Session
from trafficdesk.store import queues
from trafficdesk.store.queues import PageRequest


def _never(_done: int) -> None:
    return


def _wanted(path: Path, wanted: ReportFilter | None = None) -> Wanted:
    form = Format(path.suffix.lstrip("."))
    return Wanted(wanted or ReportFilter(), Sort.OLDEST, ListFile(path, form, "Reports"))


def test_a_list_is_written_in_its_order_with_every_fact(
    session: Session, file: FileReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 3)  # several pages, the last one short
    filed = [file(plate=f"TN 37 AB {1000 + n}", severity=Severity.MINOR) for n in range(7)]
    file(severity=Severity.CRITICAL)
    path = tmp_path / "list.csv"
    minor = ReportFilter(severities=frozenset({Severity.MINOR}))
    done = export_reports(session, _wanted(path, minor), _never)
    assert done == Exported(path, 7, is_masked=False)
    rows = read_rows(path)
    assert list(rows[0]) == [name for name, _ in COLUMNS]
    assert [row["reference"] for row in rows] == [report.reference for report in filed]
    first = rows[0]
    assert (first["plate"], first["violations"]) == ("TN37AB1000", "signal_jump")
    assert first["description"].startswith("White car")
    assert first["occurred_at"] == filed[0].occurred_at.isoformat(timespec="seconds")
    assert float(first["longitude"]) == pytest.approx(76.9674)


@pytest.mark.parametrize("sort", Sort)
def test_it_is_in_the_lists_own_order_also_where_words_are_searched(
    sort: Sort, session: Session, file: FileReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    for severity in (*Severity, *Severity):
        file(severity=severity, description="helmet")
    file(description="nothing of the kind")
    wanted = ReportFilter(text="helmet")
    with session.store.reading() as connection:
        listed = queues.find_page(connection, PageRequest(wanted, sort))
    path = tmp_path / "list.csv"
    export_reports(session, replace(_wanted(path, wanted), sort=sort), _never)
    told = [row["reference"] for row in read_rows(path)]
    assert len(told) == 2 * len(Severity)
    assert told == [row.reference for row in listed]


def test_every_violation_of_a_report_is_told(
    session: Session, file: FileReport, tmp_path: Path
) -> None:
    file(violations=(Violation.NO_HELMET, Violation.SIGNAL_JUMP))
    path = tmp_path / "list.csv"
    export_reports(session, _wanted(path), _never)
    assert read_rows(path)[0]["violations"] == "no_helmet signal_jump"


def test_a_whole_page_is_not_followed_by_an_empty_one_or_told_twice(
    session: Session, file: FileReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    filed = {file().reference for _ in range(4)}
    path = tmp_path / "list.csv"
    export_reports(session, _wanted(path), _never)
    told = [row["reference"] for row in read_rows(path)]
    assert len(told) == 4
    assert set(told) == filed


def test_who_may_not_read_of_people_gets_plates_and_words_masked(
    session: Session, file: FileReport, tmp_path: Path
) -> None:
    file(plate="TN 37 AB 1000", vehicle_text="the mayor's car")
    session.officer = replace(session.officer, role=Role.DISPATCHER)
    path = tmp_path / "list.csv"
    done = export_reports(session, _wanted(path), _never)
    assert isinstance(done, Exported)
    assert done.is_masked
    (row,) = read_rows(path)
    assert row["plate"] == "TN37••••••"
    assert (row["description"], row["vehicle"], row["decision_note"]) == ("•", "•", "")
    assert row["area"] == "Gandhipuram"


def test_it_is_noted_before_anything_is_read(
    session: Session, file: FileReport, tmp_path: Path
) -> None:
    file()

    def stop(done: int) -> None:
        raise ExportCancelledError(done)

    with pytest.raises(ExportCancelledError):
        export_reports(session, _wanted(tmp_path / "list.csv"), stop)
    assert list(tmp_path.glob("*list*")) == []
    with session.store.reading() as connection:
        noted = [each for each in auditing.entries(connection) if each.action == "report.export"]
    (entry,) = noted
    detail = json.loads(entry.detail)
    assert detail == {"file": "list.csv", "format": "csv", "masked": False}


def test_who_may_not_export_and_what_policy_forbids_is_refused(
    session: Session, tmp_path: Path
) -> None:
    policy = Policy(exports=ExportRules(("csv",)))
    session.profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    assert export_reports(session, _wanted(tmp_path / "a.json"), _never) is ExportFault.BY_POLICY
    assert isinstance(export_reports(session, _wanted(tmp_path / "a.csv"), _never), Exported)
    session.officer = replace(session.officer, role=Role.SERVICE)
    refused = export_reports(session, _wanted(tmp_path / "b.csv"), _never)
    assert refused is ExportFault.NOT_PERMITTED
    assert not (tmp_path / "b.csv").exists()


def test_policy_knows_every_format_there_is() -> None:
    assert set(get_args(ExportFormat)) == set(Format)


def test_a_filter_that_matches_nothing_is_an_empty_list(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    closed = ReportFilter(statuses=frozenset({ReportStatus.CLOSED}))
    done = export_reports(session, _wanted(path, closed), _never)
    assert done == Exported(path, 0, is_masked=False)
    assert read_rows(path) == []
