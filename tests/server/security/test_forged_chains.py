"""``sync-server check`` finds whatever was changed, taken, moved or slipped into the histories."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from psycopg.rows import tuple_row

from sync_server.admin.operating import check_histories
from sync_server.db.engine import Connection, Crossing
from sync_server.db.ledger import READ_CHAIN, chained, event_of
from sync_server.jobs.anchoring import check_anchor
from tests.server.live import Live, running, settings_for
from tests.server.media.photos import file_report
from tests.server.world import World

FEED, AUDIT = "every city's feed is as it was written", "the audit is as it was written"
# What somebody with the database's password may do; {t} is the table, {of} the history's own id.
FORGERIES = [
    "UPDATE {t} SET actor_id = gen_random_uuid() WHERE seq = 3",
    "UPDATE {t} SET action = 'x' WHERE seq = 3",
    "UPDATE {t} SET at_ms = at_ms - 1 WHERE seq = 1",
    "UPDATE {t} SET hash = '\\x00' WHERE seq = 2",
    "DELETE FROM {t} WHERE seq = 1",
    "DELETE FROM {t} WHERE seq = 3",
    "DELETE FROM {t} WHERE seq = (SELECT max(seq) FROM {t})",
    "DELETE FROM {t}",
    (
        "UPDATE {t} SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3);"
        "UPDATE {t} SET seq = -seq WHERE seq < 0"
    ),
    (
        "UPDATE {t} SET seq = -seq - 1 WHERE seq >= 3; UPDATE {t} SET seq = -seq WHERE seq < 0;"
        "CREATE TEMP TABLE one AS SELECT * FROM {t} WHERE seq = 2; UPDATE one SET seq = 3;"
        "INSERT INTO {t} SELECT * FROM one"
    ),
    (
        "CREATE TEMP TABLE one AS SELECT * FROM {t} WHERE seq = 2;"
        "UPDATE one SET seq = (SELECT max(seq) + 1 FROM {t}); INSERT INTO {t} SELECT * FROM one"
    ),
]
FORGERIES_OF = {
    "events": [
        "UPDATE events SET changes = '{{}}' WHERE seq = 3",
        "UPDATE events SET note = 'y' WHERE seq = 3",
        "UPDATE feed_counters SET seq = seq + 1",
        "UPDATE feed_counters SET head_hash = '\\x00'",
        "DELETE FROM feed_counters",
    ],
    "audit": [
        "UPDATE audit SET detail = '{{\"a\": 1}}' WHERE seq = 3",
        "UPDATE audit SET subject = 'y' WHERE seq = 3",
        "UPDATE audit_heads SET hash = '\\x00'",
        "DELETE FROM audit_heads",
    ],
}
CASES = [
    (table, forgery.format(t=table))
    for table, own in FORGERIES_OF.items()
    for forgery in [*FORGERIES, *own]
]


@pytest.fixture(scope="module")
def written(
    clone_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A server whose two histories have some entries each."""
    settings = settings_for(clone_database(), tmp_path_factory.mktemp("forged"))
    with running(settings) as live:
        world = World(live)
        client = world.desk_of()
        for _ in range(3):
            file_report(world, client)
            world.enrol()
        yield live


def found(live: Live, forgery: str) -> dict[str, bool]:
    """Forge in a transaction that is taken back; return what the check makes of it."""
    with (
        live.server.database.crossing(Crossing.OPERATOR) as connection,
        connection.transaction(force_rollback=True),
    ):
        for table in FORGERIES_OF:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_keep".encode())
        for query in forgery.split(";"):
            assert connection.execute(query.encode()).rowcount != 0, query
        return {each.what: each.ok for each in check_histories(connection)}


def test_histories_as_they_were_written_are_sound(written: Live) -> None:
    assert found(written, "SELECT 1") == {FEED: True, AUDIT: True}


@pytest.mark.parametrize(("table", "forgery"), CASES)
def test_a_forged_history_is_found(written: Live, table: str, forgery: str) -> None:
    assert found(written, forgery) == {FEED: table != "events", AUDIT: table != "audit"}


def rewrite_the_feed(connection: Connection, city_id: UUID) -> None:
    """Change the second event and compute the whole chain anew, as its author would have."""
    connection.execute("ALTER TABLE events DISABLE TRIGGER events_keep")
    query = "UPDATE events SET note = 'planted' WHERE city_id = %s AND seq = 2"
    assert connection.execute(query, [city_id]).rowcount == 1
    head, seqs = (
        b"",
        connection.execute(
            "SELECT seq FROM events WHERE city_id = %s ORDER BY seq", [city_id]
        ).fetchall(),
    )
    for row in seqs:
        head = rehashed(connection, city_id, row["seq"], head)
    connection.execute("UPDATE feed_counters SET head_hash = %s", [head])


def rehashed(connection: Connection, city_id: UUID, seq: int, before: bytes) -> bytes:
    with connection.cursor(row_factory=tuple_row) as cursor:
        query = READ_CHAIN.replace("ORDER BY seq", "AND seq = %s")
        row = cursor.execute(query.encode(), [city_id, seq]).fetchone()
    assert row is not None
    digest = chained(before, event_of(row))
    query = "UPDATE events SET hash = %s WHERE city_id = %s AND seq = %s"
    connection.execute(query.encode(), [digest, city_id, seq])
    return digest


def cut_the_feed(connection: Connection, city_id: UUID) -> None:
    """Take the newest event away, and set the counter back."""
    connection.execute("ALTER TABLE events DISABLE TRIGGER events_keep")
    connection.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    connection.execute(
        "UPDATE feed_counters f SET (seq, head_hash) = (SELECT seq, hash FROM events e "
        "WHERE e.city_id = f.city_id ORDER BY seq DESC LIMIT 1) WHERE city_id = %s",
        [city_id],
    )


def empty_the_audit(connection: Connection, _city_id: UUID) -> None:
    connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_keep")
    connection.execute("DELETE FROM audit")
    connection.execute("DELETE FROM audit_heads")


@pytest.mark.parametrize("forge", [rewrite_the_feed, cut_the_feed, empty_the_audit])
def test_a_history_computed_anew_is_found_by_the_last_check(
    own_live: Live, forge: Callable[[Connection, UUID], None]
) -> None:
    world, server = World(own_live), own_live.server
    client = world.desk_of()
    for _ in range(3):
        file_report(world, client)
    assert check_anchor(server, is_well=True).ok
    file_report(world, client)
    assert check_anchor(server, is_well=True).ok
    with server.database.crossing(Crossing.OPERATOR) as connection:
        forge(connection, world.city_id)
        assert all(each.ok for each in check_histories(connection))
    for _ in range(2):  # and again: what was found is no new beginning
        assert not check_anchor(server, is_well=True).ok
    with server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("UPDATE server_state SET epoch = gen_random_uuid()")
    assert check_anchor(server, is_well=True).ok  # a restored database begins anew
