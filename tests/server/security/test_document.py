"""Whatever the document of all addresses allows is answered as it says, and never with a fault.

Longer: ``TRAFFICDESK_EXAMPLES=2000 ./test tests/server/security/test_document.py``.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync_server.accounts.service.tokens import read_access
from tests.server.dispatching import desk_in
from tests.server.http.test_security_table import GUARDS
from tests.server.live import Live
from tests.server.world import API, World
from trafficdesk.domain.vocabulary import Role

EXAMPLES = int(os.environ.get("TRAFFICDESK_EXAMPLES", "8"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROUTES = pytest.mark.parametrize("route", list(GUARDS), ids=[" ".join(each) for each in GUARDS])


@schemathesis.serializer("application/offset+octet-stream")
def as_it_is(_: SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


@schemathesis.serializer("application/vnd.trafficdesk.bundle")
def as_a_file(_: SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


class Visitor:
    """An administrator at a desk, who signs in again whenever a request has put them out."""

    def __init__(self, live: Live) -> None:
        self.world = World(live)
        self.url = live.url
        self.client = self.world.desk_of(Role.ADMIN)

    def own_ids(self) -> dict[str, str]:
        """Return what there really is of each thing that an address may name."""
        person = self.world.person()
        desk = self.world.enrol()
        token = self.world.sign_in(person, desk).token
        return {
            "user_id": str(person.id),
            "device_id": str(desk.id),
            "session_id": str(read_access(self.world.live.server.keys, token)),
            "city": str(self.world.city_id),
            "incident_id": str(desk_in(self.world).make("incident")),
        }

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request as this desk's own."""
        desk = self.client.desk
        assert desk is not None
        body = request.body or b""
        content = body if isinstance(body, bytes) else str(body).encode()
        request.headers.update(desk.signed(str(request.method), request.path_url, content))
        request.headers["Authorization"] = f"Bearer {self.client.token}"
        answer = requests.Session().send(request, timeout=30, allow_redirects=False)
        if answer.ok and request.path_url == f"{API}/sync/push":
            desk.turn = answer.json()["turn"]
        if request.path_url == f"{API}/auth/sign-out":
            self.client = self.world.desk_of(Role.ADMIN)
        return answer


@pytest.fixture(scope="module")
def visitor(live: Live) -> Visitor:
    return Visitor(live)


@pytest.fixture(scope="module")
def schema(live: Live) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{live.url}{API}/openapi.json")


def knock(
    schema: schemathesis.BaseSchema,
    route: tuple[str, str],
    send: Callable[[Case[Any]], requests.Response | Response],
    examples: int = EXAMPLES,
) -> None:
    """Send what the document allows at an address, and what it does not."""
    method, path = route
    operation = schema[path][method]
    right = operation.as_strategy()
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < 100,  # a suite that is green today is green tomorrow
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(right, right, wrong))
    def answers(case: Case[Any]) -> None:
        answer = send(case)
        for _ in range(5):  # a machine at its limit may say so
            if answer.status_code != 503 or b'"code":"unavailable"' not in answer.content:
                break
            answer = send(case)
        case.validate_response(answer, checks=CHECKS)

    answers()


@ROUTES
def test_a_stranger_is_answered_as_the_document_says(
    live: Live, schema: schemathesis.BaseSchema, route: tuple[str, str]
) -> None:
    knock(schema, route, lambda case: case.call(base_url=live.url), max(2, EXAMPLES // 4))


@ROUTES
def test_a_desk_is_answered_as_the_document_says(
    visitor: Visitor, schema: schemathesis.BaseSchema, route: tuple[str, str]
) -> None:
    known = visitor.own_ids()

    def send(case: Case[Any]) -> requests.Response:
        for given_values in (case.path_parameters, case.query):
            for name in set(given_values or {}) & set(known):
                given_values[name] = known[name]
        request = requests.Request(**case.as_transport_kwargs(base_url=visitor.url))
        return visitor.send(request.prepare())

    knock(schema, route, send)
