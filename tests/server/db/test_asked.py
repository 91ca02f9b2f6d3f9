"""What is asked in a pipeline comes when it is looked at; what fails there is raised, once."""

import logging
from collections.abc import Callable

import psycopg
import pytest

from sync_server.db.asked import Asked, pipelined
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


@pytest.mark.parametrize("work", [_take, _leave])
def test_what_fails_is_raised_and_the_connection_is_as_good_as_before(
    database: Database, caplog: pytest.LogCaptureFixture, work: Callable[[Connection], None]
) -> None:
    with database.crossing(Crossing.JOB) as connection:
        failing = pytest.raises(psycopg.errors.DivisionByZero)
        with failing, connection.transaction(), pipelined(connection):
            work(connection)
        with pipelined(connection):
            assert list(Asked(connection, _HALVES, ["{6}"], _pair)) == [(2, 6)]
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
