"""Every answer carries its id and its guards; every failure is a problem with a stable code."""

import re
from pathlib import Path

import pytest
import requests

from sync_server.http.errors import STATUS
from tests.server.live import Live
from tests.server.world import API, World
from trafficdesk import wire
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.codes import OF_FILES, Code

PROTOCOL = Path(wire.__path__[0], "PROTOCOL.md").read_text("utf-8")


def test_the_protocol_lists_every_code_with_its_status() -> None:
    sync, files = PROTOCOL.partition("## Errors")[2].split("Requests of photos", 1)
    listed = re.compile(r"^\| `(\w+)` \| (\d+) \|", re.MULTILINE)
    told = {code: int(status) for code, status in listed.findall(sync + files)}
    assert told == {str(code): STATUS[code] for code in Code}
    assert {code for code, _ in listed.findall(files)} == set(OF_FILES)


@pytest.mark.parametrize("path", ["/health", f"{API}/audit", "/nothing"])
def test_every_answer_carries_an_id_and_its_guards(live: Live, path: str) -> None:
    headers = requests.get(live.url + path, timeout=10).headers
    assert len(headers["X-Request-Id"]) == 32
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Server" not in headers


def test_a_callers_request_id_is_kept_if_it_is_one(live: Live) -> None:
    for given, kept in (("desk-0123456789", True), ("short", False), ("a b\tc<script>", False)):
        answer = requests.get(f"{live.url}/health", headers={"X-Request-Id": given}, timeout=10)
        assert (answer.headers["X-Request-Id"] == given) is kept


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nothing", "not_found"),
        ("PUT", "/health", "not_allowed"),
        ("GET", f"{API}/audit", "sign_in_needed"),
        ("DELETE", f"{API}/devices/no-id", "sign_in_needed"),
    ],
)
def test_every_failure_is_a_problem(live: Live, method: str, path: str, code: str) -> None:
    answer = requests.request(method, live.url + path, timeout=10)
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["status"]) == (code, answer.status_code)
    assert told["title"]


def test_a_parameter_that_makes_no_sense_is_named(live: Live) -> None:
    world = World(live)
    admin = world.sign_in(world.person(Role.ADMIN))
    for answer in (admin.delete("/devices/no-id"), admin.get("/audit?limit=0")):
        assert answer.json()["code"] == "bad_request"
        assert answer.json()["detail"].startswith("Not understood: ")


def test_a_bug_is_a_fault_that_tells_nothing(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bytes:
        raise LookupError("TN 38 AB 1234")

    monkeypatch.setattr(live.server.metrics, "page", fail)
    answer = requests.get(f"{live.url}/metrics", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "1234" not in answer.text
    assert requests.get(f"{live.url}/health", timeout=10).ok


def test_the_document_of_all_addresses_is_offered(live: Live) -> None:
    document = requests.get(f"{live.url}{API}/openapi.json", timeout=10).json()
    body = document["paths"][f"{API}/auth/sign-in"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert set(schema["required"]) == {"login", "password"}
