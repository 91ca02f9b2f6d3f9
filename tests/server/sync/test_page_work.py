"""What a page makes PostgreSQL do grows with the page, also where it has no statistics yet."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
import pytest

from sync_server.db.engine import APP_ROLE, Connection, Crossing, Database
from sync_server.sync import pages
from sync_server.sync.scope import Device, SnapshotPlace, Stretch
from tests.server.sync.town import Town
from trafficdesk.domain.vocabulary import Entity

REPORTS = 500
# psycopg prepares a statement after 5 times, and PostgreSQL settles on a plan after 5 more.
ASKED_BEFORE = 12
MOST_ROWS_EACH = 70  # of a report with two events and a citation with one; 35 to 45 are seen
Plan = Mapping[str, Any]
Ask = Callable[[Connection], object]

# Each report is cited, as if by another desk.
_CITE = """
INSERT INTO citations SELECT tenant_id, city_id, station_id, gen_random_uuid(), 1, id, reference,
  'no_helmet', 50000, 'INR', 'issued', reported_ms FROM reports
"""
_TELL = """
INSERT INTO events SELECT city_id, row_number() OVER () + 2 * %(reports)s, tenant_id,
  gen_random_uuid(), gen_random_uuid(), 'citation', id, 1, 'issue', '{}', '',
  gen_random_uuid(), gen_random_uuid(), issued_ms, issued_ms, '' FROM citations
"""
_COUNT = "UPDATE feed_counters SET seq = 3 * %(reports)s WHERE seq > 0"


@pytest.fixture
def alone(database_url: str) -> Iterator[Database]:
    """The engine with one connection: the plans that it settled on are used again."""
    made = Database(database_url, pool_size=1, statement_timeout_s=30)
    made.open()
    yield made
    made.close()


def fill(town: Town, device: Device) -> None:
    """File and correct reports, and cite each."""
    filed = [town.file(device) for _ in range(REPORTS)]
    town.push(device, *filed)
    changes = {"plate": ("TN37BZ4412", "A")}
    town.push(
        device, *(town.operation(device, each.entity_id, "correct", changes) for each in filed)
    )
    with town.database.crossing(Crossing.OPERATOR) as connection:
        for statement in (_CITE, _TELL, _COUNT):
            connection.execute(statement, {"reports": REPORTS})


def rows_of(plan: Plan) -> int:
    """Return how many rows the nodes of a plan made or passed over."""
    removed = sum(int(value) for name, value in plan.items() if name.startswith("Rows Removed"))
    here = (int(plan["Actual Rows"]) + removed) * int(plan["Actual Loops"])
    return here + sum(rows_of(each) for each in plan.get("Plans", ()))


def rows_handled(database: Database, device: Device, ask: Ask) -> int:
    """Return how many rows PostgreSQL handled for a page, behind the walls."""
    plans: list[str] = []

    def note(told: psycopg.errors.Diagnostic) -> None:
        plans.append((told.message_primary or "").partition("plan:")[2])

    with database.reading(device.tenant_id, device.cities) as connection:
        connection.execute("SET LOCAL ROLE NONE")
        connection.execute("LOAD 'auto_explain'")
        for name, value in {
            "auto_explain.log_min_duration": "0",
            "auto_explain.log_analyze": "on",
            "auto_explain.log_timing": "off",
            "auto_explain.log_format": "json",
            "client_min_messages": "log",
        }.items():
            connection.execute("SELECT set_config(%s, %s, true)", [name, value])
        connection.execute(f"SET LOCAL ROLE {APP_ROLE}")
        plans.clear()
        connection.add_notice_handler(note)
        ask(connection)
        connection.execute("SELECT")  # a plan is told when the next statement comes
        connection.remove_notice_handler(note)
    return sum(rows_of(json.loads(plan)["Plan"]) for plan in plans)


def pages_of(town: Town, device: Device) -> dict[str, Ask]:
    """Return what asks for each kind of page, of the whole city."""
    city, most = town.city_id, REPORTS * 4

    def changes(*, own: bool) -> Ask:
        stretch = Stretch(0, most, own)
        return lambda connection: pages.build_changes(connection, device, city, stretch)

    def snapshot(entity: Entity, *, newest_first: bool = False) -> Ask:
        place = SnapshotPlace(city, entity, newest_first=newest_first)
        return lambda connection: pages.build_snapshot(
            connection, device, place, most, pages.Totals()
        )

    return {
        "all changes": changes(own=True),
        "others' changes": changes(own=False),
        "history": lambda connection: pages.build_history(
            connection, device, (city, 0, most), most
        ),
        "reports": snapshot(Entity.REPORT),
        "citations": snapshot(Entity.CITATION),
        "newest reports": snapshot(Entity.REPORT, newest_first=True),
        "newest citations": snapshot(Entity.CITATION, newest_first=True),
    }


def test_a_page_takes_time_as_it_is_long(alone: Database) -> None:
    town = Town(alone).build()
    device = town.add_device()
    asked = pages_of(town, device)
    for ask in asked.values():
        for _ in range(ASKED_BEFORE):
            with alone.reading(device.tenant_id, device.cities) as connection:
                ask(connection)
    fill(town, device)
    for name, ask in asked.items():
        handled = rows_handled(alone, device, ask)
        assert REPORTS < handled < REPORTS * MOST_ROWS_EACH, name
