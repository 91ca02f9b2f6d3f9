"""The audit keeps what was done in one chain per agency, and shows every change of it."""

import threading

import pytest

from sync_server.audit import service as audit
from sync_server.db.engine import Crossing, Database
from tests.server.live import Live
from tests.server.world import World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

CHAIN = new_id()
LENGTH = 5


@pytest.fixture
def chained(database: Database) -> Database:
    """A database with a chain of five entries."""
    for number in range(LENGTH):
        with database.transaction(CHAIN, []) as connection:
            deed = audit.Deed(action="tested", tenant_id=CHAIN, detail={"number": number})
            audit.append(connection, deed)
    return database


def faults(database: Database) -> list[int]:
    with database.crossing(Crossing.OPERATOR) as connection:
        return [fault.seq for fault in audit.verify(connection)]


def test_a_chain_as_it_was_written_is_sound(chained: Database) -> None:
    assert faults(chained) == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("UPDATE audit SET action = 'x' WHERE seq = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE seq = 2", 2),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 5", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_a_changed_or_missing_entry_is_found(chained: Database, query: str, first: int) -> None:
    with chained.crossing(Crossing.OPERATOR) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_keep")
        connection.execute(query.encode())
    assert faults(chained) == [first]


def test_entries_written_at_once_are_one_chain(database: Database) -> None:
    def append() -> None:
        for _ in range(10):
            with database.transaction(CHAIN, []) as connection:
                audit.append(connection, audit.Deed(action="tested", tenant_id=CHAIN))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults(database) == []
    with database.reading(CHAIN, []) as connection:
        assert [entry["seq"] for entry in audit.newest(connection, CHAIN, 1000, 1000)] == list(
            range(40, 0, -1)
        )


def test_a_deed_that_rolls_back_leaves_no_entry(chained: Database) -> None:
    def fail() -> None:
        with chained.transaction(CHAIN, []) as connection:
            audit.append(connection, audit.Deed(action="never", tenant_id=CHAIN))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert faults(chained) == []


def test_a_supervisor_reads_the_agencys_audit_page_by_page(live: Live) -> None:
    world = World(live)
    supervisor = world.sign_in(world.person(Role.SUPERVISOR))
    world.enrol()
    World(live).enrol()
    first = supervisor.get("/audit?limit=1").json()
    assert [entry["action"] for entry in first] == ["device.enrolled"]
    rest = supervisor.get(f"/audit?before={first[0]['seq']}").json()
    assert [entry["action"] for entry in rest] == ["session.started"]
