"""People sign in, stay signed in for a week, and are locked out after five wrong passwords."""

import msgspec
import pytest

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import PASSWORD, Client, Desk, World, code_of
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import RefreshRequest, SignInRequest, Tokens

A_LITTLE_S = 30.0


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


def try_password(world: World, login: str, password: str) -> int:
    asked = SignInRequest(login=login, password=password)
    return world.client().post("/auth/sign-in", asked).status_code


def change(world: World, query: str, *values: object) -> None:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(query.encode(), values)


def actions(world: World) -> list[str]:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "SELECT action FROM audit WHERE chain = %s ORDER BY seq"
        return [row["action"] for row in connection.execute(query, [world.tenant_id])]


def refresh(world: World, token: str, desk: Desk | None = None) -> Tokens | str:
    """Return the next tokens, or the code of the problem."""
    client = Client(world.live.url, desk=desk)
    answer = client.post("/auth/refresh", RefreshRequest(refresh_token=token))
    if answer.status_code != 200:
        return code_of(answer)
    tokens = msgspec.json.decode(answer.content, type=Tokens)
    # What is left of the access token is the one thing that differs in a repeated answer.
    return msgspec.structs.replace(tokens, access_lasts_s=0)


def works(world: World, tokens: Tokens, desk: Desk | None = None) -> bool:
    return Client(world.live.url, tokens.access_token, desk).get("/auth/sessions").ok


def test_who_signs_in_can_act_and_is_told_who_they_are(world: World) -> None:
    person = world.person(Role.SUPERVISOR)
    tokens = world.tokens(person)
    assert works(world, tokens)
    assert (tokens.user.id, tokens.user.role) == (person.id, "supervisor")
    assert 0 <= 15 * 60 - tokens.access_lasts_s <= A_LITTLE_S
    for days, ends_ms in ((7, tokens.refresh_expires_ms), (15 / 1440, tokens.access_expires_ms)):
        lasts_s = ends_ms / 1000 - utc_now().timestamp()
        assert 0 <= days * 86_400 - lasts_s <= A_LITTLE_S


def test_a_refresh_begins_the_seven_days_anew(world: World) -> None:
    desk, person = world.enrol(), world.person()
    first = world.tokens(person, desk)
    query = "UPDATE sessions SET expires_at = now() + interval '1 day' WHERE user_id = %s"
    change(world, query, person.id)
    second = refresh(world, first.refresh_token, desk)
    assert isinstance(second, Tokens)
    assert second.refresh_expires_ms >= first.refresh_expires_ms


def test_a_login_is_found_whatever_its_case_and_letters_whatever_their_form(world: World) -> None:
    person = world.person()
    assert try_password(world, person.login.upper(), PASSWORD) == 200


@pytest.mark.parametrize("known", [True, False])
def test_the_sixth_try_after_five_wrong_ones_is_refused_known_or_not(
    world: World, *, known: bool
) -> None:
    login = world.person().login if known else f"nobody-{world.tenant_id}"
    assert [try_password(world, login, "wrong-password") for _ in range(6)] == [401] * 5 + [429]
    assert try_password(world, login, PASSWORD) == 429


def test_a_lock_out_ends_by_itself_and_the_next_one_is_twice_as_long(world: World) -> None:
    login = world.person().login
    for _ in range(5):
        try_password(world, login, "wrong-password")
    change(world, "UPDATE sign_in_tries SET locked_until = now()")
    for _ in range(5):
        assert try_password(world, login, "wrong-password") == 401
    asked = SignInRequest(login=login, password=PASSWORD)
    answer = world.client().post("/auth/sign-in", asked)
    assert answer.status_code == 429
    assert 19 * 60 < int(answer.headers["Retry-After"]) <= 20 * 60


def test_the_right_password_at_the_fifth_try_forgets_the_wrong_ones(world: World) -> None:
    login = world.person().login
    for _ in range(2):
        for _ in range(4):
            assert try_password(world, login, "wrong-password") == 401
        assert try_password(world, login, PASSWORD) == 200


