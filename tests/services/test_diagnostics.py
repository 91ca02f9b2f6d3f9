"""What a desk tells whoever mends it holds nothing of people, cases or keys."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.services.conftest import FileReport
from trafficdesk.journal import Event, Journal, files_of
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import Policy, ServerRules
from trafficdesk.profile import Profile
from trafficdesk.qt.excepthook import crash_report
from trafficdesk.services import auditing
from trafficdesk.services.diagnostics import write_diagnostics
from trafficdesk.services.session import Session
from trafficdesk.store import sync_marks

# Stands in every text that people, cases, settings, errors and secrets bring into a desk.
CANARY = "Kanarienvogel"
PLATE = "TN99KV7777"


@pytest.fixture
def full(session: Session, file: FileReport) -> Session:
    """A desk that has met the canary wherever text can come in."""
    profile = session.profile
    file(
        address=f"{CANARY} Road",
        area=CANARY,
        plate=PLATE,
        vehicle_text=CANARY,
        description=f"{CANARY} was seen by {CANARY}@example.org, 9876543210",
    )
    with session.store.writing() as connection:
        marks = {"turn": CANARY, "protocol": 1, "refresh_token": CANARY, "unread": [CANARY]}
        sync_marks.put_marks(connection, json.dumps(marks))
        connection.exec_driver_sql("UPDATE officers SET name = ?", (CANARY,))
        connection.exec_driver_sql("UPDATE outbox SET state = 'parked', reason = 'bad_value'")
    told = {"theme": "dark", "lock_minutes": 7, "screens": {"last_officer": CANARY, "find": CANARY}}
    profile.settings.write_bytes(msgspec.json.encode(told))
    profile.crash_reports.mkdir(exist_ok=True)
    with pytest.raises(ValueError, match="0x") as broken:
        int(f"0x{CANARY}", 16)
    told_of = crash_report(ValueError(f"{CANARY}, {PLATE}").with_traceback(broken.tb))
    (profile.crash_reports / "one.txt").write_text(told_of)
    journal = Journal(profile.journal)
    journal.note(Event.SYNC, fault="no_answer", said=f"what {CANARY} said", waits=3)
    journal.close()
    return session


def _read(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_nothing_of_people_cases_or_secrets_gets_in(full: Session, tmp_path: Path) -> None:
    login = f"https://{CANARY}:{CANARY}@sync.example"
    rules = Policy(server=ServerRules(login, proxy=f"http://{CANARY}:{CANARY}@proxy:3128"))
    profile = Profile(full.profile.folder, MachinePolicy(rules, f"/{CANARY}/policies.json"))
    path = tmp_path / "diagnostics.zip"
    parts = write_diagnostics(profile, path, full)
    found = _read(path)
    assert list(found) == parts
    secrets = [CANARY, PLATE, full.key.hex(), full.data_key.hex(), str(full.officer.id)]
    for name, text in found.items():
        for secret in secrets:
            assert secret.casefold() not in text.casefold(), name
        assert str(tmp_path) not in text, f"{name}: a folder may be named like its owner"


def test_what_mends_a_desk_is_in_it(full: Session, tmp_path: Path) -> None:
    path = tmp_path / "diagnostics.zip"
    write_diagnostics(full.profile, path, full)
    found = _read(path)
    store: dict[str, Any] = json.loads(found["store.json"])
    assert store["rows"]["reports"] == 1
    assert store["parked"] == {"bad_value": store["rows"]["outbox"]}
    assert all(store["checks"].values())
    assert store["sync"]["protocol"] == 1
    assert json.loads(found["settings.json"]) == {"theme": "dark", "lock_minutes": 7}
    assert re.search(r"sync fault=no_answer waits=3\n", found["journal.log"])
    crash = found["crash/one.txt"]
    assert crash.startswith("TrafficDesk ")
    assert "builtins.ValueError\n" in crash
    assert re.search(r"\n  [\w/]*test_diagnostics\.py:\d+ full\n?", crash)
    with full.store.reading() as connection:
        assert "diagnostics.export" in [each.action for each in auditing.entries(connection)]


def test_a_locked_or_broken_desk_tells_what_it_can(full: Session, tmp_path: Path) -> None:
    full.profile.settings.write_text("{")
    path = tmp_path / "diagnostics.zip"
    parts = write_diagnostics(full.profile, path)
    assert "store.json" not in parts
    assert json.loads(_read(path)["settings.json"]) == {"unreadable": "DecodeError"}


def test_a_trace_stands_in_its_place_alone(tmp_path: Path) -> None:
    path, trace_id = tmp_path / "journal.log", "4bf92f3577b34da6a3ce929d0e0e4736"
    journal = Journal(path)
    journal.note(Event.SYNC, fault="busy", trace=trace_id)
    journal.note(Event.SYNC, fault=trace_id, trace="no_trace")
    journal.close()
    assert [line.partition(" ")[2] for line in path.read_text("ascii").splitlines()] == [
        f"sync fault=busy trace={trace_id}",
        "sync",
    ]


def test_a_journal_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    journal = Journal(path)
    for number in range(20_000):
        journal.note(Event.SYNC, fault="no_answer", waits=number)
    journal.close()
    assert sum(each.stat().st_size for each in files_of(path)) < 1_000_000
    assert path.read_text().endswith("waits=19999\n")
