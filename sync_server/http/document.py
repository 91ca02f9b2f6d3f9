"""The OpenAPI document: what FastAPI knows of routes, made true for how callers are proved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from sync_server.http.replies import PROBLEM_JSON, content_of
from trafficdesk.wire.accounts import Problem
from trafficdesk.wire.codes import Code
from trafficdesk.wire.signing import DEVICE_HEADER, SIGNATURE_HEADER, TURN_HEADER

# What one of the ways to be let in asks for, in OpenAPI's words; an empty one is nothing.
Way = Mapping[str, Sequence[str]]
ANYBODY: Final[Way] = {}
PERSON: Final[Way] = {"person": ()}
DEVICE: Final[Way] = {"device": (), "turn": (), "signature": ()}
OPERATOR: Final[Way] = {"operator": ()}

_SIGNED: Final = (
    "Ed25519, base64, over five lines without a last line end: trafficdesk-request-1, the method "
    "in capitals, the path with its query as sent, the SHA-256 of the body as sent in lower-case "
    "hexadecimal, and the turn."
)
_SCHEMES: Final = {
    "person": {"type": "http", "scheme": "bearer", "description": "An access token."},
    "device": {"type": "apiKey", "in": "header", "name": DEVICE_HEADER, "description": "Its id."},
    "turn": {
        "type": "apiKey",
        "in": "header",
        "name": TURN_HEADER,
        "description": "From the enrolment or the last push; empty where nobody is signed in.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": SIGNATURE_HEADER,
        "description": _SIGNED,
    },
    "operator": {"type": "http", "scheme": "bearer", "description": "The token of the metrics."},
}
PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": f"A problem (RFC 9457). Its code is one of: {', '.join(Code)}.",
        "content": content_of(Problem, PROBLEM_JSON),
    }
}


class DocumentedApp(FastAPI):
    """An application that knows what its routes ask of callers.

    ``proofs`` names the ways by the dependency, or the route's own function, that asks for them.
    """

    proofs: Mapping[Callable[..., object], Sequence[Way]]

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"] = {"securitySchemes": _SCHEMES}
            for route in iter_route_contexts(self.routes):
                if isinstance(route.original_route, APIRoute):
                    for method in route.methods or ():
                        told = document["paths"][route.path_format][method.lower()]
                        told["security"] = self._ways_of(route.dependant)
        return self.openapi_schema or {}

    def _ways_of(self, dependant: Dependant) -> Sequence[Way]:
        for each in _flat(dependant):
            if each.call is not None and each.call in self.proofs:
                return self.proofs[each.call]
        return [ANYBODY]


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _flat(each)
