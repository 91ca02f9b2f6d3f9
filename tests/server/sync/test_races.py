"""Two connections at once: nothing is done twice, lost, half written, or skipped by the feed."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from sync_server.db import ledger
from sync_server.db.engine import Connection, Crossing
from sync_server.db.ledger import find_break
from sync_server.problems import RefusedError
from sync_server.sync import queries, service
from sync_server.sync.batch import Standing
from sync_server.sync.pushing import push_batch
from sync_server.sync.scope import Device
from tests.server.sync.crews import Crews
from tests.server.sync.test_citing import CITE, citation
from tests.server.sync.town import Town
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.exchange import Outcome, Result
from trafficdesk.wire.operations import Operation


def push_in_time(town: Town, device: Device, *operations: Operation) -> list[Outcome]:
    """Push as the service does: again when desks met."""
    return service.push(town.database, device, operations, lambda _connection: "").outcomes


def at_once(*works: Callable[[], list[Outcome]]) -> list[list[Outcome]]:
    """Run works in threads that start together; return what each returned."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], list[Outcome]]) -> list[Outcome]:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_batch_sent_twice_takes_effect_once_and_is_answered_the_same(town: Town) -> None:
    desk = town.add_device()
    new = town.file(desk)
    batch = [new, town.operation(desk, new.entity_id, "escalate", {"escalated": (False, True)})]
    first, again = town.push(desk, *batch), town.push(desk, *batch)
    assert [(each.result, each.version, each.seq) for each in first] == [
        (each.result, each.version, each.seq) for each in again
    ]
    assert town.row(new.entity_id)["version"] == 2
    assert len(town.ask("SELECT 1 FROM events")) == 2


def test_a_batch_sent_on_two_connections_at_once_takes_effect_once(town: Town) -> None:
    desk = town.add_device()
    for _ in range(10):
        batch = [town.file(desk) for _ in range(3)]
        one, other = at_once(*[lambda batch=batch: push_in_time(town, desk, *batch)] * 2)
        assert [each.seq for each in one] == [each.seq for each in other]
    assert len(town.ask("SELECT 1 FROM reports")) == 30
    assert town.ask("SELECT max(seq) AS head FROM events") == [{"head": 30}]


def test_of_two_desks_that_change_a_field_at_once_one_is_in_conflict(town: Town) -> None:
    desks = [town.add_device(), town.add_device()]
    for _ in range(10):
        report_id = town.filed(desks[0])
        edits = [
            town.operation(desk, report_id, "correct", {"plate": ("TN37BZ4412", str(number))})
            for number, desk in enumerate(desks)
        ]
        both = at_once(
            *[
                lambda desk=desk, edit=edit: push_in_time(town, desk, edit)
                for desk, edit in zip(desks, edits, strict=True)
            ]
        )
        assert sorted(str(each[0].result) for each in both) == ["applied", "conflict"]


def test_of_two_desks_that_make_one_record_at_once_one_meets_the_other(town: Town) -> None:
    desks = [town.add_device(), town.add_device()]
    for number in range(10):
        new = town.file(desks[0])
        same_id = town.operation(
            desks[1], new.entity_id, "file", town.file(desks[1]).changes, base_version=0
        )
        same_name = town.file(desks[0], reference=f"CBE-{number}")
        name_too = town.file(desks[1], reference=f"CBE-{number}")
        batches = [(desks[0], new, same_name), (desks[1], same_id, name_too)]
        both = at_once(*[partial(push_in_time, town, *batch) for batch in batches])
        assert sorted(str(each[0].result) for each in both) == ["applied", "conflict"]
        assert sorted(str(each[1].result) for each in both) == ["applied", "merged"]


def test_of_two_supervisors_who_settle_at_once_one_did(town: Town) -> None:
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    town.push(one, town.operation(one, report_id, "correct", {"plate": ("TN37BZ4412", "A")}))
    (clash,) = town.push(
        two, town.operation(two, report_id, "correct", {"plate": ("TN37BZ4412", "B")})
    )
    assert clash.conflict_id is not None
    conflict_id = clash.conflict_id

    def settle(desk: Device) -> list[Outcome]:
        changes: dict[str, tuple[object, object]] = {"status": ("open", "settled")}
        who = {"entity": "conflict", "actor_id": town.people["supervisor"]}
        operation = town.operation(desk, conflict_id, "settle", changes, **who)
        return push_in_time(town, desk, operation)

    both = at_once(lambda: settle(one), lambda: settle(two))
    assert sorted(str(each[0].result) for each in both) == ["applied", "duplicate"]


