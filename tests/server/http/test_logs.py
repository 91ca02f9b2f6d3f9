"""Logs are JSON, one object a line, under the request's id, and say nothing about persons."""

import io
import json
import logging
import socket
import time
from pathlib import Path

import pytest
import requests
from websockets.sync.client import connect

from sync_server import app
from sync_server.incidents.escalating import Escalation
from sync_server.logs import logger
from sync_server.server import Server
from tests.server.live import Live, running, settings_for
from tests.server.world import PASSWORD, World
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import SignInRequest
from trafficdesk.wire.live import LIVE

ANSWERED = "request_answered"


def told(lines: io.StringIO, event: str, count: int = 1) -> list[dict[str, object]]:
    """Return the lines of an event; a request's own line follows its answer."""
    deadline_s = time.monotonic() + 10
    while True:
        found = [json.loads(line) for line in lines.getvalue().splitlines()]
        if len(of_event := [line for line in found if line["event"] == event]) >= count:
            return of_event
        assert time.monotonic() < deadline_s, found
        time.sleep(0.005)


def test_a_request_leaves_one_line_under_its_id(live: Live, lines: io.StringIO) -> None:
    answer = requests.get(f"{live.url}/health", timeout=10)
    own = answer.headers["X-Request-Id"]
    while not (found := [one for one in told(lines, ANSWERED) if one["request_id"] == own]):
        time.sleep(0.005)
    assert [(one["route"], one["status"]) for one in found] == [("/health", 200)]


def test_no_log_line_tells_of_a_person(live: Live, lines: io.StringIO) -> None:
    world = World(live)
    person = world.person(Role.ADMIN, name="Thenmozhi Ilango")
    desk = world.enrol()
    client = world.sign_in(person, desk)
    wrong = SignInRequest(login=person.login, password="a-wrong-password")
    world.client().post("/auth/sign-in", wrong)
    client.get("/users")
    client.get(f"/users/{person.id}/sessions")
    twin = {"login": person.login, "password": PASSWORD, "name": "Thenmozhi Ilango"}
    more = {"initials": "TI", "rank": "SI", "role": "officer"}
    client.post("/users", {**twin, **more, "station_id": str(world.station_id)})
    told(lines, ANSWERED, 6)
    written = lines.getvalue()
    private = ("Thenmozhi", person.login, PASSWORD, "wrong-password", client.token, "127.0.0.1")
    for secret in (*private, str(person.id), desk.turn):
        assert secret not in written


def test_a_fault_is_told_by_type_and_place_never_by_its_words(
    live: Live, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bytes:
        raise LookupError("TN 38 AB 1234")

    monkeypatch.setattr(live.server.metrics, "page", fail)
    requests.get(f"{live.url}/metrics", timeout=10)
    (line,) = told(lines, "request_failed")
    assert line["error"] == "LookupError"
    assert "fail" in str(line["at"])
    assert "1234" not in lines.getvalue()


def test_a_library_is_heard_without_what_it_filled_in(lines: io.StringIO) -> None:
    logging.getLogger("psycopg.pool").warning("error connecting: %s", "password=hunter2")
    (line,) = told(lines, "library_warned")
    assert (line["library"], line["pattern"]) == ("psycopg.pool", "error connecting: %s")
    assert "hunter2" not in lines.getvalue()


def test_debug_lines_stay_out_unless_wished(lines: io.StringIO) -> None:
    logger().debug("thought_about")
    assert "thought_about" not in lines.getvalue()


def test_a_desk_that_goes_without_a_word_is_no_failure(
    database_url: str, tmp_path: Path, lines: io.StringIO
) -> None:
    with running(settings_for(database_url, tmp_path)) as live:
        client = World(live).desk_of()
        assert client.desk is not None
        signed = client.desk.signed("GET", LIVE, b"")
        headers = {"Authorization": f"Bearer {client.token}"} | signed
        address = client.url.replace("http", "ws", 1) + LIVE
        with connect(address, additional_headers=headers) as listening:
            listening.socket.shutdown(socket.SHUT_RDWR)
    assert told(lines, ANSWERED)
    assert "request_failed" not in lines.getvalue()


def test_work_that_ends_by_a_fault_is_told_and_the_server_still_ends_in_order(
    database_url: str, tmp_path: Path, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Escalation):
        """Escalation of this server alone: a class patched breaks the shared server's as well."""

        def __init__(self, server: Server) -> None:
            super().__init__(server, every_s=0.01)

        def once(self) -> None:
            raise ZeroDivisionError

    monkeypatch.setattr(app, "Escalation", Broken)
    with running(settings_for(database_url, tmp_path)) as started:
        (ended,) = told(lines, "work_ended")
        assert (ended["job"], ended["error"]) == ("broken", "ZeroDivisionError")
        assert requests.get(f"{started.url}/health", timeout=10).status_code == 503
    assert started.server.database.pool.closed
