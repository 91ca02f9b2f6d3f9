"""The import command on a whole desk: what it says and with what it leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trafficdesk.cli.exits import Exit

Run = Callable[..., Any]
WHO = "Poongodi"
HEADER = "time,longitude,latitude,violation,severity,vehicle,plate,street,landmark,area,remarks"
GOOD = (
    "05/01/2026 09:30,76.96,11.01,no helmet;triple riding,high,moto,TN37A1,"
    "Cross Cut Rd,,Gandhipuram,two"
)
BARCELONA = (
    Path(__file__).parents[3] / "shared" / "data" / "accidents" / "barcelona_2010_2018.csv.gz"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "reports.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n{GOOD.replace('76.96', '76.97')}\n")
    return path


@pytest.mark.usefixtures("home")
def test_a_table_is_previewed_then_imported_by_a_shipped_mapping(run: Run, table: Path) -> None:
    seen = run("import", table, "--mapping", "reports", "--preview", "--json", officer=WHO)
    assert seen.code == Exit.DONE
    assert seen.told["rows"] == 2
    assert seen.told["first"][0]["violations"] == "no_helmet, triple_riding"
    assert run("store", "stats", "--json", officer=WHO).told["rows"]["reports"] == 5
    done = run("import", table, "--mapping", "reports", officer=WHO)
    assert done.code == Exit.DONE
    assert done.out.startswith("Imported 2 reports")
    assert run("store", "stats", "--json", officer=WHO).told["rows"]["reports"] == 7
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.mark.usefixtures("home")
def test_an_import_is_listed_and_taken_back_by_its_number(run: Run, table: Path) -> None:
    done = run("import", table, "--mapping", "reports", officer=WHO)
    assert "trafficdesk imports --undo 1" in done.out
    (listed,) = run("imports", "--json", officer=WHO).told["imports"]
    assert (listed["number"], listed["file"], listed["rows"]) == (1, "reports.csv", 2)
    back = run("imports", "--undo", 1, officer=WHO)
    assert back.out.startswith("Took back 2 reports of reports.csv.")
    again = run("imports", "--undo", 1, officer=WHO)
    assert (again.code, again.err.strip()) == (Exit.REFUSED, "Import 1 was taken back before.")
    assert "There is no import 7" in run("imports", "--undo", 7, officer=WHO).err
    assert "taken_back" in run("imports", officer=WHO).out
    assert run("store", "check", officer=WHO).code == Exit.DONE


@pytest.mark.usefixtures("home")
def test_wrong_rows_are_listed_with_line_column_and_value(run: Run, table: Path) -> None:
    table.write_text(f"{HEADER}\n{GOOD}\n{GOOD.replace('76.96,11.01', '11.01,76.96')}\n")
    done = run("import", table, "--mapping", "reports", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "line 3 (longitude): longitude and latitude have changed places" in done.err
    assert "1 of 2 rows" in done.err
    told = run("import", table, "--mapping", "reports", "--json", officer=WHO).told
    assert told["code"] == "import.rows_wrong"
    assert told["errors"][0]["line"] == 3
    assert run("store", "stats", "--json", officer=WHO).told["rows"]["reports"] == 5


@pytest.mark.usefixtures("home")
def test_a_missing_mapping_says_where_examples_are(run: Run, table: Path) -> None:
    done = run("import", table, "--mapping", "none.toml", officer=WHO)
    assert done.code == Exit.REFUSED
    assert "resources/mappings" in done.err


@pytest.mark.usefixtures("home")
def test_an_officer_without_the_right_is_refused(run: Run, table: Path) -> None:
    done = run("import", table, "--mapping", "reports", officer="Meena")
    assert done.code == Exit.REFUSED
    assert "Sign in as a supervisor" in done.err


@pytest.mark.skipif(not BARCELONA.exists(), reason="the Barcelona file is not on this machine")
@pytest.mark.usefixtures("home")
def test_the_barcelona_file_is_read_without_an_error(run: Run) -> None:
    done = run(
        "import", BARCELONA, "--mapping", "barcelona_accidents", "--preview", "--json", officer=WHO
    )
    assert done.code == Exit.DONE
    assert (done.told["rows"], done.told["error_count"]) == (86_467, 0)