def test_a_push_whose_rows_are_not_as_read_writes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    correction = town.operation(desk, report_id, "correct", {"plate": ("TN37BZ4412", "X")})
    lock_rows = queries.lock_rows

    def read_wrongly(
        connection: Connection, entity: Entity, city_ids: Collection[str], ids: Collection[UUID]
    ) -> list[Standing]:
        found = list(lock_rows(connection, entity, city_ids, ids))
        for standing in found:
            standing.version, standing.read_version = 7, 7
        return found

    monkeypatch.setattr(queries, "lock_rows", read_wrongly)
    with pytest.raises(RefusedError, match="unavailable"):
        push_in_time(town, desk, correction)
    assert town.row(report_id)["plate"] == "TN37BZ4412"
    assert town.ask("SELECT max(seq) AS head FROM events") == [{"head": 1}]


def test_lines_made_for_a_head_that_others_passed_are_made_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = town.city_id, town.other_city_id
    one, two = town.add_device(city_ids=both), town.add_device()
    lock_heads = ledger.lock_heads

    def be_passed(connection: Connection, cities: Collection[str]) -> object:
        monkeypatch.setattr(ledger, "lock_heads", lock_heads)
        (other,) = town.push(two, town.file(two))
        assert other.seq == 1
        return lock_heads(connection, cities)

    monkeypatch.setattr(ledger, "lock_heads", be_passed)
    there = {"city_id": str(town.other_city_id), "station_id": str(town.other_citys_station_id)}
    batch = [
        msgspec.structs.replace(town.file(one, **place), actor_id=town.people["admin"])
        for place in ({}, there, {})
    ]
    outcomes = town.push(one, *batch)  # once: what was numbered wrongly would not go in
    assert [each.seq for each in outcomes] == [2, 1, 3]
    for each, outcome in zip(batch, outcomes, strict=True):
        noted = town.ask("SELECT seq FROM operations WHERE op_id = %s", each.op_id)
        assert noted == [{"seq": outcome.seq}]
    for city_id in both:
        assert find_break_of(town, city_id) is None


def _push_and_be_cut(town: Town, desk: Device, batch: list[Operation]) -> None:
    with town.database.transaction(town.tenant_id, [town.city_id]) as connection:
        push_batch(connection, desk, batch)
        with psycopg.connect(town.database.url, autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])


def test_a_connection_cut_before_the_commit_leaves_nothing(town: Town) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    batch = [
        town.file(desk),
        town.operation(desk, report_id, "correct", {"plate": ("TN37BZ4412", "A")}),
    ]
    with pytest.raises(psycopg.OperationalError):
        _push_and_be_cut(town, desk, batch)
    assert len(town.ask("SELECT 1 FROM operations")) == 1
    assert len(town.ask("SELECT 1 FROM events")) == 1
    assert town.ask("SELECT seq FROM feed_counters ORDER BY seq DESC LIMIT 1") == [{"seq": 1}]
    assert [each.result for each in town.push(desk, *batch)] == ["applied", "applied"]
    assert find_break_of(town) is None


def find_break_of(town: Town, city_id: UUID | None = None) -> int | None:
    """Return where a city's chain is broken, if anywhere."""
    with town.database.crossing(Crossing.OPERATOR) as connection:
        return find_break(connection, city_id or town.city_id)


WRITERS, BATCHES = 8, 12


