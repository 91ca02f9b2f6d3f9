"""Checking, copying, loading in bulk and rekeying whole stores."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import bulk, copying, history, queues, references, reports, tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import StoreDamagedError, StoreNotWritableError, StoreUnreadableError
from trafficdesk.store.figures import figures
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.upkeep import Check, check, recount

InsertReport = Callable[..., int]
NewRow = Callable[..., reports.ReportInsert]
_ID = UUID(int=7)


def _texts(store: Store, text: str) -> list[int]:
    with store.reading() as connection:
        page = queues.find_page(connection, PageRequest(ReportFilter(text=text)))
    return sorted(row.pk for row in page)


def test_a_sound_store_has_no_finding(store: Store, insert_report: InsertReport) -> None:
    with store.writing() as connection:
        for i in range(30):
            insert_report(connection, lon=76.9 + i / 100, plate=f"TN37AB{i:04d}")
    assert [one for one in check(store) if not one.ok] == []


def test_every_kind_of_fault_is_found_and_checking_mends_nothing(
    store: Store, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        pk = insert_report(connection)
        connection.exec_driver_sql("UPDATE report_tally SET n = 7")
        connection.exec_driver_sql("UPDATE report_cells SET n = n + 1")
        connection.exec_driver_sql("UPDATE day_sums SET received_1 = received_1 + 1")
        connection.exec_driver_sql("DELETE FROM report_text WHERE rowid = ?", (pk,))
        connection.exec_driver_sql("DELETE FROM idx_reports_geom")
    expected = {
        *(Check.QUEUE_COUNTS, Check.MAP_COUNTS, Check.DAY_SUMS),
        *(Check.TEXT_INDEX, Check.SPATIAL_INDEX),
    }
    for _again in range(2):
        assert {one.check for one in check(store) if not one.ok} == expected


def test_a_recount_puts_the_numbers_right(store: Store, insert_report: InsertReport) -> None:
    with store.writing() as connection:
        insert_report(connection)
        connection.exec_driver_sql("UPDATE report_tally SET n = 7")
        connection.exec_driver_sql("UPDATE report_cells SET n = n + 1")
    recount(store)
    assert all(one.ok for one in check(store))


def test_rows_loaded_in_bulk_stand_as_if_they_came_one_by_one(
    store: Store, new_row: NewRow, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        insert_report(connection, description="first", plate="TN38BB0001")
        rows = [
            new_row(
                lon=76.9 + i / 500,
                severity=1 + i % 4,
                plate=f"TN37AB{i:04d}",
                description="second wave" if i else "lonely",
            )
            for i in range(300)
        ]
        assert bulk.load(connection, iter(rows)) == 300
    assert all(one.ok for one in check(store))
    with store.reading() as connection:
        assert tallies.count(connection, ReportFilter()) == 301
    assert len(_texts(store, "lonely")) == 1
    # a plate is found joined and spaced, however its report came
    for typed in ("TN37AB0042", "TN 37 AB 0042", "tn 37 ab 0042"):
        assert len(_texts(store, typed)) == 1
    for typed in ("TN38BB0001", "TN 38 BB 0001"):
        assert len(_texts(store, typed)) == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_more_is_loaded_in_bulk_while_the_store_is_open(
    store: Store, new_row: NewRow, *, at_once: bool
) -> None:
    parts = [[new_row(lon=76.9 + i / 50, description=f"part {i}")] for i in range(2)]
    if at_once:
        with store.writing() as connection:
            for rows in parts:
                bulk.load(connection, iter(rows))
    else:
        for rows in parts:
            with store.writing() as connection:
                bulk.load(connection, iter(rows))
    assert all(one.ok for one in check(store))
    assert figures(store).rows["reports"] == 2
    assert len(_texts(store, "part")) == 2
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM idx_reports_geom").scalar_one()
    assert found == 2


def test_a_load_that_fails_leaves_indexes_and_counts_as_they_were(
    store: Store, new_row: NewRow, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        insert_report(connection)
    same = new_row(reference="CBE-SAME")

    def load_twice() -> None:
        with store.writing() as connection:
            bulk.load(connection, iter([same, same]))

    with pytest.raises(Exception, match="UNIQUE"):
        load_twice()
    assert all(one.ok for one in check(store))
    assert figures(store).rows["reports"] == 1


def test_a_copy_is_whole_encrypted_and_needs_the_same_key(
    store: Store, key_hex: str, insert_report: InsertReport, tmp_path: Path
) -> None:
    with store.writing() as connection:
        insert_report(connection, description="kept")
    copy = tmp_path / "it's a copy.db"
    copying.copy_to(store, copy)
    copying.prove(copy, key_hex)
    with pytest.raises(StoreUnreadableError):
        copying.prove(copy, "00" * 32)
    opened = Store.open(copy, key_hex)
    try:
        assert len(_texts(opened, "kept")) == 1
        assert all(one.ok for one in check(opened))
    finally:
        opened.close()


def test_a_copy_is_never_written_over_a_file(store: Store, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_bytes(b"precious")
    with pytest.raises(StoreNotWritableError):
        copying.copy_to(store, there)
    assert there.read_bytes() == b"precious"


def test_a_copy_with_a_changed_byte_is_not_proved(
    store: Store, key_hex: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copying.copy_to(store, copy)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    with pytest.raises((StoreDamagedError, StoreUnreadableError)):
        copying.prove(copy, key_hex)


def test_a_rekeyed_store_opens_with_the_new_key_alone(
    store: Store, key_hex: str, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        insert_report(connection, description="kept")
    store.close()
    copying.rekey(store.database, key_hex, "77" * 32)
    assert not copying.opens_with(store.database, key_hex)
    opened = Store.open(store.database, "77" * 32)
    try:
        assert len(_texts(opened, "kept")) == 1
        assert all(one.ok for one in check(opened))
    finally:
        opened.close()
    left = {path.name for path in store.database.parent.iterdir()}
    assert left <= {"desk.db", "desk.db-wal", "desk.db-shm"}


def test_references_of_many_and_of_one_never_meet(store: Store) -> None:
    with store.writing() as connection:
        assert references.take_next(connection, "CBE-2026-D1") == 1
        assert references.take_many(connection, "CBE-2026-D1", 10) == 2
        assert references.take_next(connection, "CBE-2026-D1") == 12
        assert references.take_next(connection, "CBE-2027-D1") == 1


def test_the_history_cannot_be_deleted(store: Store) -> None:
    with store.writing() as connection:
        history.begin_action(connection, history.ActionInsert(_ID, _ID, "file", 1_790_000_000_000))
        history.append(connection, _operation())

    def delete() -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("DELETE FROM events")

    with pytest.raises(Exception, match="append-only"):
        delete()


def _operation() -> history.Operation:
    return history.Operation(
        op_id=_ID,
        action_id=_ID,
        entity=Entity.REPORT,
        entity_id=_ID,
        action="file",
        base_version=0,
        revision=1,
        changes=(),
        note="",
        actor_id=_ID,
        device_id=_ID,
        at_ms=1_790_000_000_000,
    )


def test_a_reference_that_somebody_else_gave_in_this_series_is_stepped_over(
    store: Store, insert_report: InsertReport
) -> None:
    with store.writing() as connection:
        insert_report(connection, reference="CBE-2026-D1-00002")
        insert_report(connection, reference="CBE-2026-D1-00004-7F3A")
        insert_report(connection, reference="CBE-2026-D10-00009")
        assert references.take_next(connection, "CBE-2026-D1") == 1
        assert references.take_many(connection, "CBE-2026-D1", 2) == 5
        assert references.take_next(connection, "CBE-2026-D1") == 7
