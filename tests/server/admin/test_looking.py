"""Tables that grow from nothing are looked at at once, and each only when it grew tenfold again."""

from sync_server.db.engine import Crossing
from sync_server.jobs.looking import look_at_grown
from sync_server.jobs.rounds import Rounds
from tests.server.live import Live

_ADD = """
INSERT INTO sign_in_tries (login, place, tries)
SELECT uuid_send(gen_random_uuid()), '', 1 FROM generate_series(1, %s::int)
"""
_ROWS_AS_PLANNED = "SELECT reltuples::int AS n FROM pg_class WHERE relname = 'sign_in_tries'"


def _add(live: Live, count: int) -> None:
    with live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(_ADD, [count])
        connection.execute("SELECT pg_stat_force_next_flush()")


def _rows_as_planned(live: Live) -> int:
    with live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(_ROWS_AS_PLANNED).fetchone()
    assert found is not None
    return int(found["n"])


def test_a_table_is_looked_at_when_it_grew_tenfold(own_live: Live) -> None:
    assert look_at_grown(own_live.server) == []
    _add(own_live, 999)
    assert look_at_grown(own_live.server) == []
    _add(own_live, 1)
    assert look_at_grown(own_live.server) == ["sign_in_tries"]
    assert _rows_as_planned(own_live) == 1_000
    _add(own_live, 8_999)
    assert look_at_grown(own_live.server) == []
    _add(own_live, 1)
    assert look_at_grown(own_live.server) == ["sign_in_tries"]


def test_a_round_looks_too(own_live: Live) -> None:
    _add(own_live, 2_000)
    Rounds(own_live.server).once()
    assert _rows_as_planned(own_live) == 2_000


def test_a_table_that_somebody_holds_is_left_for_the_next_time(own_live: Live) -> None:
    _add(own_live, 2_000)
    with own_live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("LOCK TABLE sign_in_tries IN SHARE UPDATE EXCLUSIVE MODE")
        look_at_grown(own_live.server)
    assert _rows_as_planned(own_live) == -1
    assert look_at_grown(own_live.server) == ["sign_in_tries"]
    assert _rows_as_planned(own_live) == 2_000