class _Reader:
    """Follows a feed by its cursor while others write, and keeps every number it saw."""

    def __init__(self, town: Town, query: str) -> None:
        self._town, self._query = town, query
        self.seen: list[int] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow)

    def _follow(self) -> None:
        while not self._stop.is_set():
            self.read()

    def read(self) -> None:
        """Read on from the last number seen."""
        after = self.seen[-1] if self.seen else 0
        self.seen += [int(str(row["seq"])) for row in self._town.ask(self._query, after)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self.read()


def _write_at_once(write: Callable[[int], list[Outcome]]) -> None:
    at_once(*[lambda number=number: write(number) for number in range(WRITERS)])


def test_eight_writers_on_one_city_and_the_feed_skips_nothing(town: Town) -> None:
    desks = [town.add_device() for _ in range(WRITERS)]

    def write(number: int) -> list[Outcome]:
        for _ in range(BATCHES):
            done = push_in_time(town, desks[number], *(town.file(desks[number]) for _ in "ab"))
            assert {each.result for each in done} == {Result.APPLIED}
        return []

    query = f"SELECT seq FROM events WHERE city_id = '{town.city_id}' AND seq > %s ORDER BY seq"
    with _Reader(town, query) as reader:
        _write_at_once(write)
    assert reader.seen == list(range(1, WRITERS * BATCHES * 2 + 1))
    assert find_break_of(town) is None


def test_a_feed_numbered_by_a_sequence_would_skip(town: Town) -> None:
    """The proof that the test above can fail: numbers of a sequence show in any order."""
    with town.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("CREATE TABLE naive (seq bigserial PRIMARY KEY, id uuid)")

    def write(_number: int) -> list[Outcome]:
        with psycopg.connect(town.database.url, autocommit=True) as connection:
            for _ in range(BATCHES * 4):
                with connection.transaction():
                    connection.execute("INSERT INTO naive (id) VALUES (%s)", [uuid4()])
                    connection.execute("SELECT pg_sleep(random() * 0.01)")
        return []

    with _Reader(town, "SELECT seq FROM naive WHERE seq > %s ORDER BY seq") as reader:
        _write_at_once(write)
    assert len(reader.seen) < WRITERS * BATCHES * 4


def test_two_desks_that_enlist_one_call_sign_at_once_both_have_a_unit(town: Town) -> None:
    desks, crews = [town.add_device(), town.add_device()], Crews(town)
    for number in range(10):
        units = [crews.make(desk, "unit", call_sign=f"P{number}") for desk in desks]
        told = at_once(
            *(
                partial(push_in_time, town, desk, unit)
                for desk, unit in zip(desks, units, strict=True)
            )
        )
        assert sorted(str(outcome.result) for (outcome,) in told) == ["applied", "merged"]
    assert len(town.ask("SELECT DISTINCT call_sign FROM units")) == 20


def test_two_desks_that_send_one_unit_at_once_leave_one_question(town: Town) -> None:
    desks, crews = [town.add_device(), town.add_device()], Crews(town)
    for _ in range(10):
        unit = crews.made(desks[0], "unit")
        incidents = [crews.made(desks[0], "incident") for _ in desks]
        told = at_once(
            *(
                partial(push_in_time, town, desk, *crews.send(desk, unit, incident))
                for desk, incident in zip(desks, incidents, strict=True)
            )
        )
        assert [str(sent.result) for sent, _ in told] == ["applied", "applied"]
        assert sorted(str(claim.result) for _, claim in told) == ["applied", "conflict"]
        question = "SELECT 1 FROM conflicts WHERE record_id = %s AND status = 'open'"
        assert len(town.ask(question, unit[1])) == 1


def test_of_two_desks_that_claim_one_report_at_once_one_holds_it(town: Town) -> None:
    desks = [(town.add_device(), town.people[who]) for who in ("officer", "other_officer")]
    for _ in range(10):
        report_id = town.filed(desks[0][0])
        claims = [
            town.operation(
                desk,
                report_id,
                "claim",
                {
                    "status": ("pending", "under_review"),
                    "assignee_id": (None, str(officer)),
                    "lease_until_ms": (None, 1),
                },
                actor_id=officer,
            )
            for desk, officer in desks
        ]
        told = at_once(
            *(
                partial(push_in_time, town, desk, claim)
                for (desk, _), claim in zip(desks, claims, strict=True)
            )
        )
        results = [(str(each.result), str(each.reason or "")) for (each,) in told]
        assert sorted(results) == [("applied", ""), ("rejected", "overtaken")]
        first = results.index(("applied", ""))
        assert town.row(report_id)["assignee_id"] == desks[first][1]


def test_of_two_desks_that_cite_one_report_at_once_one_has_cited(town: Town) -> None:
    desks = [town.add_device(), town.add_device()]
    for number in range(10):
        report_id = town.filed(desks[0])
        approval = {"status": ("pending", "approved")}
        town.push(desks[0], town.operation(desks[0], report_id, "approve", approval))
        told = at_once(
            *(
                partial(
                    push_in_time,
                    town,
                    desk,
                    town.operation(desk, report_id, "cite", CITE, base_version=2),
                    citation(town, desk, report_id, f"{desk.id}-{number}"),
                )
                for desk in desks
            )
        )
        results = [[str(each.result) for each in outcomes] for outcomes in told]
        assert sorted(results) == [["applied", "applied"], ["duplicate", "merged"]]
        issued = "SELECT 1 FROM citations WHERE report_id = %s AND status = 'issued'"
        assert len(town.ask(issued, report_id)) == 1
