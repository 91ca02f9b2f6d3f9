"""``sync-server check`` finds whatever was changed, taken, moved or slipped into the histories."""

from collections.abc import Callable, Iterator

import pytest

from sync_server.admin.operating import check_histories
from sync_server.db.engine import Crossing
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
