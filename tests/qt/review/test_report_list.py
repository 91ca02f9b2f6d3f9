"""A long list keeps its place: far jumps, changes around what is on screen, marks by record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import Desk, FileReport, OpenDesk
from trafficdesk.domain.queues import QueueName, ReportFilter, Sort, sort_key
from trafficdesk.domain.records import QueueRow, Report
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.review.queue_choice import QueueChoice
from trafficdesk.qt.review.report_list_model import ReportListModel, Role
from trafficdesk.qt.review.row_store import MOST_PAGES, PAGE, RowStore
from trafficdesk.services import review
from trafficdesk.services.changes import Changed
from trafficdesk.services.listing import Listing, Stretch, find_stretch
from trafficdesk.services.review import Target
from trafficdesk.services.session import Session

LoadRows = Callable[[int], None]
FileMany = Callable[[int], list[Report]]


def _truth(session: Session, listing: Listing, start: int, count: int) -> list[int]:
    return [row.pk for row in find_stretch(session, listing, Stretch(start, count)).rows]


def _shown(desk: Desk) -> list[int]:
    first, last = desk.work.column.list.visible_span()
    rows = [desk.work.column.model.row(place) for place in range(first, last)]
    return [row.pk for row in rows if row is not None]


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.WORST])
def test_dragging_the_bar_far_shows_the_right_rows(
    open_desk: OpenDesk, load_rows: LoadRows, session: Session, qtbot: QtBot, sort: Sort
) -> None:
    load_rows(10_000)
    desk = open_desk()
    column = desk.work.column
    column.choose(replace(column.choice, sort=sort))
    qtbot.waitUntil(lambda: column.model.count() == 10_000 and column.model.row(0) is not None)
    bar = column.list.verticalScrollBar()
    for place in (7_000, 9_990, 3_333, 9_000, 12):
        bar.setValue(place * column.list.row_height())
        first, last = column.list.visible_span()
        wanted = _truth(session, column.model.listing(), first, last - first)
        qtbot.waitUntil(lambda wanted=wanted: _shown(desk) == wanted)  # type: ignore[misc]


def test_a_row_on_its_way_is_a_placeholder_with_words(
    open_desk: OpenDesk, load_rows: LoadRows
) -> None:
    load_rows(2_000)
    model = open_desk().work.column.model
    index = model.index(1_500)
    assert index.data(Role.ROW) is None
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Loading"
    assert "evidence" in str(model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_new_reports_above_leave_scroll_and_selection_where_they_are(
    open_desk: OpenDesk, load_rows: LoadRows, file: FileReport, qtbot: QtBot
) -> None:
    load_rows(3_000)
    desk = open_desk()
    column = desk.work.column
    column.list.go_to_place(1_000)
    qtbot.waitUntil(lambda: column.list.current_row() is not None and column.list.place == 1_000)
    desk.settle()
    before, current = _shown(desk), column.list.current_pk
    offset = column.list.verticalOffset() % column.list.row_height()
    pks = frozenset(file(plate=f"TN37ZZ{i:04d}").pk for i in range(3))
    desk.changes.tell(Changed(reports=pks))
    qtbot.waitUntil(lambda: column.model.count() == 3_003)
    desk.settle()
    assert _shown(desk) == before
    assert column.list.current_pk == current
    assert column.list.place == 1_003
    assert column.list.verticalOffset() % column.list.row_height() == offset


def test_reports_that_go_above_leave_the_screen_as_it_is(
    open_desk: OpenDesk, load_rows: LoadRows, session: Session, qtbot: QtBot
) -> None:
    load_rows(3_000)
    desk = open_desk()
    column = desk.work.column
    column.list.go_to_place(1_000)
    qtbot.waitUntil(lambda: column.list.place == 1_000 and column.list.current_row() is not None)
    desk.settle()
    before = _shown(desk)
    rows = find_stretch(session, column.model.listing(), Stretch(10, 4)).rows
    outcome = review.assign(
        session, [Target(row.pk, row.revision) for row in rows], session.officer.id
    )
    desk.changes.tell(outcome.changed)
    qtbot.waitUntil(lambda: column.model.count() == 2_996)
    desk.settle()
    assert _shown(desk) == before
    assert column.list.place == 996


def test_a_change_that_moves_nothing_tells_only_the_changed_row(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    filed = file_many(6)
    desk = open_desk()
    desk.work._reading.stop()
    told: list[tuple[int, int]] = []
    desk.work.column.model.dataChanged.connect(
        lambda first, last: told.append((first.row(), last.row()))
    )
    resets: list[int] = []
    desk.work.column.model.modelReset.connect(lambda: resets.append(1))
    target = filed[3]
    outcome = review.correct(
        session, Target(target.pk, target.revision), {"severity": int(Severity.CRITICAL)}
    )
    desk.changes.tell(outcome.changed)
    qtbot.waitUntil(lambda: bool(told))
    desk.settle()
    assert set(told) == {(2, 2)}
    assert not resets


def test_a_report_that_leaves_the_list_stays_on_screen_until_the_officer_moves(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    filed = file_many(4)
    desk = open_desk()
    desk.press("j")
    desk.settle()
    current = filed[2]
    assert desk.current == current.reference
    outcome = review.assign(session, [Target(current.pk, current.revision)], session.officer.id)
    desk.changes.tell(outcome.changed)
    qtbot.waitUntil(lambda: desk.work.column.model.count() == 3)
    desk.settle()
    assert desk.current == current.reference
    desk.press("j")
    assert desk.current == filed[1].reference


def test_going_to_a_report_from_the_map_finds_it_wherever_it_stands(
    open_desk: OpenDesk, load_rows: LoadRows, session: Session, qtbot: QtBot
) -> None:
    load_rows(5_000)
    desk = open_desk()
    column = desk.work.column
    pk = _truth(session, column.model.listing(), 4_321, 1)[0]
    desk.work.show_report(pk)
    qtbot.waitUntil(lambda: column.list.current_pk == pk)
    assert column.list.place == 4_321
    first, last = column.list.visible_span()
    assert first <= 4_321 < last


def test_a_report_outside_the_list_is_found_among_all(
    open_desk: OpenDesk, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    filed = file_many(3)
    review.assign(session, [Target(filed[0].pk, filed[0].revision)], session.officer.id)
    desk = open_desk()
    desk.work.show_report(filed[0].pk)
    qtbot.waitUntil(lambda: desk.current == filed[0].reference)
    assert desk.work.column.choice.queue is QueueName.ALL


def test_dots_go_when_a_report_was_before_the_eyes(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    file_many(2)
    desk = open_desk()
    model = desk.work.column.model
    assert [model.index(place).data(Role.UNREAD) for place in (0, 1)] == [True, True]
    qtbot.waitUntil(lambda: not model.index(0).data(Role.UNREAD))
    assert model.index(1).data(Role.UNREAD)


def test_a_filter_that_must_be_counted_shows_its_rows_before_its_count(
    open_desk: OpenDesk, load_rows: LoadRows, qtbot: QtBot
) -> None:
    load_rows(1_000)
    desk = open_desk()
    column = desk.work.column
    column.choose(QueueChoice(QueueName.ALL, ReportFilter(min_score=50)))
    expected = sum(1 for i in range(1_000) if i * 31 % 101 >= 50)
    qtbot.waitUntil(lambda: column.model.count() == expected)
    column.list.go_to_place(expected - 1)
    qtbot.waitUntil(
        lambda: column.list.place == expected - 1 and column.list.current_row() is not None
    )


def test_home_and_end_reach_both_ends(
    open_desk: OpenDesk, load_rows: LoadRows, session: Session, qtbot: QtBot
) -> None:
    load_rows(3_000)
    desk = open_desk()
    desk.hit(Qt.Key.Key_End)
    last = _truth(session, desk.work.column.model.listing(), 2_999, 1)[0]
    qtbot.waitUntil(lambda: desk.work.column.list.current_pk == last)
    desk.hit(Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: desk.work.column.list.place == 0)


def _row(pk: int) -> QueueRow:
    return QueueRow(
        pk, f"R{pk}", 1, "pending", 1, "speed", 0, "", "", 0, 1000 - pk, 0, 0, 0, "", 0.0, 0.0
    )


def test_the_row_store_forgets_what_was_used_longest_ago() -> None:
    store = RowStore()
    for page in range(MOST_PAGES + 3):
        store.put(page * PAGE, [_row(page * PAGE + i + 1) for i in range(PAGE)])
    assert store.get(0) is None
    assert store.find(1) is None
    assert store.get((MOST_PAGES + 2) * PAGE) is not None
    assert store.missing_pages(0, PAGE * 5) == [0, 1, 2]


def test_the_row_store_moves_rows_and_finds_the_nearest() -> None:
    store = RowStore()
    store.put(10, [_row(pk) for pk in range(1, 6)])
    store.take_out(12)
    assert [store.get(place).pk for place in range(10, 14)] == [1, 2, 4, 5]  # type: ignore[union-attr]
    store.shift(0, 5)
    assert store.find(4) == 17
    store.shift(0, -16)
    assert (store.find(1), store.find(4), store.get(1)) == (None, 1, _row(4))
    assert store.nearest(100, Sort.NEWEST) == (2, sort_key(_row(5), Sort.NEWEST))


def test_the_model_has_no_rows_under_rows(open_desk: OpenDesk, file_many: FileMany) -> None:
    file_many(1)
    model: ReportListModel = open_desk().work.column.model
    assert model.rowCount(QModelIndex()) == 1
    assert model.rowCount(model.index(0)) == 0


def test_ages_follow_the_clock(session: Session) -> None:
    from trafficdesk.domain.times import to_ms
    from trafficdesk.qt.ages import age

    now = session.clock()
    assert age(to_ms(now - timedelta(hours=3, minutes=4)), now) == "3 h 04"
    assert age(to_ms(now - timedelta(hours=47, minutes=59)), now) == "47 h 59"
    assert age(to_ms(now - timedelta(days=3, hours=4)), now) == "3 d 04"
    assert age(to_ms(now + timedelta(minutes=3)), now) == "0 h 00"
    assert age(to_ms(now - timedelta(days=100, hours=4)), now) == "100 d"
    assert age(to_ms(now - timedelta(days=729)), now) == "729 d"
    assert age(to_ms(now - timedelta(days=16 * 365 + 200)), now) == "16 y 06"
