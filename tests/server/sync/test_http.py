"""The sync over real HTTP: hello, push with its turn, pages, and who may not."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
import requests
import zstandard

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.sync.town import AT_MS, report_changes
from tests.server.world import Client, World, code_of
from tests.system.sync.places import add_station
from tests.wire.examples import example
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.exchange import (
    ChangesPage,
    Hello,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    Welcome,
)
from trafficdesk.wire.operations import Operation

PUSH = "/sync/push"
ACTOR = "X-Test-Actor"  # kept with the client; the server does not look at it
_ZSTD = b"\x28\xb5\x2f\xfd"


def filed(world: World, client: Client, **values: object) -> Operation:
    """Return the creation of a report by whoever signed in on the client's desk."""
    assert client.desk is not None
    return Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity="report",
        entity_id=new_id(),
        action="file",
        base_version=0,
        revision=1,
        changes=report_changes(world.city_id, world.station_id, **values),
        note="",
        actor_id=UUID(client.headers[ACTOR]),
        device_id=client.desk.id,
        at_ms=AT_MS,
    )


def desk_of(world: World, role: Role = Role.OFFICER, station_ids: tuple[UUID, ...] = ()) -> Client:
    """Return a person on a newly enrolled desk."""
    person = world.person(role)
    client = world.sign_in(person, world.enrol(station_ids))
    client.headers[ACTOR] = str(person.id)
    return client


def push(client: Client, *operations: Operation) -> requests.Response:
    """Push operations with the desk's present turn, without taking the next one."""
    return client.post(PUSH, PushRequest(protocol=1, operations=list(operations)))


def pushed(client: Client, *operations: Operation) -> PushAnswer:
    """Push operations and take the next turn."""
    answer = push(client, *operations)
    assert answer.status_code == 200, answer.text
    assert client.desk is not None
    found = msgspec.json.decode(answer.content, type=PushAnswer)
    client.desk.turn = found.turn
    return found


