"""Why operations are rejected: each reason, and that the batch goes on without them."""

from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest

from sync_server.sync.scope import Device
from tests.server.sync.town import Town, report_changes
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import Outcome, Reason, Result
from trafficdesk.wire.operations import Operation


def _pushed(town: Town, desk: Device, operation: Operation) -> Outcome:
    """Push an operation between two good ones, which must go in."""
    before, after = town.file(desk), town.file(desk)
    outcomes = town.push(desk, before, operation, after)
    assert [outcomes[0].result, outcomes[2].result] == [Result.APPLIED, Result.APPLIED]
    return outcomes[1]


def _refused(town: Town, desk: Device, operation: Operation) -> tuple[Reason | None, str]:
    outcome = _pushed(town, desk, operation)
    assert outcome.result is Result.REJECTED
    (kept,) = town.ask("SELECT * FROM operations WHERE op_id = %s", operation.op_id)
    assert (kept["result"], kept["reason"]) == ("rejected", outcome.reason)
    return outcome.reason, outcome.detail


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Rejections are looked up by their ids: these tests need no database of their own."""
    return shared_town


class Bad(NamedTuple):
    """An operation that may not be: its action, its changes, what else differs, and the answer."""

    name: str
    action: str
    changes: dict[str, tuple[object, object]]
    frame: dict[str, object]
    reason: Reason
    detail: str


R = Reason
LONG = "x" * 20_001
BAD = [
    Bad("kind", "file", {}, {"entity": "drone"}, R.UNKNOWN_ENTITY, "drone"),
    Bad("nul kind", "file", {}, {"entity": "a\x00"}, R.UNKNOWN_ENTITY, "a\x00"),
    Bad("officers", "change", {}, {"entity": "officer"}, R.NOT_PERMITTED, "officer"),
    Bad("action", "polish", {}, {}, R.UNKNOWN_FIELD, "action"),
    Bad("field", "correct", {"colour": (None, "red")}, {}, R.UNKNOWN_FIELD, "colour"),
    Bad("nul field", "correct", {"a\x00": (None, "red")}, {}, R.UNKNOWN_FIELD, "a\x00"),
    Bad("reach", "escalate", {"plate": ("", "X")}, {}, R.NOT_PERMITTED, "plate"),
    Bad("server's", "correct", {"updated_ms": (1, 2)}, {}, R.NOT_PERMITTED, "updated_ms"),
    Bad("moving house", "settle", {"city_id": ("", str(uuid4()))}, {}, R.NOT_PERMITTED, "city_id"),
    Bad("kind of value", "correct", {"plate": ("", 7)}, {}, R.BAD_VALUE, "plate"),
    Bad("null", "correct", {"plate": ("", None)}, {}, R.BAD_VALUE, "plate"),
    Bad("nul", "correct", {"plate": ("", "a\x00b")}, {}, R.BAD_VALUE, "plate"),
    Bad("nul before", "correct", {"plate": ("\x00", "a")}, {}, R.BAD_VALUE, "plate"),
    Bad("long", "correct", {"address": ("", LONG)}, {}, R.BAD_VALUE, "address"),
    Bad("severity", "correct", {"severity": (2, 9)}, {}, R.BAD_VALUE, "severity"),
    Bad("word", "correct", {"vehicle_type": ("car", "rocket")}, {}, R.BAD_VALUE, "vehicle_type"),
    Bad("half a place", "correct", {"lon": (76.97, 76.98)}, {}, R.BAD_VALUE, "lat"),
    Bad("off the earth", "correct", {"lon": (1, 400), "lat": (1, 2)}, {}, R.BAD_VALUE, "lon"),
    Bad("huge", "correct", {"score": (0, 2**40)}, {}, R.BAD_VALUE, "score"),
    Bad("big number", "claim", {"lease_until_ms": (0, 10**30)}, {}, R.BAD_VALUE, "lease_until_ms"),
    Bad("note", "escalate", {}, {"note": "x" * 281}, R.BAD_VALUE, "note"),
    Bad("base", "escalate", {}, {"base_version": 2**40}, R.BAD_VALUE, "base_version"),
    Bad("time", "escalate", {}, {"at_ms": 10**20}, R.BAD_VALUE, "at_ms"),
    Bad(
        "move",
        "approve",
        {"status": ("pending", "closed")},
        {},
        R.ILLEGAL_MOVE,
        "pending to closed",
    ),
    Bad("by another", "escalate", {}, {"device_id": uuid4()}, R.UNKNOWN_ACTOR, "device_id"),
    Bad("stranger", "escalate", {}, {"actor_id": uuid4()}, R.UNKNOWN_ACTOR, ""),
    Bad("no record", "escalate", {}, {"entity_id": uuid4()}, R.UNKNOWN_RECORD, ""),
]


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_what_may_not_be_is_rejected_with_its_reason(town: Town, bad: Bad) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    frame: dict[str, Any] = {"entity_id": report_id, **bad.frame}
    operation = town.operation(desk, frame.pop("entity_id"), bad.action, bad.changes, **frame)
    assert _refused(town, desk, operation) == (bad.reason, bad.detail)
    assert town.row(report_id)["version"] == 1


@pytest.mark.parametrize(
    ("role", "action", "changes"),
    [
        ("dispatcher", "correct", {"plate": ("TN37BZ4412", "X")}),
        ("dispatcher", "approve", {"status": ("pending", "approved")}),
        ("citizen", "escalate", {"escalated": (False, True)}),
        ("officer", "reopen", {"status": ("approved", "pending")}),
    ],
)
def test_a_role_does_what_it_may_and_no_more(
    town: Town, role: str, action: str, changes: dict[str, tuple[object, object]]
) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    operation = town.operation(desk, report_id, action, changes, actor_id=town.people[role])
    assert _refused(town, desk, operation)[0] is Reason.NOT_PERMITTED


def test_an_actor_must_have_signed_in_on_this_device_and_not_be_gone(town: Town) -> None:
    desk = town.add_device(people=("officer", "supervisor"))
    report_id = town.filed(desk)
    changes: dict[str, tuple[object, object]] = {"escalated": (False, True)}
    never = town.operation(desk, report_id, "escalate", changes, actor_id=town.people["admin"])
    assert _refused(town, desk, never)[0] is Reason.UNKNOWN_ACTOR
    gone_id = town.people["supervisor"]
    town.ask("UPDATE users SET removed_ms = 1 WHERE id = %s RETURNING id", gone_id)
    gone = town.operation(desk, report_id, "escalate", changes, actor_id=gone_id)
    assert _refused(town, desk, gone)[0] is Reason.UNKNOWN_ACTOR


def test_another_stations_record_is_unknown_and_is_not_shown(town: Town) -> None:
    wide = town.add_device()
    narrow = town.add_device(station_ids=(town.station_id,))
    theirs = town.file(wide, station_id=str(town.other_station_id))
    town.push(wide, theirs)
    edit = town.operation(narrow, theirs.entity_id, "escalate", {"escalated": (False, True)})
    outcome = _pushed(town, narrow, edit)
    assert (outcome.reason, outcome.record) == (Reason.UNKNOWN_RECORD, None)
    new = town.file(narrow, station_id=str(town.other_station_id))
    assert _refused(town, narrow, new)[0] is Reason.OUT_OF_SCOPE


def test_another_citys_record_is_unknown_and_nothing_can_be_filed_there(town: Town) -> None:
    both = town.add_device(city_ids=(town.city_id, town.other_city_id))
    here = town.add_device()
    changes = report_changes(town.other_city_id, town.other_citys_station_id)
    elsewhere = town.operation(
        both, new_id(), "file", changes, actor_id=town.people["admin"], base_version=0
    )
    (done,) = town.push(both, elsewhere)
    assert done.result is Result.APPLIED
    edit = town.operation(here, elsewhere.entity_id, "escalate", {"escalated": (False, True)})
    assert _refused(town, here, edit)[0] is Reason.UNKNOWN_RECORD
    foreign = town.operation(here, new_id(), "file", changes, base_version=0)
    assert _refused(town, here, foreign)[0] is Reason.OUT_OF_SCOPE
    not_their_city = town.operation(both, elsewhere.entity_id, "escalate", {"escalated": (0, True)})
    assert _pushed(town, both, not_their_city).reason is Reason.BAD_VALUE
    not_their_city = town.operation(
        both, elsewhere.entity_id, "escalate", {"escalated": (False, True)}
    )
    assert _refused(town, both, not_their_city) == (Reason.OUT_OF_SCOPE, "actor_id")


def test_another_tenants_record_is_unknown(town: Town) -> None:
    stranger = Town(town.database).build()
    theirs = stranger.filed(stranger.add_device())
    # Even a device row that names the other tenant's city stops at the database's own wall.
    own = town.add_device()
    desk = replace(own, city_ids=own.city_ids | {str(stranger.city_id)})
    edit = town.operation(desk, theirs, "escalate", {"escalated": (False, True)})
    (done,) = town.push(desk, edit)
    assert done.reason is Reason.UNKNOWN_RECORD
    assert stranger.row(theirs)["version"] == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [77, 11]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[77, 11], [78, 11], [78, 12], [77, 12]]]},
        {"type": "Polygon", "coordinates": [[[77, 11], [78, 11, 5], [78, 12], [77, 11]]]},
        {"type": "Polygon", "coordinates": [[[977, 11], [78, 11], [78, 12], [977, 11]]]},
        {"type": "Polygon", "coordinates": [["a", "b", "c", "a"]]},
    ],
)
def test_what_is_no_polygon_is_no_area(town: Town, geometry: object) -> None:
    desk = town.add_device()
    drawn = town.operation(
        desk,
        new_id(),
        "draw",
        {"name": (None, "Market"), "kind": (None, "geofence"), "geometry": (None, geometry)},
        entity="geofence",
        base_version=0,
    )
    assert _refused(town, desk, drawn) == (Reason.BAD_VALUE, "geometry")


def test_a_new_record_needs_its_facts(town: Town) -> None:
    desk = town.add_device()
    whole = town.file(desk)
    lacking = {name: pair for name, pair in whole.changes.items() if name != "severity"}
    assert _refused(town, desk, msgspec.structs.replace(whole, changes=lacking)) == (
        Reason.BAD_VALUE,
        "severity",
    )


def test_a_report_whose_reference_another_has_gets_one_of_its_own(town: Town) -> None:
    desk, clone = town.add_device(), town.add_device()
    first, second = town.file(desk, reference="CBE-1"), town.file(desk, reference="CBE-1")
    third = town.file(clone, reference="CBE-1")
    outcomes = [*town.push(desk, first, second), *town.push(clone, third)]
    assert [each.result for each in outcomes] == [Result.APPLIED, Result.MERGED, Result.MERGED]
    names = [f"CBE-1-{each.entity_id.hex[-4:].upper()}" for each in (second, third)]
    told = [each.record.row["reference"] for each in outcomes[1:] if each.record]
    assert told == names
    kept = town.ask("SELECT reference FROM reports WHERE city_id = %s", town.city_id)
    assert {each["reference"] for each in kept} == {"CBE-1", *names}
    again = town.push(clone, third)[0]
    assert (again.result, again.record) == (Result.MERGED, outcomes[2].record)


def test_a_rejected_operation_is_weighed_again_when_it_comes_again(town: Town) -> None:
    desk = town.add_device()
    new = town.file(desk)
    early = town.operation(desk, new.entity_id, "escalate", {"escalated": (False, True)})
    results = [town.push(desk, early)[0].reason for _ in range(3)]
    assert results == [Reason.UNKNOWN_RECORD] * 3
    town.push(desk, new)
    assert town.push(desk, early)[0].result is Result.APPLIED
    kept = town.ask("SELECT result FROM operations WHERE op_id = %s", early.op_id)
    assert sorted(str(each["result"]) for each in kept) == ["applied", "rejected"]


def test_the_same_id_with_other_content_is_altered_and_changes_nothing(town: Town) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    first = town.operation(desk, report_id, "correct", {"plate": ("TN37BZ4412", "A")})
    town.push(desk, first)
    other = msgspec.structs.replace(first, changes={"plate": ("TN37BZ4412", "B")})
    assert town.push(desk, other, first)[0].reason is Reason.ALTERED
    assert town.push(desk, first)[0].result is Result.APPLIED
    assert town.push(desk, other)[0].reason is Reason.ALTERED
    kept = town.ask("SELECT result FROM operations WHERE op_id = %s", first.op_id)
    assert len(kept) == 2
    fresh = town.operation(desk, report_id, "correct", {"plate": ("A", "C")})
    twin = msgspec.structs.replace(fresh, note="later")
    assert [each.result for each in town.push(desk, fresh, twin, fresh)] == [
        "applied",
        "rejected",
        "applied",
    ]


def test_what_belongs_to_the_whole_city_is_every_stations(town: Town) -> None:
    desk = town.add_device(station_ids=(UUID(int=1),))
    drawn = town.operation(
        desk,
        new_id(),
        "draw",
        {
            "name": (None, "Zone"),
            "kind": (None, "geofence"),
            "geometry": (
                None,
                {"type": "Polygon", "coordinates": [[[77, 11], [78, 11], [78, 12], [77, 11]]]},
            ),
        },
        entity="geofence",
        base_version=0,
    )
    (done,) = town.push(desk, drawn)
    assert done.result is Result.APPLIED


def test_what_is_nearly_the_same_is_judged_for_itself(town: Town) -> None:
    """What one action asks of many records is looked at once; another's, or 1 and true, are not."""
    desk = town.add_device()
    filed = [town.file(desk) for _ in range(6)]
    town.push(desk, *filed)
    kinds: list[tuple[object, dict[str, object]]] = [
        (True, {}),
        (1, {}),
        (1, {"actor_id": town.people["citizen"]}),
        (1, {"actor_id": uuid4()}),
        (1.0, {}),
        (1, {"device_id": uuid4()}),
    ]
    batch = [
        town.operation(desk, each.entity_id, "correct", {"severity": (2, value)}, **frame)
        for each, (value, frame) in zip(filed, kinds, strict=True)
    ]
    found = [each.reason for each in town.push(desk, *batch)]
    assert found == [
        R.BAD_VALUE,
        None,
        R.NOT_PERMITTED,
        R.UNKNOWN_ACTOR,
        R.BAD_VALUE,
        R.UNKNOWN_ACTOR,
    ]
