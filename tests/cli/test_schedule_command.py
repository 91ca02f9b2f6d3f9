"""``trafficdesk schedule`` lets reports come round, and a timer of the system's can run it."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from trafficdesk.cli.exits import Exit
from trafficdesk.domain.times import utc_now

pytestmark = pytest.mark.usefixtures("home")

DAILY = ("--every", "day", "--at", "00:00", "--about", "yesterday", "--format", "html")


def test_a_schedule_is_added_listed_run_and_removed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    add = ("schedule", "add", "monthly-station", *DAILY, "--folder", folder, "--json")
    added = run(*add, officer="Poongodi")
    assert added.code == Exit.DONE, added.err
    made = added.told["id"]
    assert added.told["next_ms"] > utc_now().timestamp() * 1000
    ran = run("schedule", "run", "--json", officer="Poongodi")
    assert ran.code == Exit.DONE, ran.err
    assert not list(folder.iterdir()), "nothing is due yet"
    (listed,) = run("schedule", "list", "--json", officer="Meena").told["schedules"]
    assert (listed["id"], listed["last"], listed["officer"]) == (made, None, "Poongodi I")
    refused = run("schedule", "remove", made[:8], officer="Meena")
    assert refused.code == Exit.REFUSED
    assert run("schedule", "remove", made[:8], officer="Poongodi").code == Exit.DONE
    assert run("schedule", "list", "--json", officer="Meena").told["schedules"] == []


def test_what_cannot_come_round_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    for wrong, said in (
        (("monthly-station",), "--folder or --mail"),
        (("monthly-station", "--mail", "nobody"), "plain addresses"),
        (("monthly-station", "--folder", tmp_path, "--at", "25:00"), "HH:MM"),
        (("monthly-station", "--folder", tmp_path, "--every", "week", "--on", "8"), "HH:MM"),
        (("monthly-station", "--folder", tmp_path, "--about", "tomorrow"), "last_month"),
        (("horoscope", "--folder", tmp_path), "There is no report horoscope"),
    ):
        ran = run("schedule", "add", *wrong, officer="Poongodi")
        assert ran.code == Exit.REFUSED
        assert said in ran.err, ran.err
    assert run("schedule", "remove", "00", officer="Poongodi").code == Exit.REFUSED
