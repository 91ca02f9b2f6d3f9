"""Numbers that the database knows, read when Prometheus asks; never more labels than cities."""

import time
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sync_server.admin import queries, room
from sync_server.db.engine import Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server

_CITY: Final = ("city", "city_id")
_CITY_STATE: Final = (*_CITY, "state")
# Name, what it is, its labels.
_FAMILIES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("database_up", "1 while the database answers.", ()),
    ("feed_head", "The newest number of a city's feed.", _CITY),
    ("feed_lag_events", "Numbers that the slowest active desk has yet to be given.", _CITY),
    ("feed_lag_seconds", "Age of the oldest event that some active desk has yet to get.", _CITY),
    ("desks", "Desks by state: active, behind (active and not given all), away.", _CITY_STATE),
    ("conflicts", "Conflicts by state: open, settled.", _CITY_STATE),
    ("conflict_oldest_seconds", "Age of the oldest open conflict.", _CITY),
    ("incidents_open", "Incidents of a city that go on.", _CITY),
    ("double_dispatches", "Units that two desks sent at once, ever: conflicts of a city.", _CITY),
    ("upkeep_age_seconds", "Since a program of this database last tidied up.", ()),
    ("backup_age_seconds", "Since the last whole backup.", ()),
    ("clock_apart_seconds", "This program's clock before the database's.", ()),
    ("disk_free_bytes", "Room on the disk of photos.", ()),
)


def names() -> set[str]:
    """Return every metric's name."""
    return {f"trafficdesk_{name}" for name, _, _ in _FAMILIES}


class Figures(Collector):
    """One reading for one page of metrics; without the database only what is known without it."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families without their numbers; the database is not asked."""
        yield from _families().values()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the families that have numbers now."""
        made = _families()
        made["disk_free_bytes"].add_metric([], room.free_bytes(self._server.settings.media_dir))
        try:
            with self._server.database.crossing(Crossing.JOB) as connection:
                cities = queries.read_feeds(connection)
                clashes = queries.read_conflicts(connection)
                sent = queries.read_dispatching(connection)
                state = queries.read_ages(connection)
        except (RefusedError, psycopg.Error):
            made["database_up"].add_metric([], 0)
        else:
            made["database_up"].add_metric([], 1)
            _add_cities(made, cities)
            _add_conflicts(made, clashes)
            _add_dispatching(made, sent)
            _add_state(made, state)
        yield from (family for family in made.values() if family.samples)


def _families() -> dict[str, GaugeMetricFamily]:
    return {
        name: GaugeMetricFamily(f"trafficdesk_{name}", what, labels=labels)
        for name, what, labels in _FAMILIES
    }


def _add_cities(made: dict[str, GaugeMetricFamily], cities: list[dict[str, Any]]) -> None:
    for row in cities:
        city = [row["code"], str(row["city_id"])]
        made["feed_head"].add_metric(city, row["head"])
        made["feed_lag_events"].add_metric(city, row["lag_events"])
        made["feed_lag_seconds"].add_metric(city, row["lag_s"])
        for state in ("active", "behind", "away"):
            made["desks"].add_metric([*city, state], row[state])


def _add_conflicts(made: dict[str, GaugeMetricFamily], clashes: list[dict[str, Any]]) -> None:
    for row in clashes:
        city = [row["code"], str(row["city_id"])]
        for state in ("open", "settled"):
            made["conflicts"].add_metric([*city, state], row[state])
        made["conflict_oldest_seconds"].add_metric(city, row["oldest_s"])


def _add_dispatching(made: dict[str, GaugeMetricFamily], sent: list[dict[str, Any]]) -> None:
    for row in sent:
        city = [row["code"], str(row["city_id"])]
        made["incidents_open"].add_metric(city, row["open"])
        made["double_dispatches"].add_metric(city, row["sent_twice"])


def _add_state(made: dict[str, GaugeMetricFamily], state: dict[str, Any]) -> None:
    for name in ("upkeep", "backup"):
        if (age_s := state[f"{name}_s"]) is not None:
            made[f"{name}_age_seconds"].add_metric([], age_s)
    made["clock_apart_seconds"].add_metric([], round(time.time() - state["now_s"], 3))
