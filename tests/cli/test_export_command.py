"""``trafficdesk export`` writes the list that was asked for, or says why not."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import OFFICER, REPORTS, Run
from trafficdesk.profile import Profile


@pytest.mark.usefixtures("home")
def test_a_list_is_written_in_the_format_of_its_ending(run: Run, tmp_path: Path) -> None:
    path, who = tmp_path / "list.geojson", OFFICER.name
    told = run("export", path, "--json", officer=who).told
    assert (told["rows"], told["masked"]) == (REPORTS, False)
    assert len(json.loads(path.read_bytes())["features"]) == REPORTS
    assert run("export", path, "--json", officer=who).told["code"] == "cli.file_exists"
    none = run("export", tmp_path / "none.csv", "--to", "2001-01-01", officer=who)
    assert none.code == 0
    assert "Wrote 0 reports" in none.out
    backwards = ("--from", "2026-02-02", "--to", "2026-02-01", "--json")
    refused = run("export", tmp_path / "b.csv", *backwards, officer=who)
    assert (refused.code, refused.told["code"]) == (1, "report.days")
    closed = run("export", tmp_path / "a.json", "--status", "closed", "--json", officer=who)
    assert closed.told["rows"] == 0


def test_an_ending_that_is_no_format_is_told_before_anybody_signs_in(
    run: Run, home: Profile, tmp_path: Path
) -> None:
    ran = run("export", tmp_path / "list.docx")
    assert ran.code == 1
    assert "csv, xlsx" in ran.err
    assert not (home.folder / "list.docx").exists()