def test_a_supervisor_ends_a_lock_out(world: World) -> None:
    person = world.person()
    for _ in range(5):
        try_password(world, person.login, "wrong-password")
    supervisor = world.sign_in(world.person(Role.SUPERVISOR))
    assert supervisor.post(f"/users/{person.id}/unlock").status_code == 204
    assert try_password(world, person.login, PASSWORD) == 200
    assert actions(world)[-3:] == ["session.started", "user.unlocked", "session.started"]


def test_a_removed_user_neither_signs_in_nor_goes_on(world: World) -> None:
    person, admin = world.person(), world.sign_in(world.person(Role.ADMIN))
    tokens = world.tokens(person)
    assert admin.delete(f"/users/{person.id}").status_code == 204
    assert not works(world, tokens)
    assert refresh(world, tokens.refresh_token) == "sign_in_needed"
    assert try_password(world, person.login, PASSWORD) == 401


def test_a_login_of_two_tenants_needs_a_device(world: World, live: Live) -> None:
    other, person = World(live), world.person()
    twin = other.person()
    change(world, "UPDATE users SET login = %s WHERE id = %s", person.login, twin.id)
    assert try_password(world, person.login, PASSWORD) == 401
    assert world.tokens(person, world.enrol()).user.id == person.id
    assert other.tokens(person, other.enrol()).user.id == twin.id


def test_who_signs_in_on_a_device_becomes_its_user(world: World) -> None:
    desk, person = world.enrol(), world.person()
    world.tokens(person, desk)
    world.tokens(person, desk)
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "SELECT user_id FROM device_users WHERE device_id = %s"
        found = connection.execute(query, [desk.id]).fetchall()
    assert [row["user_id"] for row in found] == [person.id]


def test_a_refresh_token_is_changed_at_every_use(world: World) -> None:
    desk = world.enrol()
    first = world.tokens(world.person(), desk)
    second = refresh(world, first.refresh_token, desk)
    assert isinstance(second, Tokens)
    third = refresh(world, second.refresh_token, desk)
    assert isinstance(third, Tokens)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert works(world, third, desk)


def test_the_last_rotation_repeated_by_the_same_device_is_answered_the_same(world: World) -> None:
    desk = world.enrol()
    first = world.tokens(world.person(), desk)
    second = refresh(world, first.refresh_token, desk)
    assert refresh(world, first.refresh_token, desk) == second
    assert refresh(world, first.refresh_token, desk) == second
    assert isinstance(second, Tokens)
    assert isinstance(refresh(world, second.refresh_token, desk), Tokens)


def test_an_older_refresh_token_ends_the_whole_family(world: World) -> None:
    desk = world.enrol()
    first = world.tokens(world.person(), desk)
    second = refresh(world, first.refresh_token, desk)
    assert isinstance(second, Tokens)
    third = refresh(world, second.refresh_token, desk)
    assert isinstance(third, Tokens)
    assert refresh(world, first.refresh_token, desk) == "sign_in_needed"
    assert refresh(world, third.refresh_token, desk) == "sign_in_needed"
    assert not works(world, third, desk)
    assert actions(world)[-1] == "session.token_reused"


def test_a_refresh_token_used_elsewhere_ends_the_family(world: World) -> None:
    desk, other = world.enrol(), world.enrol()
    for thief in (None, other):
        tokens = world.tokens(world.person(), desk)
        assert refresh(world, tokens.refresh_token, thief) == "sign_in_needed"
        assert refresh(world, tokens.refresh_token, desk) == "sign_in_needed"


def test_without_a_device_a_used_refresh_token_ends_the_family(world: World) -> None:
    first = world.tokens(world.person())
    assert isinstance(refresh(world, first.refresh_token), Tokens)
    assert refresh(world, first.refresh_token) == "sign_in_needed"


