"""A desk that was cloned or forgotten is enrolled anew, and what it had not sent still counts."""

from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.sync.town import AT_MS, report_changes
from tests.server.world import PASSWORD, Client, Desk, Person, World, code_of, enrol_request
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import Brought, Enrolled, EnrolRequest, Replaced, SignInRequest
from trafficdesk.wire.exchange import Outcome, PushAnswer, PushRequest
from trafficdesk.wire.operations import Operation
from trafficdesk.wire.signing import replacing_bytes


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


def replacing(world: World, former: Desk, key: Ed25519PrivateKey, signer: Desk) -> EnrolRequest:
    """Return the request of a desk that was ``former``; ``signer`` says that it may be."""
    asked = enrol_request(world.token(), new_id(), key)
    signature = signer.key.sign(replacing_bytes(asked.device_id, asked.public_key))
    replaced = Replaced(device_id=former.id, signature=signature)
    return msgspec.structs.replace(asked, replaces=replaced)


def enrolled_anew(world: World, former: Desk) -> Desk:
    key = Ed25519PrivateKey.generate()
    asked = replacing(world, former, key, former)
    answer = world.client().post("/devices/enrol", asked)
    assert answer.status_code == 200, answer.text
    enrolled = msgspec.json.decode(answer.content, type=Enrolled)
    return Desk(enrolled.device_id, key, enrolled, enrolled.turn)


def filing(world: World, device_id: UUID, actor: Person) -> Operation:
    return Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity="report",
        entity_id=new_id(),
        action="file",
        base_version=0,
        revision=1,
        changes=report_changes(world.city_id, world.station_id),
        note="",
        actor_id=actor.id,
        device_id=device_id,
        at_ms=AT_MS,
    )


def push(client: Client, *operations: Operation) -> list[Outcome]:
    answer = client.post("/sync/push", PushRequest(protocol=1, operations=list(operations)))
    assert answer.ok, answer.text
    told = msgspec.json.decode(answer.content, type=PushAnswer)
    assert client.desk is not None
    client.desk.turn = told.turn
    return told.outcomes


def test_what_the_former_self_wrote_is_taken_once_from_either(world: World) -> None:
    person, other = world.person(), world.person()
    former = world.enrol()
    first = world.sign_in(person, former)
    both, own = filing(world, former.id, person), filing(world, former.id, person)
    push(first, both)
    anew = enrolled_anew(world, former)
    client = world.sign_in(other, anew)  # the actor of what waits need not sign in again
    outcomes = push(client, both, own, filing(world, anew.id, other))
    assert [str(each.result) for each in outcomes] == ["applied"] * 3
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        rows = connection.execute(
            "SELECT device_id FROM events WHERE city_id = %s AND entity = 'report' ORDER BY seq",
            [world.city_id],
        ).fetchall()
    assert [row["device_id"] for row in rows] == [former.id, anew.id, anew.id]
    push(first, filing(world, former.id, person))  # whose copy it was goes on


def test_a_receipt_holds_what_the_former_self_had_sent(world: World) -> None:
    person, former = world.person(), world.enrol()
    sent = filing(world, former.id, person)
    push(world.sign_in(person, former), sent)
    anew = world.sign_in(person, enrolled_anew(world, enrolled_anew(world, former)))
    held = anew.post("/sync/receipt", {"op_ids": [str(sent.op_id)]}).json()["statement"]
    assert [each["op_id"] for each in held["operations"]] == [str(sent.op_id)]


def test_nobody_takes_another_desks_place_without_its_key(world: World) -> None:
    former, thief = world.enrol(), world.enrol()
    asked = replacing(world, former, Ed25519PrivateKey.generate(), thief)
    assert code_of(world.client().post("/devices/enrol", asked)) == "not_permitted"
    mute = msgspec.structs.replace(asked, replaces=Replaced(device_id=former.id, signature=b""))
    assert code_of(world.client().post("/devices/enrol", mute)) == "not_permitted"
    plain = msgspec.structs.replace(asked, replaces=msgspec.UNSET)
    assert world.client().post("/devices/enrol", plain).ok  # the token stayed good
    person = world.person()
    unlinked = filing(world, former.id, person)
    (refused,) = push(world.sign_in(person, thief), unlinked)
    assert (str(refused.reason), refused.detail) == ("unknown_actor", "device_id")


def test_a_signature_counts_for_one_key_alone(world: World) -> None:
    former = world.enrol()
    asked = replacing(world, former, Ed25519PrivateKey.generate(), former)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    stolen = msgspec.structs.replace(asked, public_key=other)
    assert code_of(world.client().post("/devices/enrol", stolen)) == "not_permitted"


def test_a_revoked_desk_or_one_of_another_agency_is_not_replaced(world: World) -> None:
    former, elsewhere = world.enrol(), World(world.live).enrol()
    admin = world.sign_in(world.person(Role.ADMIN))
    assert admin.delete(f"/devices/{former.id}").status_code == 204
    for each in (former, elsewhere):
        asked = replacing(world, each, Ed25519PrivateKey.generate(), each)
        assert code_of(world.client().post("/devices/enrol", asked)) == "not_permitted"


