"""A new desk gets what is there: many at once, in parts that can be broken off."""

from collections.abc import Callable
from itertools import islice
from random import SystemRandom

import pytest

from tests.system.sync.desks import SyncedDesk, reopen
from tests.system.sync.faulty_line import Faults
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.store import sync_marks
from trafficdesk.store.engine import Store
from trafficdesk.store.upkeep import check
from trafficdesk.sync import arrivals, greeting, line, link, pulling

AddDesk = Callable[..., SyncedDesk]
MANY = 60


@pytest.fixture
def filled(add_desk: AddDesk) -> SyncedDesk:
    """A desk that has sent many reports, of every kind that is counted."""
    desk = add_desk()
    desk.sync()
    for number in range(MANY):
        violations = ("no_helmet", "wrong_way") if number % 3 else ("parking",)
        report = desk.file(
            violations=violations,
            severity=Severity(number % 4 + 1),
            plate=f"TN37AA{number:04d}",
            description=f"blue scooter {number}",
        )
        if number % 5 == 0:
            desk.step(report.id, Move.APPROVE)
    desk.sync()
    return desk


def _rows(desk: SyncedDesk) -> list[tuple[object, ...]]:
    """Return everything that came of the reports, but for this desk's own numbers."""
    with desk.session.store.reading() as connection:
        reports = connection.exec_driver_sql(
            "SELECT id, version, reference, status, severity, violation, more_violations, lon, "
            "lat, address, station_id, plate, description, reviewer_id, decision_note, escalated, "
            "sync_state, updated_ms, hex(geom) FROM reports ORDER BY id"
        ).all()
        violations = connection.exec_driver_sql(
            "SELECT r.id, v.position, v.code FROM report_violations v "
            "JOIN reports r ON r.pk = v.report_pk ORDER BY 1, 2"
        ).all()
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM report_text WHERE report_text MATCH 'scooter'"
        ).all()
    return [tuple(row) for row in (*reports, *violations, *found)]


def _broken(desk: SyncedDesk) -> list[object]:
    return [found for found in check(desk.session.store) if not found.ok]


def test_what_comes_many_at_once_is_what_comes_one_by_one(
    filled: SyncedDesk, add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = add_desk()
    together.sync()
    monkeypatch.setattr(arrivals, "_WORTH_IT", 10**6)
    alone = add_desk()
    alone.sync()
    assert _rows(together) == _rows(alone)
    assert len(_rows(together)) > MANY
    assert not _broken(together)
    with filled.session.store.reading() as connection:
        sent = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one()
    assert sent == MANY


def test_a_first_sync_killed_at_any_part_goes_on_there(
    filled: SyncedDesk, add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "_FIRST", 21)
    monkeypatch.setattr(arrivals, "_LEAST", 21)
    monkeypatch.setattr(arrivals, "_MOST", 21)
    monkeypatch.setattr(Store, "is_awaited", True)  # each part is a transaction of its own
    desk, parts = add_desk(), 0
    greeting.greet(desk.engine.access, desk.engine.clock_ms)
    with desk.session.store.reading() as connection:
        (city_id,) = link.get_marks(connection).city_ids
    while True:
        taken = list(islice(pulling.pull_pages(desk.engine.access, city_id), 1))
        parts += 1
        desk = reopen(desk, Faults(SystemRandom()))
        assert not _broken(desk)
        if taken[0].is_last:
            break
    assert parts > MANY // 21
    with desk.session.store.reading() as connection:
        assert sync_marks.cursor_of(connection, city_id)
    assert [row[0] for row in _rows(desk)] == [row[0] for row in _rows(filled)]


def test_a_page_is_one_transaction_unless_somebody_waits_to_write(
    filled: SyncedDesk, add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled.counts().queued == 0
    monkeypatch.setattr(arrivals, "_FIRST", 21)
    monkeypatch.setattr(arrivals, "_LEAST", 21)
    monkeypatch.setattr(arrivals, "_MOST", 21)
    parts = {False: list[int](), True: list[int]()}
    for is_awaited, found in parts.items():
        monkeypatch.setattr(Store, "is_awaited", is_awaited)
        desk = add_desk()
        greeting.greet(desk.engine.access, desk.engine.clock_ms)
        with desk.session.store.reading() as connection:
            (city_id,) = link.get_marks(connection).city_ids
        pages = pulling.pull_pages(desk.engine.access, city_id)
        found += [each.done for each in pages if each.touched.reports]
    assert parts == {False: [MANY], True: [21, 21, 18]}


def test_long_records_come_on_shorter_pages(
    filled: SyncedDesk, add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = add_desk()
    monkeypatch.setattr(line, "MAX_UNPACKED_BYTES", 20_000)
    desk.sync()
    assert [row[0] for row in _rows(desk)] == [row[0] for row in _rows(filled)]


def test_progress_never_falls_back_and_ends_whole(filled: SyncedDesk, add_desk: AddDesk) -> None:
    assert filled.counts().queued == 0
    desk = add_desk()
    desk.sync()
    shown = [each.fetched for each in desk.statuses if each.to_fetch]
    assert shown == sorted(shown)
    assert shown[-1] >= MANY
    assert desk.statuses[-1].fetched == desk.statuses[-1].to_fetch
