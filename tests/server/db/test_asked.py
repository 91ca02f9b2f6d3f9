"""What is asked in a pipeline comes when it is looked at; what fails there is raised, once."""

import logging
from collections.abc import Callable
from contextlib import nullcontext

import psycopg
import pytest

from sync_server.db.asked import Asked, StaleError, pipelined
from sync_server.db.engine import Connection, Crossing, Database

_HALVES = b"SELECT 12 / n, n FROM unnest(%s::int[]) n"


def _pair(half: int, number: int) -> tuple[int, int]:
    return half, number


def test_rows_come_in_any_order_in_which_they_are_taken(database: Database) -> None:
    with database.crossing(Crossing.JOB) as connection, pipelined(connection):
        first = Asked(connection, _HALVES, ["{1,2}"], _pair)
        second = Asked(connection, _HALVES, ["{3,4}"], _pair)
        assert list(second) == [(4, 3), (3, 4)]
        assert list(first) == [(12, 1), (6, 2)]


def test_rows_are_there_outside_a_pipeline_too(database: Database) -> None:
    with database.crossing(Crossing.JOB) as connection:
        assert list(Asked(connection, _HALVES, ["{6}"], _pair)) == [(2, 6)]


def _take(connection: Connection) -> None:
    failing = Asked(connection, _HALVES, ["{0}"], _pair)
    behind = Asked(connection, _HALVES, ["{1}"], _pair)
    list(failing)
    list(behind)


def _leave(connection: Connection) -> None:
    connection.execute(_HALVES, ["{0}"])
    connection.execute(_HALVES, ["{1}"])


def _go_wrong(connection: Connection) -> None:
    connection.execute(_HALVES, ["{0}"])
    raise LookupError


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (_take, psycopg.errors.DivisionByZero),
        (_leave, psycopg.errors.DivisionByZero),
        (_go_wrong, LookupError),
    ],
)
def test_what_fails_is_raised_and_the_connection_is_as_good_as_before(
    database: Database,
    caplog: pytest.LogCaptureFixture,
    work: Callable[[Connection], None],
    error: type[Exception],
) -> None:
    with database.crossing(Crossing.JOB) as connection:
        failing = pytest.raises(error)
        with failing, connection.transaction(), pipelined(connection):
            work(connection)
        with pipelined(connection):
            assert list(Asked(connection, _HALVES, ["{6}"], _pair)) == [(2, 6)]
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_change_of_other_rows_than_were_meant_is_stale(database: Database, rows: int) -> None:
    raised = nullcontext() if rows == 2 else pytest.raises(StaleError)
    with database.crossing(Crossing.JOB) as connection:
        connection.execute("CREATE TEMPORARY TABLE numbers ON COMMIT DROP AS SELECT 1 AS n")
        with raised, pipelined(connection) as pipeline:
            pipeline.change(b"INSERT INTO numbers SELECT unnest(%s::int[])", ["{2,3}"], rows)
            assert list(Asked(connection, b"SELECT 1, 2", [], _pair)) == [(1, 2)]
