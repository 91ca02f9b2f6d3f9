"""A desk may push whatever it likes: each operation is answered, and nothing of others changes.

Longer: ``TRAFFICDESK_EXAMPLES=2000 ./test tests/server/security/test_hostile_pushes.py``.
"""

import os
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync_server.db.engine import Crossing
from tests.server.dispatching import desk_in
from tests.server.live import Live
from tests.server.sync.town import report_changes
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity, GeofenceKind, Role
from trafficdesk.wire.fields import FIELDS

EXAMPLES = int(os.environ.get("TRAFFICDESK_EXAMPLES", "60"))
INJECTIONS = [
    "'; DROP TABLE reports; --",
    "$$; SELECT pg_sleep(9); $$",
    "%s %(tenant)s {} \\",
    '"}]; DELETE FROM users; --',
    "../../../../etc/passwd",
    "\x00\x1b[2J",
    "{{7*7}}${7*7}<script>alert(1)</script>",
    "\u202e\ufffe\U0010ffff",
    "e\u0301" * 300,
]
ACTIONS = [str(move) for move in Move]
ACTIONS += ["file", "import", "issue", "draw", "rename", "reshape", "remove", "cancel"]
ACTIONS += ["assign", "correct", "settle", "escalate", "call_for_help", "verify", "acknowledge"]
ACTIONS += ["clear", "absorb", "merge", "dispatch", "arrive", "finish", "withdraw", "move"]
ACTIONS += ["enlist", "edit", "set_duty", "send", "free", "check_in", "retire"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 2**31, 2**53 + 1, -(2**63), 2**64 - 1]),
    st.sampled_from([0.0, -0.0, 1e308, -1e-308, 179.9999]),
    st.sampled_from(INJECTIONS),
    st.text(max_size=8),
    st.uuids().map(str),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
FIELD_NAMES = sorted({name for fields in FIELDS.values() for name in fields})


class Attacker:
    """A supervisor of one city at a desk, with what there is to aim at, its own and others'."""

    def __init__(self, live: Live) -> None:
        self.world, other = World(live), World(live)
        person = self.world.person(Role.SUPERVISOR)
        self.client: Client = self.world.sign_in(person, self.world.enrol())
        assert self.client.desk is not None
        self.frame = {"actor_id": str(person.id), "device_id": str(self.client.desk.id)}
        own, theirs = new_id(), new_id()
        for world, report_id in ((self.world, own), (other, theirs)):
            self.file(world, report_id)
        self.other = other
        self.ids = [own, theirs, person.id, other.person().id, self.world.station_id]
        self.ids += [other.station_id, self.world.city_id, other.city_id]
        for desk in (desk_in(self.world), desk_in(other)):
            sent = desk.make("unit"), desk.make("incident")
            self.ids += [*sent, desk.send(*sent)]

    def file(self, world: World, report_id: UUID) -> None:
        client, person = self.client, self.frame
        if world is not self.world:
            signed_in = world.person()
            client = world.sign_in(signed_in, world.enrol())
            assert client.desk is not None
            person = {"actor_id": str(signed_in.id), "device_id": str(client.desk.id)}
        changes = report_changes(world.city_id, world.station_id)
        operation = operation_of("report", str(report_id), "file", changes) | person
        assert outcomes(client, [operation])[0]["result"] == "applied"

    def operations(self) -> st.SearchStrategy[dict[str, object]]:
        """Return operations right in their frame, wrong in anything else."""
        known = st.sampled_from([str(each) for each in self.ids])
        value = VALUES | known
        return st.builds(
            lambda *parts: operation_of(*parts) | self.frame,
            st.sampled_from([str(entity) for entity in Entity]) | st.text(max_size=8),
            known | st.uuids().map(str),
            st.sampled_from(ACTIONS + [f"undo_{each}" for each in ACTIONS]) | st.text(max_size=8),
            st.dictionaries(
                st.sampled_from(FIELD_NAMES) | st.text(max_size=5),
                st.tuples(value, value),
                max_size=5,
            ),
            st.sampled_from(["", *INJECTIONS]),
            st.sampled_from([0, 1, -1, 2**31, 2**62]),
        )

    def rows(self) -> list[str]:
        """Return what no push of this desk may change: its people and places, and others' all."""
        with self.world.live.server.database.crossing(Crossing.JOB) as connection:
            return [
                str(connection.execute(query.encode(), [of]).fetchall())
                for query, of in (
                    ("SELECT * FROM users WHERE tenant_id = %s ORDER BY id", self.tenant),
                    ("SELECT * FROM stations WHERE tenant_id = %s ORDER BY id", self.tenant),
                    ("SELECT * FROM cities WHERE tenant_id = %s", self.tenant),
                    ("SELECT * FROM users WHERE tenant_id = %s ORDER BY id", self.theirs),
                    ("SELECT * FROM reports WHERE tenant_id = %s ORDER BY id", self.theirs),
                    ("SELECT * FROM incidents WHERE tenant_id = %s ORDER BY id", self.theirs),
                    ("SELECT * FROM units WHERE tenant_id = %s ORDER BY id", self.theirs),
                    ("SELECT * FROM assignments WHERE tenant_id = %s ORDER BY id", self.theirs),
                    ("SELECT * FROM events WHERE tenant_id = %s ORDER BY seq", self.theirs),
                )
            ]

    @property
    def tenant(self) -> UUID:
        return self.world.tenant_id

    @property
    def theirs(self) -> UUID:
        return self.other.tenant_id


