"""Every schema ever released opens, is brought up to date, and keeps what it held."""

import shutil
from pathlib import Path

import pytest

from tests.store.schema_fixture import FOLDER, KEY_HEX, PARKED, QUEUED, REPORTS, SENT
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.store import outbox, queues, tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.migrations import SCHEMA_VERSION
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.upkeep import check

RELEASED = sorted(FOLDER.glob("schema_*.db"))


def test_every_schema_has_its_file() -> None:
    assert [path.name for path in RELEASED] == [
        f"schema_{number:04d}.db" for number in range(1, SCHEMA_VERSION + 1)
    ]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_store_of_an_earlier_schema_is_upgraded_and_keeps_everything(
    released: Path, tmp_path: Path
) -> None:
    database = tmp_path / "desk.db"
    shutil.copy(released, database)
    store = Store.open(database, KEY_HEX)
    try:
        assert [one for one in check(store) if not one.ok] == []
        with store.reading() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            assert version == SCHEMA_VERSION
            assert tallies.count(connection, ReportFilter()) == REPORTS
            assert outbox.count(connection) == (QUEUED, SENT, PARKED, 0)
            found = queues.find_page(connection, PageRequest(ReportFilter(text="TN 37 BZ")))
            assert len(found) == REPORTS
    finally:
        store.close()


def test_the_present_schema_is_the_one_its_file_was_made_with(tmp_path: Path) -> None:
    """A released schema never changes: what is new comes as the next step."""

    def schema(database: Path) -> list[tuple[str, str]]:
        store = Store.open(database, KEY_HEX)
        try:
            with store.reading() as connection:
                rows = connection.exec_driver_sql(
                    "SELECT name, coalesce(sql, '') FROM sqlite_master "
                    "WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
                ).fetchall()
                return [(str(row[0]), str(row[1])) for row in rows]
        finally:
            store.close()

    Store.create(tmp_path / "fresh.db", KEY_HEX).close()
    shutil.copy(RELEASED[-1], tmp_path / "kept.db")
    assert schema(tmp_path / "kept.db") == schema(tmp_path / "fresh.db")