def changes(
    client: Client, city_id: UUID, after: int = 0, limit: int = 100, own: str = "true"
) -> ChangesPage:
    """Read a page of changes."""
    answer = client.get(f"/sync/changes?city={city_id}&after={after}&limit={limit}&own={own}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=ChangesPage)


def head_of(client: Client, world: World) -> int:
    """Return the newest number of the city's feed: its people have numbers, too."""
    return changes(client, world.city_id).head


def test_hello_tells_the_scope_and_where_the_city_stands(world: World) -> None:
    desk = desk_of(world)
    before = head_of(desk, world)
    pushed(desk, filed(world, desk), filed(world, desk))
    answer = desk.post("/sync/hello", Hello(speaks=(1, 3), program="trafficdesk 9"))
    found = msgspec.json.decode(answer.content, type=Welcome)
    assert (found.protocol, found.heads) == (1, {str(world.city_id): before + 2})
    assert found.scope.city_ids == [world.city_id]
    assert abs(found.server_time_ms - new_id().int // 2**80) < 60_000


@pytest.mark.parametrize(("speaks", "side"), [((2, 3), "server"), ((0, 0), "desk")])
def test_without_a_common_version_it_is_said_which_side_is_too_old(
    world: World, speaks: tuple[int, int], side: str
) -> None:
    desk = desk_of(world)
    answer = desk.post("/sync/hello", Hello(speaks=speaks, program="x"))
    assert (answer.status_code, code_of(answer), answer.json()["side"]) == (
        426,
        "upgrade_needed",
        side,
    )
    other = desk.post(PUSH, PushRequest(protocol=speaks[0], operations=[]))
    assert code_of(other) == "upgrade_needed"


def test_what_one_desk_pushes_another_pulls(world: World) -> None:
    one, two = desk_of(world), desk_of(world)
    before = head_of(two, world)
    operation = filed(world, one, plate="TN66AC0918")
    (outcome,) = pushed(one, operation).outcomes
    assert (outcome.result, outcome.seq) == ("applied", before + 1)
    page = changes(two, world.city_id, before)
    assert (page.after, page.upto, page.head) == (before, before + 1, before + 1)
    (record,), (event,) = page.records, page.events
    assert (record.id, record.version, record.row["plate"]) == (
        operation.entity_id,
        1,
        "TN66AC0918",
    )
    assert (event.id, event.changes["plate"]) == (operation.op_id, (None, "TN66AC0918"))


def test_a_push_whose_answer_was_lost_is_answered_the_same_again(world: World) -> None:
    desk = desk_of(world)
    before = head_of(desk, world)
    operation = filed(world, desk)
    first, again = push(desk, operation), push(desk, operation)
    assert first.json()["outcomes"] == again.json()["outcomes"]
    assert first.json()["turn"] == again.json()["turn"]
    assert desk.desk is not None
    other = push(desk, filed(world, desk))  # the old turn with another body: a copy of the disk
    assert (other.status_code, code_of(other)) == (409, "device_copied")
    assert head_of(desk, world) == before + 1


def test_changes_come_page_by_page_and_each_record_once(world: World) -> None:
    desk = desk_of(world)
    operation = filed(world, desk)
    edits = [
        msgspec.structs.replace(
            operation,
            op_id=new_id(),
            action="correct",
            changes={"plate": (old, new)},
        )
        for old, new in (("TN37BZ4412", "A"), ("A", "B"), ("B", "C"))
    ]
    after = before = head_of(desk, world)
    pushed(desk, operation, *edits, filed(world, desk))
    seen = list[int]()
    while True:
        page = changes(desk, world.city_id, after, limit=2)
        seen += [event.seq for event in page.events]
        assert len({record.id for record in page.records}) == len(page.records)
        after = page.upto
        if page.upto == page.head:
            break
    last = before + 5
    assert seen == list(range(before + 1, last + 1))
    empty = changes(desk, world.city_id, after)
    assert (empty.upto, empty.records, empty.events) == (last, [], [])
    ahead = changes(desk, world.city_id, 99)
    assert (ahead.after, ahead.upto, ahead.head) == (99, last, last)


def test_a_page_is_packed_for_whom_zstd_suits(world: World) -> None:
    desk = desk_of(world)
    pushed(desk, *[filed(world, desk) for _ in range(5)])
    path = f"/sync/changes?city={world.city_id}&after=0"
    plain = desk.send("GET", path, **{"Accept-Encoding": "identity"})
    packed = desk.send("GET", path, **{"Accept-Encoding": "zstd"})
    assert packed.headers["content-encoding"] == "zstd"
    unpacked = packed.content  # requests unpacks it where it can
    if unpacked.startswith(_ZSTD):
        unpacked = zstandard.ZstdDecompressor().decompress(unpacked)
    one, other = (msgspec.json.decode(body, type=ChangesPage) for body in (unpacked, plain.content))
    assert one.records == other.records
    assert int(packed.headers["content-length"]) * 2 < len(plain.content)


def snapshot(client: Client, world: World, entity: str, **more: object) -> SnapshotPage:
    """Read a page of a snapshot."""
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    answer = client.get(f"/sync/snapshot?city={world.city_id}&entity={entity}{extra}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=SnapshotPage)


def test_a_snapshot_pages_through_every_kind_in_the_order_of_ids(world: World) -> None:
    desk = desk_of(world)
    new = [filed(world, desk) for _ in range(5)]
    pushed(desk, *new)
    first = snapshot(desk, world, "report", limit=2)
    assert (first.total, first.at_seq, len(first.records)) == (5, head_of(desk, world), 2)
    ids = [record.id for record in first.records]
    page = first
    while page.next_after is not None:
        page = snapshot(desk, world, "report", limit=2, after=page.next_after)
        ids += [record.id for record in page.records]
    assert ids == sorted(operation.entity_id for operation in new)
    (city,) = snapshot(desk, world, "city").records
    assert (city.id, city.row["code"]) == (world.city_id, "CBE")
    (station,) = snapshot(desk, world, "station").records
    assert station.row["city_id"] == str(world.city_id)
    (officer,) = snapshot(desk, world, "officer").records
    assert "password_hash" not in officer.row
    for entity in ("ward", "violation_type", "citizen", "geofence", "citation", "conflict"):
        assert snapshot(desk, world, entity).records == []


def test_a_desk_of_one_station_is_told_of_others_only_that_they_are_not_its_own(
    world: World,
) -> None:
    wide, narrow = desk_of(world), desk_of(world, station_ids=(world.station_id,))
    other_station = add_station(world, "North")
    mine, theirs = filed(world, wide), filed(world, wide, station_id=str(other_station))
    before = head_of(wide, world)
    pushed(wide, mine, theirs)
    page = changes(narrow, world.city_id, before)
    assert [record.id for record in page.records] == [mine.entity_id]
    assert [event.entity_id for event in page.events] == [mine.entity_id]
    assert [gone.id for gone in page.left] == [theirs.entity_id]
    assert (page.upto, page.head) == (before + 2, before + 2)
    assert [each.id for each in snapshot(narrow, world, "report").records] == [mine.entity_id]
    everything = narrow.get(f"/sync/changes?city={world.city_id}&after=0").text
    assert str(mine.changes["reference"][1]) in everything
    assert str(theirs.changes["reference"][1]) not in everything


def test_what_is_older_than_the_window_comes_only_while_it_is_open(world: World) -> None:
    desk = desk_of(world, Role.SUPERVISOR)
    old_open = filed(world, desk, reported_ms=1_000)
    old_decided = filed(world, desk, reported_ms=1_000)
    approve = msgspec.structs.replace(
        old_decided,
        op_id=new_id(),
        action="reject",
        changes={"status": ("pending", "rejected"), "rejection_reason": (None, "other")},
    )
    before = head_of(desk, world)
    pushed(desk, old_open, old_decided, approve)
    page = changes(desk, world.city_id, before)
    assert [record.id for record in page.records] == [old_open.entity_id]
    assert [gone.id for gone in page.left] == [old_decided.entity_id]
    listed = snapshot(desk, world, "report")
    assert ([each.id for each in listed.records], listed.total) == ([old_open.entity_id], 1)


def test_another_city_is_none_of_a_desks_business(world: World, live: Live) -> None:
    desk, elsewhere = desk_of(world), World(live)
    for path in ("changes?after=0", "snapshot?entity=report"):
        answer = desk.get(f"/sync/{path}&city={elsewhere.city_id}")
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    foreign = filed(world, desk)
    foreign = msgspec.structs.replace(
        foreign, changes=report_changes(elsewhere.city_id, elsewhere.station_id)
    )
    assert pushed(desk, foreign).outcomes[0].reason == "out_of_scope"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sync/hello"),
        ("POST", PUSH),
        ("GET", "/sync/changes?city={city}&after=0"),
        ("GET", "/sync/snapshot?city={city}&entity=report"),
    ],
)
def test_whoever_is_nobody_or_on_no_desk_must_sign_in(world: World, method: str, path: str) -> None:
    pushing = {"protocol": 1, "operations": []}
    greeting = {"speaks": [1, 1], "program": "x"}
    body: Any = None if method == "GET" else pushing if path == PUSH else greeting
    for client in (world.client(), world.sign_in(world.person())):
        answer = client.send(method, path.format(city=world.city_id), body)
        assert (answer.status_code, code_of(answer)) == (401, "sign_in_needed")


def test_who_may_not_read_reports_pulls_none(world: World, live: Live) -> None:
    desk = desk_of(world)
    with live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE users SET role = 'service' WHERE id = %s", [UUID(desk.headers[ACTOR])]
        )
    answer = desk.get(f"/sync/changes?city={world.city_id}&after=0")
    assert (answer.status_code, code_of(answer)) == (403, "not_permitted")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"protocol": 1}',
        b'{"protocol": 1, "operations": [{}]}',
        b'{"protocol": "one", "operations": []}',
        b'{"protocol": 1, "operations": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_a_body_that_is_no_push_is_a_bad_request_and_keeps_the_turn(
    world: World, body: bytes
) -> None:
    desk = desk_of(world)
    answer = desk.send("POST", PUSH, body, **{"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")
    assert pushed(desk, filed(world, desk)).outcomes[0].result == "applied"


def test_deep_values_are_bad_values_and_members_of_later_versions_are_passed_over(
    world: World,
) -> None:
    desk = desk_of(world)
    operation = filed(world, desk)
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    bad = msgspec.structs.replace(
        filed(world, desk), changes={**operation.changes, "media": (None, deep)}
    )
    sent = msgspec.to_builtins(PushRequest(protocol=1, operations=[operation, bad]))
    sent["mood"] = "fine"
    sent["operations"][0]["colour"] = "red"
    answer = desk.post(PUSH, sent)
    assert [each["result"] for each in answer.json()["outcomes"]] == ["applied", "rejected"]


def test_too_many_operations_are_too_large(world: World) -> None:
    desk = desk_of(world)
    answer = push(desk, *[filed(world, desk)] * 501)
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_a_push_of_version_one_as_it_was_first_spoken_is_understood(world: World) -> None:
    desk = desk_of(world)
    answer = desk.send(
        "POST", PUSH, example("push-request"), **{"Content-Type": "application/json"}
    )
    assert [each["reason"] for each in answer.json()["outcomes"]] == ["unknown_actor"] * 2
    greeting = desk.send(
        "POST", "/sync/hello", example("hello"), **{"Content-Type": "application/json"}
    )
    assert greeting.json()["protocol"] == 1