@pytest.mark.parametrize("damage", ["", "x", "AAAA", "ä", "flip", "swap"])
def test_a_damaged_refresh_token_is_none(world: World, damage: str) -> None:
    token = world.tokens(world.person()).refresh_token
    other = world.tokens(world.person()).refresh_token
    flipped = ("B" if token[30] == "A" else "A").join((token[:30], token[31:]))
    damaged = {"flip": flipped, "swap": other[:20] + token[20:]}.get(damage, damage)
    assert refresh(world, damaged) == "sign_in_needed"


def test_a_session_ends_after_seven_days_without_a_refresh(world: World) -> None:
    person = world.person()
    tokens = world.tokens(person)
    change(world, "UPDATE sessions SET expires_at = now() WHERE user_id = %s", person.id)
    assert refresh(world, tokens.refresh_token) == "sign_in_needed"
    assert not works(world, tokens)


def test_sessions_are_listed_and_revoked(world: World) -> None:
    person, desk = world.person(), world.enrol()
    here, there = world.sign_in(person), world.sign_in(person, desk)
    listed = here.get("/auth/sessions").json()
    assert [session["device_name"] for session in listed] == ["Gandhipuram front desk", ""]
    assert here.delete(f"/auth/sessions/{listed[0]['id']}").status_code == 204
    assert code_of(there.get("/auth/sessions")) == "sign_in_needed"
    assert here.post("/auth/sign-out").status_code == 204
    assert code_of(here.get("/auth/sessions")) == "sign_in_needed"


def test_nobody_revokes_anothers_session_but_who_manages_officers(world: World) -> None:
    person = world.person()
    theirs = world.sign_in(person)
    session_id = theirs.get("/auth/sessions").json()[0]["id"]
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER):
        answer = world.sign_in(world.person(role)).delete(f"/auth/sessions/{session_id}")
        assert code_of(answer) == "not_permitted"
    admin = world.sign_in(world.person(Role.ADMIN))
    assert admin.delete(f"/auth/sessions/{session_id}").status_code == 204
    assert not theirs.get("/auth/sessions").ok


def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    person = world.person()
    here, there = world.sign_in(person), world.sign_in(person)
    asked = {"password": "another-password-1", "present": PASSWORD}
    assert here.post(f"/users/{person.id}/password", asked).status_code == 204
    assert here.get("/auth/sessions").ok
    assert not there.get("/auth/sessions").ok
    assert try_password(world, person.login, PASSWORD) == 401
    assert try_password(world, person.login, "another-password-1") == 200


@pytest.mark.parametrize("on_a_desk", [True, False])
def test_a_stolen_session_changes_no_password(world: World, *, on_a_desk: bool) -> None:
    person = world.person()
    thief = world.sign_in(person, world.enrol() if on_a_desk else None)
    for present in ({}, {"present": ""}, {"present": "wrong-password"}):
        asked = {"password": "another-password-1", **present}
        assert code_of(thief.post(f"/users/{person.id}/password", asked)) == "not_permitted"
    assert thief.get("/auth/sessions").ok
    guesses = [thief.post(f"/users/{person.id}/password", asked) for _ in range(3)]
    assert code_of(guesses[-1]) == "too_many_requests"
    assert try_password(world, person.login, PASSWORD) == 200


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "Meena Karthik"])
def test_a_poor_password_is_not_taken(world: World, password: str) -> None:
    person = world.person(name="Meena Karthik")
    asked = {"password": password, "present": PASSWORD}
    answer = world.sign_in(person).post(f"/users/{person.id}/password", asked)
    assert code_of(answer) == "bad_request"


def test_no_password_or_token_lies_in_the_database(world: World) -> None:
    desk, person = world.enrol(), world.person()
    tokens = world.tokens(person, desk)
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        kept = ""
        for table in ("users", "sessions", "devices", "enrol_tokens", "audit"):
            kept += str(connection.execute(f"SELECT * FROM {table}".encode()).fetchall())
    assert PASSWORD not in kept
    assert tokens.refresh_token not in kept
    assert tokens.access_token not in kept
