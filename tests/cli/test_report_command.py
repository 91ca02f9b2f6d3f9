"""``trafficdesk report`` lists what there is, and makes what was asked for or says why not."""

from pathlib import Path

import pytest

from tests.cli.conftest import ADMIN, OFFICER, Run
from trafficdesk.domain.reporting.catalogue import TEMPLATES


def test_every_template_is_listed_with_what_it_can_be_about(run: Run) -> None:
    told = run("report", "list", "--json").told["templates"]
    assert [each["id"] for each in told] == [each.id for each in TEMPLATES]
    assert all(each["about"] and each["of"] for each in told)
    assert all(each.id in run("report", "list").out for each in TEMPLATES)


@pytest.mark.usefixtures("home")
def test_a_report_is_made_in_the_form_of_its_ending(run: Run, tmp_path: Path) -> None:
    path, who = tmp_path / "week.html", OFFICER.name
    days = ("--from", "2026-01-05", "--to", "2026-01-11", "--json")
    told = run("report", "run", "city-week", path, *days, officer=who).told
    assert (told["ok"], told["title"], told["masked"]) == (True, "City week", False)
    assert "5 Jan 2026" in path.read_text(encoding="utf-8")
    again = run("report", "run", "city-week", path, "--json", officer=who)
    assert again.told["code"] == "cli.file_exists"
    shift = tmp_path / "shift.xlsx"
    made = run("report", "run", "shift", shift, "--shift", "2026-01-05T07:30", officer=who)
    assert "5 Jan 2026 06:00 to 5 Jan 2026 14:00" in made.out
    own = ("officer-performance", tmp_path / "own.html", "--person", OFFICER.name[:3])
    assert run("report", "run", *own, officer=who).code == 0


_BACKWARDS = ("--from", "2026-02-02", "--to", "2026-02-01")


@pytest.mark.usefixtures("home")
def test_what_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    for words, code in (
        (("nonsense", tmp_path / "a.pdf"), "report.unknown_template"),
        (("audit", tmp_path / "a.pdf"), "report.not_permitted"),
        (("city-week", tmp_path / "a.docx"), "export.format"),
        (("backlog", tmp_path / "a.pdf", "--ward", "Nowhere"), "report.name"),
        (("officer-performance", tmp_path / "a.pdf"), "report.wrong_scope"),
        (
            ("officer-performance", tmp_path / "a.pdf", "--person", ADMIN.name),
            "report.not_permitted",
        ),
        (("city-week", tmp_path / "a.pdf", *_BACKWARDS), "report.days"),
    ):
        ran = run("report", "run", *words, "--json", officer=OFFICER.name)
        assert (ran.code, ran.told["code"]) == (1, code)
    assert not list(tmp_path.glob("a.*"))
