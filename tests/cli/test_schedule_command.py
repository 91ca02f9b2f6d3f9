"""``trafficdesk schedule`` lets reports come round, and a timer of the system's can run it."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.cli.conftest import Run
from tests.delivery.mail_server import PASSWORD, name_server, running
from tests.security.memory_keyring import MemoryKeyring
from trafficdesk.cli.exits import Exit
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile

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
        (("shift", "--folder", tmp_path, "--every", "day"), "--about last_shift"),
        (("horoscope", "--folder", tmp_path), "There is no report horoscope"),
    ):
        ran = run("schedule", "add", *wrong, officer="Poongodi")
        assert ran.code == Exit.REFUSED
        assert said in ran.err, ran.err
    assert run("schedule", "remove", "00", officer="Poongodi").code == Exit.REFUSED


def test_the_mail_server_is_shown_and_tried(run: Run, home: Profile, tmp_path: Path) -> None:
    assert "mail.json" in run("schedule", "mail").err
    with running(tmp_path) as server:
        name_server(home, server)
        shown = run("schedule", "mail", "--json")
        assert shown.code == Exit.DONE, shown.err
        assert (shown.told["host"], shown.told["is_of_it"]) == (server.settings.host, False)
        assert PASSWORD not in shown.out
        assert run("schedule", "mail", "--to", "boss@police.example").code == Exit.DONE
        ((to, _letter),) = server.behaviour.taken
        assert to == "boss@police.example"
        server.behaviour.refused = {"gone@police.example": "550 no such mailbox"}
        refused = run("schedule", "mail", "--to", "gone@police.example")
        assert refused.code == Exit.REFUSED
        assert "550 no such mailbox" in refused.err
        (home.folder / "mail-password").unlink()
        assert "password" in run("schedule", "mail", "--to", "boss@police.example").err


@pytest.fixture
def _memory_keyring() -> Iterator[None]:
    """Let no test touch a real account's keyring."""
    real = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    yield
    keyring.set_keyring(real)


@pytest.mark.usefixtures("_memory_keyring")
def test_the_keyring_keeps_the_password(run: Run, home: Profile, tmp_path: Path) -> None:
    file = tmp_path / "typed"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with running(tmp_path) as server:
        name_server(home, server, has_file=False)
        assert run("schedule", "mail", "--to", "boss@police.example").code == Exit.REFUSED
        kept = run("schedule", "mail", "--keep-password", file, "--to", "boss@police.example")
        assert kept.code == Exit.DONE, kept.err
        assert server.behaviour.signed_in == [True]
