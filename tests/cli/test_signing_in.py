"""Who may run a command, and what is said to those who may not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trafficdesk.cli.exits import Exit
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.profile import Profile

Run = Callable[..., Any]


@pytest.mark.usefixtures("home")
def test_a_name_its_beginning_or_an_id_signs_in(run: Run) -> None:
    for who in ("Poongodi I", "poon"):
        assert run("store", "stats", officer=who).code == Exit.DONE


@pytest.mark.usefixtures("home")
def test_with_several_officers_one_has_to_be_named(run: Run) -> None:
    done = run("store", "stats")
    assert done.code == Exit.NOT_UNLOCKED
    assert "Poongodi I, Meena S" in done.err


@pytest.mark.usefixtures("home")
def test_an_unknown_officer_is_told_who_there_is(run: Run) -> None:
    done = run("store", "stats", officer="Nobody")
    assert done.code == Exit.NOT_UNLOCKED
    assert "No officer Nobody at this desk; it has: Poongodi I, Meena S." in done.err


def test_a_wrong_password_says_how_many_tries_are_left_then_how_long_the_lock_is(
    home: Profile, run: Run
) -> None:
    before = home.database.read_bytes()
    for left in (4, 3, 2, 1):
        done = run("store", "stats", officer="Meena", password="not-this-one")
        assert done.code == Exit.NOT_UNLOCKED
        assert f"Wrong password. {left} more" in done.err
    for password in ("not-this-one", "river-lamp-42"):
        done = run("store", "stats", officer="Meena", password=password)
        assert done.code == Exit.NOT_UNLOCKED
        assert "locked until" in done.err
    assert home.database.read_bytes() == before


@pytest.mark.usefixtures("home")
def test_a_password_file_that_is_not_there_is_said_so(run: Run, tmp_path: Path) -> None:
    done = run("store", "stats", "--officer", "Meena", "--password-file", tmp_path / "none")
    assert done.code == Exit.NOT_UNLOCKED
    assert "cannot be used" in done.err


@pytest.mark.usefixtures("home")
def test_an_empty_password_file_is_said_so_and_is_no_try(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "password"
    empty.write_text("\nriver-lamp-42\n")
    done = run("store", "stats", "--officer", "Meena", "--password-file", empty)
    assert done.code == Exit.NOT_UNLOCKED
    assert "its first line is empty" in done.err
    done = run("store", "stats", officer="Meena", password="not-this-one")
    assert "4 more" in done.err


@pytest.mark.usefixtures("home")
def test_without_a_terminal_the_password_file_is_asked_for(run: Run) -> None:
    done = run("store", "stats", "--officer", "Meena")
    assert done.code == Exit.NOT_UNLOCKED
    assert "--password-file" in done.err


def test_a_second_program_on_the_same_profile_is_refused(home: Profile, run: Run) -> None:
    lock = hold_profile(home.instance_lock)
    assert not isinstance(lock, HeldByOther)
    with lock:
        done = run("store", "check", officer="Poongodi")
        assert done.code == Exit.IN_USE
        assert "Close it, then try again" in done.err
    assert run("store", "check", officer="Poongodi").code == Exit.DONE


@pytest.mark.parametrize("damage", ["cut", "junk", "changed", "empty"])
def test_a_damaged_key_file_is_told_apart_from_a_wrong_password(
    home: Profile, run: Run, damage: str
) -> None:
    content = home.key_slots.read_bytes()
    damaged = {
        "cut": content[: len(content) // 2],
        "junk": b"\x00\xff" * 300,
        "changed": content.replace(b"Meena", b"Meera"),
        "empty": b"",
    }[damage]
    home.key_slots.write_bytes(damaged)
    tries = home.tries.read_bytes()
    done = run("store", "stats", officer="Poongodi")
    assert done.code == Exit.NOT_UNLOCKED
    assert "The key file" in done.err
    assert "trafficdesk store restore" in done.err
    assert home.key_slots.read_bytes() == damaged
    assert home.tries.read_bytes() == tries, "a damaged file must cost nobody a try"


def test_a_folder_without_a_desk_says_how_to_make_one(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAFFICDESK_HOME", str(tmp_path / "nothing"))
    done = run("store", "stats", officer="Meena")
    assert done.code == Exit.REFUSED
    assert "trafficdesk demo" in done.err
    assert not (tmp_path / "nothing").exists()


@pytest.mark.usefixtures("home")
def test_json_carries_the_code_and_the_sentence(run: Run) -> None:
    done = run("store", "stats", "--json", officer="Meena", password="not-this-one")
    assert done.told["ok"] is False
    assert done.told["code"] == "cli.wrong_password"
    assert done.told["message"].startswith("Wrong password.")
    assert done.err == ""