def operation_of(
    entity: str,
    entity_id: str,
    action: str,
    changes: object,
    note: str = "",
    version: int = 0,
) -> dict[str, object]:
    return {
        "op_id": str(new_id()),
        "action_id": str(new_id()),
        "entity": entity,
        "entity_id": entity_id,
        "action": action,
        "base_version": version,
        "revision": 1,
        "changes": changes,
        "note": note,
        "at_ms": version,
    }


def outcomes(client: Client, operations: list[dict[str, object]]) -> list[dict[str, Any]]:
    assert client.desk is not None
    answer = client.post("/sync/push", {"protocol": 1, "operations": operations})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    client.desk.turn = told["turn"]
    found: list[dict[str, Any]] = told["outcomes"]
    return found


@pytest.fixture(scope="module")
def attacker(live: Live) -> Attacker:
    return Attacker(live)


def test_every_operation_is_answered_and_nothing_of_others_moves(attacker: Attacker) -> None:
    before = attacker.rows()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES < 100,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(batch=st.lists(attacker.operations(), min_size=1, max_size=5))
    def push(batch: list[dict[str, object]]) -> None:
        told = outcomes(attacker.client, batch)
        assert [each["op_id"] for each in told] == [each["op_id"] for each in batch]

    push()
    assert attacker.rows() == before


@pytest.mark.parametrize(
    ("action", "changes", "field"),
    [
        ("approve", {"status": ("pending", "approved")}, "reviewer_id"),
        ("reject", {"status": ("pending", "rejected")}, "reviewer_id"),
        ("claim", {"status": ("pending", "under_review")}, "assignee_id"),
    ],
)
def test_nobody_decides_or_claims_in_anothers_name(
    attacker: Attacker, action: str, changes: dict[str, object], field: str
) -> None:
    report_id = new_id()
    attacker.file(attacker.world, report_id)
    told = []
    for name in (str(attacker.world.person().id), attacker.frame["actor_id"]):
        step = operation_of("report", str(report_id), action, {**changes, field: (None, name)})
        told += outcomes(attacker.client, [step | attacker.frame])
    assert (told[0]["reason"], told[0]["detail"]) == ("not_permitted", field)
    assert told[1]["result"] == "applied"


RING = [[76.9, 11.0], [77.0, 11.0], [77.0, 11.1], [76.9, 11.0]]
POLYGON: dict[str, object] = {"type": "Polygon", "coordinates": [RING]}
MERCATOR = {"type": "name", "properties": {"name": "EPSG:3857"}}


@pytest.mark.parametrize(
    "geometry",
    [
        {**POLYGON, "coordinates": [[[*place, 5.0] for place in RING]]},
        {**POLYGON, "crs": MERCATOR},
        {"Type": "Point", **POLYGON},
        {"COORDINATES": 7, **POLYGON},
        {**POLYGON, "bbox": [1, 2]},
    ],
)
def test_an_area_that_only_the_database_understands_is_set_aside(
    attacker: Attacker, geometry: object
) -> None:
    """What is beside it in the batch goes in."""
    city_id = str(attacker.world.city_id)
    drawn = [
        operation_of(
            "geofence",
            str(new_id()),
            "draw",
            {
                "city_id": (None, city_id),
                "name": (None, "Market"),
                "kind": (None, str(GeofenceKind.GEOFENCE)),
                "geometry": (None, shape),
            },
        )
        | attacker.frame
        for shape in (geometry, POLYGON)
    ]
    told = outcomes(attacker.client, drawn)
    assert [each["result"] for each in told] == ["rejected", "applied"]
    assert (told[0]["reason"], told[0]["detail"]) == ("bad_value", "geometry")


@pytest.mark.parametrize(
    ("values", "detail"),
    [
        ({"reference": "".join(map(chr, range(1, 4000)))}, "reference"),
        ({"violations": ["x" * 20_000] * 14}, "size"),
    ],
)
def test_what_no_index_or_page_holds_is_set_aside(
    attacker: Attacker, values: dict[str, object], detail: str
) -> None:
    world = attacker.world
    changes = report_changes(world.city_id, world.station_id, **values)
    filed = operation_of("report", str(new_id()), "file", changes) | attacker.frame
    (told,) = outcomes(attacker.client, [filed])
    assert (told["reason"], told["detail"]) == ("bad_value", detail)


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_is_kept_as_it_is_or_refused(attacker: Attacker, text: str) -> None:
    """In every field of a report that takes text."""
    world = attacker.world
    for name in ("description", "address", "area", "plate", "vehicle_text", "decision_note"):
        report_id = str(new_id())
        changes = report_changes(world.city_id, world.station_id, **{name: text})
        operation = operation_of("report", report_id, "file", changes) | attacker.frame
        (told,) = outcomes(attacker.client, [operation])
        if "\x00" in text:
            assert (told["reason"], told["detail"]) == ("bad_value", name)
            continue
        assert told["result"] == "applied", told
        with world.live.server.database.crossing(Crossing.JOB) as connection:
            query = f"SELECT {name} AS kept FROM reports WHERE id = %s"
            found = connection.execute(query.encode(), [report_id]).fetchone()
        assert found is not None
        assert found["kept"] == text