def test_a_desk_the_server_has_forgotten_keeps_its_work(world: World) -> None:
    """The server was restored to a day before the desk was enrolled."""
    forgotten = Desk(new_id(), Ed25519PrivateKey.generate(), world.enrol().enrolled, "")
    person = world.person()
    client = world.sign_in(person, enrolled_anew(world, forgotten))
    (outcome,) = push(client, filing(world, forgotten.id, person))
    assert str(outcome.result) == "applied"


def test_a_wrong_password_does_not_spend_the_token(world: World) -> None:
    person, key = world.person(), Ed25519PrivateKey.generate()
    asked = enrol_request(world.token(), new_id(), key)
    wrong = SignInRequest(login=person.login, password="not-the-password-1")
    right = SignInRequest(login=person.login, password=PASSWORD)
    with_wrong = msgspec.structs.replace(asked, sign_in=wrong)
    for _ in range(2):
        refused = world.client().post("/devices/enrol", with_wrong)
        assert code_of(refused) == "sign_in_needed"
    other = msgspec.structs.replace(asked, device_id=new_id(), sign_in=right)
    assert world.client().post("/devices/enrol", other).ok


def test_a_token_that_is_none_proves_no_password(world: World) -> None:
    person = world.person()
    asked = enrol_request("AAAA-BBBB", new_id(), Ed25519PrivateKey.generate())
    for password in (PASSWORD, "not-the-password-1"):
        sign_in = SignInRequest(login=person.login, password=password)
        refused = world.client().post(
            "/devices/enrol", msgspec.structs.replace(asked, sign_in=sign_in)
        )
        assert code_of(refused) == "not_permitted"


def test_passwords_tried_with_a_good_token_are_counted_as_anywhere(world: World) -> None:
    person = world.person()
    asked = enrol_request(world.token(), new_id(), Ed25519PrivateKey.generate())
    wrong = SignInRequest(login=person.login, password="not-the-password-1")
    told = [
        code_of(
            world.client().post("/devices/enrol", msgspec.structs.replace(asked, sign_in=wrong))
        )
        for _ in range(6)
    ]
    assert told == ["sign_in_needed"] * 5 + ["too_many_requests"]


def test_whom_a_desk_brings_becomes_a_user_and_nobody_else_is_vouched_for(world: World) -> None:
    admin, stranger, new_one = world.person(Role.ADMIN), world.person(), new_id()
    key = Ed25519PrivateKey.generate()
    words = {"initials": "LM", "rank": "", "role": "officer"}
    asked = msgspec.structs.replace(
        enrol_request(world.token(), new_id(), key),
        sign_in=SignInRequest(login=admin.login, password=PASSWORD),
        officers=[
            Brought(id=new_one, name="Latha M", **words),
            Brought(id=stranger.id, name="Somebody Else", **words),
        ],
    )
    answer = world.client().post("/devices/enrol", asked)
    enrolled = msgspec.json.decode(answer.content, type=Enrolled)
    assert enrolled.logins == {str(new_one): "latha.m", str(stranger.id): stranger.login}
    assert world.client().post("/devices/enrol", asked).json() == answer.json()
    client = world.sign_in(admin, Desk(asked.device_id, key, enrolled, enrolled.turn))
    latha = Person(new_one, "latha.m", Role.OFFICER)
    outcomes = push(
        client, filing(world, asked.device_id, latha), filing(world, asked.device_id, stranger)
    )
    assert [str(each.reason or each.result) for each in outcomes] == ["applied", "unknown_actor"]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER])
def test_only_who_manages_officers_vouches_for_others(world: World, role: Role) -> None:
    person, key = world.person(role), Ed25519PrivateKey.generate()
    brought = Brought(id=new_id(), name="Latha M", initials="LM", rank="", role="officer")
    asked = msgspec.structs.replace(enrol_request(world.token(), new_id(), key), officers=[brought])
    signed = SignInRequest(login=person.login, password=PASSWORD)
    for each in (asked, msgspec.structs.replace(asked, sign_in=signed)):
        refused = world.client().post("/devices/enrol", each)
        assert (code_of(refused), refused.json()["detail"]) == ("not_permitted", "needs_manager")
    alone = msgspec.structs.replace(asked, officers=msgspec.UNSET)
    assert world.client().post("/devices/enrol", alone).ok


@pytest.mark.parametrize("wrong", [{"name": " "}, {"initials": ""}, {"role": "citizen"}])
def test_an_officer_who_can_be_none_is_not_brought(world: World, wrong: dict[str, str]) -> None:
    admin = world.person(Role.ADMIN)
    words = {"name": "Latha M", "initials": "LM", "rank": "", "role": "officer"} | wrong
    asked = msgspec.structs.replace(
        enrol_request(world.token(), new_id(), Ed25519PrivateKey.generate()),
        sign_in=SignInRequest(login=admin.login, password=PASSWORD),
        officers=[Brought(id=new_id(), **words)],
    )
    assert code_of(world.client().post("/devices/enrol", asked)) == "bad_request"
