"""The audit is proved by one command, written out for others, and kept for longer than a year."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sync_server.audit import service as audit
from sync_server.db.engine import Crossing
from sync_server.jobs.upkeep import tidy
from tests.server.admin.test_commands import Run, furnished, run
from tests.server.live import Live
from tests.server.world import World
from trafficdesk.domain.times import to_ms, utc_now

__all__ = ["furnished", "run"]
LONG_AGO = timedelta(days=800)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def exported(furnished: Run, tmp_path: Path) -> Path:
    """An export of a server that has an agency's chain and its own."""
    assert furnished("backup", "kept").code == 0
    done = furnished("audit", "export", "audit.jsonl", "--json")
    assert done.code == 0, done.err
    return tmp_path / "audit.jsonl"


def test_the_database_is_proved_by_one_command(furnished: Run, database_url: str) -> None:
    assert furnished("audit", "verify").code == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_keep")
        connection.execute("UPDATE audit SET subject = 'somebody else' WHERE seq = 1")
    found = furnished("audit", "verify", "--json")
    assert found.code == 5
    faults = found.told["faults"]
    assert isinstance(faults, dict)
    assert list(faults.values()) == [1]


def test_an_export_holds_every_chain_and_the_export_itself(exported: Path) -> None:
    title, *entries = lines_of(exported)
    assert title["format"] == "trafficdesk-server-audit/1"
    assert [each["action"] for each in entries if each["chain"] == str(audit.SERVER_CHAIN)] == [
        "server.backed_up",
        "audit.exported",
    ]
    assert "city.added" in {each["action"] for each in entries}
    assert len(title["chains"]) == 2
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600


def test_an_export_is_proved_anywhere_also_when_it_was_written_with_other_spaces(
    exported: Path, run: Run
) -> None:
    away = "postgresql://owner@/desk?host=/nowhere"
    assert run("audit", "verify", str(exported), url=away).code == 0
    write(exported, lines_of(exported))
    assert run("audit", "verify", str(exported), url=away).code == 0


@pytest.mark.parametrize("way", ["changed", "cut", "left out", "another order"])
def test_an_export_that_was_altered_is_found(exported: Path, run: Run, way: str) -> None:
    lines = lines_of(exported)
    if way == "changed":
        lines[1]["subject"] = "somebody else"
    elif way == "cut":
        lines.pop()
    elif way == "left out":
        lines.pop(1)
    else:
        lines[1], lines[2] = lines[2], lines[1]
    write(exported, lines)
    found = run("audit", "verify", str(exported))
    assert found.code == 5, found.out
    assert "failed" in found.out


def test_what_is_no_export_is_refused(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_text('{"format": "another", "made_ms": 1, "chains": {}}\n')
    (tmp_path / "text").write_text("a text\n")
    for words in (("verify", "other"), ("verify", "text"), ("verify", "none"), ("export", "text")):
        refused = furnished("audit", *words)
        assert (refused.code, refused.out) == (1, ""), words
    assert (tmp_path / "text").read_text() == "a text\n"


@pytest.mark.parametrize("line", ['{"chain": 5}', "[" * 100_000, "[]", "{}", "5"])
def test_a_line_that_is_no_entry_is_refused(exported: Path, run: Run, line: str) -> None:
    with exported.open("a") as file:
        file.write(f"{line}\n")
    refused = run("audit", "verify", str(exported))
    assert (refused.code, refused.out) == (1, ""), refused.err
    assert "a line of it is no entry" in refused.err


def test_an_export_is_for_its_owner_alone_whatever_lay_there_before(
    furnished: Run, tmp_path: Path
) -> None:
    left, elsewhere = tmp_path / ".new.jsonl.part", tmp_path / "elsewhere"
    left.symlink_to(elsewhere)
    assert furnished("audit", "export", "new.jsonl").code == 0
    assert not elsewhere.exists()
    assert not (tmp_path / "new.jsonl").is_symlink()


def test_an_export_that_was_not_written_is_in_no_audit(exported: Path, furnished: Run) -> None:
    assert furnished("audit", "export", str(exported)).code == 1
    assert furnished("audit", "export", "again.jsonl").code == 0
    again = lines_of(exported.with_name("again.jsonl"))
    assert [each.get("action") for each in again].count("audit.exported") == 2


def test_upkeep_keeps_entries_of_years_ago_and_the_chain_whole(
    own_live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, server = World(own_live), own_live.server
    with monkeypatch.context() as patch:
        patch.setattr(audit, "utc_now", lambda: utc_now() - LONG_AGO)
        with server.database.transaction(world.tenant_id, []) as connection:
            for _ in range(3):
                audit.append(connection, audit.Deed(action="tested", tenant_id=world.tenant_id))
    assert tidy(server, timedelta(0)) is not None
    with server.database.crossing(Crossing.OPERATOR) as connection:
        kept = list(audit.walk(connection, world.tenant_id))
        assert [each["seq"] for each in kept] == [1, 2, 3]
        assert kept[0]["at_ms"] < to_ms(utc_now()) - timedelta(days=366) / timedelta(milliseconds=1)
        assert audit.verify(connection) == []


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET at_ms = 0"])
def test_not_even_the_databases_owner_shortens_the_audit_unseen(
    furnished: Run, database_url: str, statement: str
) -> None:
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error, match="append"):
        connection.execute(statement.encode())
    assert furnished("audit", "verify").code == 0
