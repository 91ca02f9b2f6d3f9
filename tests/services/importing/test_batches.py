"""A checked file comes whole whatever happens, never keeps a decision waiting, and can go again."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Report
from trafficdesk.services import auditing, review, undo
from trafficdesk.services.importing import batches
from trafficdesk.services.importing.batches import TakeBackFault, TakenBack
from trafficdesk.services.importing.files import Imported, Watch, import_reports
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session
from trafficdesk.store import history, queues, reports, tallies
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.upkeep import check

Table = Callable[..., Path]
GOOD = "2026-03-01T08:30:00,76.9674,11.0183,helmet;red,moto,TN 37 BZ 4412,Went through on red"


def _rows(count: int) -> list[str]:
    return [GOOD.replace("76.9674", f"76.9{i:04d}") for i in range(count)]


def _import(session: Session, path: Path, mapping: Mapping, watch: Watch | None = None) -> int:
    done = import_reports(session, path, mapping, watch)
    assert isinstance(done, Imported), done
    return done.batch


def _shown(session: Session, count: int = 50) -> list[Report]:
    with session.store.reading() as connection:
        rows = queues.find_page(connection, PageRequest(ReportFilter(), limit=count))
        return [reports.get(connection, row.pk) for row in rows]


def _count(session: Session) -> int:
    with session.store.reading() as connection:
        return tallies.count(connection, ReportFilter())


def _actions(session: Session) -> list[tuple[str, dict[str, object]]]:
    with session.store.reading() as connection:
        return [(e.action, json.loads(e.detail)) for e in auditing.entries(connection)]


def test_an_import_is_taken_back_but_for_what_was_worked_on(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    batch = _import(supervisor, table(*_rows(300)), mapping)
    claimed, original, duplicate = _shown(supervisor, 3)
    for report, step in (
        (claimed, Step(Move.CLAIM)),
        (duplicate, Step(Move.CLAIM)),
    ):
        assert review.take_step(supervisor, [Target(report.pk, report.revision)], step).is_done
    same = Step(Move.MARK_DUPLICATE, duplicate_of=original.id)
    assert review.take_step(supervisor, [Target(duplicate.pk, 2)], same).is_done
    done = batches.take_back(supervisor, batch)
    assert isinstance(done, TakenBack)
    assert (done.taken, done.kept) == (297, 3)
    assert {r.id for r in _shown(supervisor)} == {claimed.id, original.id, duplicate.id}
    assert _count(supervisor) == 3
    assert all(one.ok for one in check(supervisor.store))
    assert auditing.verify(supervisor).ok
    (taken,) = [detail for action, detail in _actions(supervisor) if action == "report.import_undo"]
    assert taken["file"] == "rows.csv"
    (listed,) = batches.find_imports(supervisor)
    assert (listed.state, listed.row_count, listed.kept_count) == ("taken_back", 300, 3)
    assert batches.take_back(supervisor, batch) is TakeBackFault.TAKEN_BACK
    assert [a.kind for a in undo.find_undoable(supervisor)] == ["mark_duplicate", "claim", "claim"]


def test_every_report_taken_back_says_so_in_its_history_and_to_the_server(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    batch = _import(supervisor, table(*_rows(5)), mapping)
    ids = [report.id for report in _shown(supervisor)]
    assert isinstance(batches.take_back(supervisor, batch), TakenBack)
    with supervisor.store.reading() as connection:
        for report_id in ids:
            came, went = history.events_of(connection, report_id)
            assert (came.action, went.action, went.revision) == ("import", "undo_import", 2)
        assert history.count_waiting(connection) == 10


def test_who_may_not_import_may_not_take_back(
    supervisor: Session, session: Session, mapping: Mapping, table: Table
) -> None:
    batch = _import(supervisor, table(GOOD), mapping)
    assert batches.take_back(session, batch) is TakeBackFault.NOT_PERMITTED
    assert batches.take_back(supervisor, batch + 1) is TakeBackFault.UNKNOWN
    assert _count(supervisor) == 1


def test_a_file_that_was_taken_back_whole_can_be_imported_again(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    path = table(*_rows(3))
    assert isinstance(batches.take_back(supervisor, _import(supervisor, path, mapping)), TakenBack)
    _import(supervisor, path, mapping)
    assert _count(supervisor) == 3


class _KilledError(BaseException):
    """Stands in for a kill: nobody catches it."""


@pytest.mark.parametrize("when", [0, 1, 2, 5])
def test_what_a_kill_left_half_way_comes_or_goes_whole_when_the_desk_opens(
    supervisor: Session,
    mapping: Mapping,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
    when: int,
) -> None:
    path = table(*_rows(700))
    told = iter(range(when))

    def kill(_done: int, _total: int) -> None:
        if next(told, None) is None:
            monkeypatch.setattr(batches, "leave", None)
            raise _KilledError

    with pytest.raises(_KilledError):
        import_reports(supervisor, path, mapping, Watch(kill))
    batches.end_begun(supervisor)
    assert _count(supervisor) == (0 if when < 2 else 700)
    assert all(one.ok for one in check(supervisor.store))
    with supervisor.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM import_rows").scalar_one() == 0
        assert history.count_waiting(connection) == _count(supervisor)


def test_taking_back_goes_on_where_a_kill_left_it(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    batch = _import(supervisor, table(*_rows(700)), mapping)

    def kill(_done: int) -> None:
        raise _KilledError

    with pytest.raises(_KilledError):
        batches.take_back(supervisor, batch, kill)
    assert 0 < _count(supervisor) < 700
    batches.end_begun(supervisor)
    assert _count(supervisor) == 0
    assert batches.find_imports(supervisor)[0].state == "taken_back"
    assert all(one.ok for one in check(supervisor.store))


def test_a_decision_comes_through_while_a_file_is_coming(
    supervisor: Session, mapping: Mapping, table: Table, tmp_path: Path
) -> None:
    _import(supervisor, table(GOOD), mapping)
    (report,) = _shown(supervisor)
    decided_at: list[int] = []
    coming = threading.Event()

    def decide() -> None:
        coming.wait(20)
        target = Target(report.pk, report.revision)
        assert review.take_step(supervisor, [target], Step(Move.CLAIM)).is_done
        decided_at.append(_count(supervisor))

    other = threading.Thread(target=decide)
    other.start()
    path = tmp_path / "many.csv"
    path.write_text(table(*_rows(3000)).read_text())

    def on_progress(done: int, _total: int) -> None:
        if done > 40:
            coming.set()

    try:
        _import(supervisor, path, mapping, Watch(on_progress))
    finally:
        coming.set()
        other.join()
    assert decided_at
    assert decided_at[0] < 3001, "the decision had to wait for the whole file"
