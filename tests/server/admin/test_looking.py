"""Tables that grow from nothing are looked at at once, and each only when it grew tenfold again."""

import psycopg
import pytest

from sync_server.db.engine import Crossing
from sync_server.jobs.looking import look_at_grown
from sync_server.jobs.rounds import Rounds
from tests.server.live import Live

_ADD = """
INSERT INTO sign_in_tries (login, place, tries)
SELECT uuid_send(gen_random_uuid()), '', 1 FROM generate_series(1, %s::int)
"""
# Nobody can look at this one: PostgreSQL asks the function for each row.
_ADD_FAILING = """
CREATE TABLE failing AS SELECT n FROM generate_series(1, 100) n;
CREATE FUNCTION fail_later(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
  'BEGIN IF EXISTS (SELECT FROM public.failing WHERE failing.n > 1000) THEN
     RAISE ''later''; END IF; RETURN n; END';
CREATE INDEX ON failing (fail_later(n));
"""


def _tell(live: Live, query: str, *values: object) -> int:
    with live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(query.encode(), values)
        row = found.fetchone() if found.description else None
        connection.execute("SELECT pg_stat_force_next_flush()")
    return int(row["n"]) if row else 0


def _rows_as_planned(live: Live) -> int:
    """Return how many rows PostgreSQL believes there are; -1 before it has looked."""
    return _tell(live, "SELECT reltuples::int AS n FROM pg_class WHERE relname = 'sign_in_tries'")


def test_a_table_is_looked_at_when_it_grew_tenfold(own_live: Live) -> None:
    for added, planned in ((999, -1), (1, 1_000), (8_999, 1_000), (1, 10_000)):
        _tell(own_live, _ADD, added)
        look_at_grown(own_live.server)
        assert _rows_as_planned(own_live) == planned


def test_a_round_looks_too(own_live: Live) -> None:
    _tell(own_live, _ADD, 2_000)
    Rounds(own_live.server).once()
    assert _rows_as_planned(own_live) == 2_000


def test_a_table_that_somebody_holds_is_left_for_the_next_time(own_live: Live) -> None:
    _tell(own_live, _ADD, 2_000)
    with own_live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("LOCK TABLE sign_in_tries IN SHARE UPDATE EXCLUSIVE MODE")
        look_at_grown(own_live.server)
    assert _rows_as_planned(own_live) == -1
    look_at_grown(own_live.server)
    assert _rows_as_planned(own_live) == 2_000


def test_what_was_found_of_one_table_stays_when_the_next_cannot_be_looked_at(
    own_live: Live,
) -> None:
    _tell(own_live, _ADD_FAILING)
    _tell(own_live, "INSERT INTO failing SELECT 2000 FROM generate_series(1, 3000)")
    _tell(own_live, _ADD, 2_000)
    with pytest.raises(psycopg.errors.RaiseException):
        look_at_grown(own_live.server)
    known = "SELECT count(*) AS n FROM pg_stats WHERE tablename = 'sign_in_tries'"
    assert _tell(own_live, known) > 0
