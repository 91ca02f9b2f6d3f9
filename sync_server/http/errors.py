"""Problem details (RFC 9457): the one place where codes become statuses and sentences."""

from typing import Final

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from sync_server.http.replies import PROBLEM_JSON, reply
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

STATUS: Final = {
    Code.SIGN_IN_NEEDED: 401,
    Code.NOT_PERMITTED: 403,
    Code.DEVICE_REVOKED: 403,
    Code.DEVICE_COPIED: 409,
    Code.UPGRADE_NEEDED: 426,
    Code.BAD_REQUEST: 400,
    Code.NOT_FOUND: 404,
    Code.NOT_ALLOWED: 405,
    Code.TAKEN: 409,
    Code.TOO_LARGE: 413,
    Code.TOO_MANY_REQUESTS: 429,
    Code.UNAVAILABLE: 503,
    Code.STORAGE_FULL: 507,
    Code.WRONG_CONTENT: 422,
    Code.WRONG_OFFSET: 409,
    Code.WRONG_CHECKSUM: 460,
    Code.NO_PIECE: 415,
    Code.WRONG_RANGE: 416,
    Code.UNKNOWN_TUS: 412,
    Code.BUNDLE_REFUSED: 422,
    Code.FAULT: 500,
}
_TITLES: Final = {
    Code.SIGN_IN_NEEDED: "Please sign in",
    Code.NOT_PERMITTED: "Your role does not allow this",
    Code.DEVICE_REVOKED: "This device has been revoked",
    Code.DEVICE_COPIED: "This device must be enrolled anew",
    Code.UPGRADE_NEEDED: "Desk and server speak no common version",
    Code.BAD_REQUEST: "The request cannot be understood",
    Code.NOT_FOUND: "There is no such thing",
    Code.NOT_ALLOWED: "This address has no such method",
    Code.TAKEN: "Somebody has it already",
    Code.TOO_LARGE: "The request is too large",
    Code.TOO_MANY_REQUESTS: "Too many requests",
    Code.UNAVAILABLE: "The server cannot answer at the moment",
    Code.STORAGE_FULL: "The server has no room for this",
    Code.WRONG_CONTENT: "The file is not what was announced",
    Code.WRONG_OFFSET: "The upload stands at another byte",
    Code.WRONG_CHECKSUM: "The piece was changed on its way",
    Code.NO_PIECE: "The body is no piece of a file",
    Code.WRONG_RANGE: "The file has no such bytes",
    Code.UNKNOWN_TUS: "This version of tus is not spoken here",
    Code.BUNDLE_REFUSED: "The bundle is not taken in",
    Code.FAULT: "The server has a fault",
}
_RETRY_S: Final = 5
_OF_STATUS: Final = {401: Code.SIGN_IN_NEEDED, 404: Code.NOT_FOUND, 405: Code.NOT_ALLOWED}


def problem(connection: HTTPConnection, refused: RefusedError) -> Response:
    """Return the answer to a refused request."""
    code = refused.code
    content = {
        **refused.members,
        "type": "about:blank",
        "status": STATUS[code],
        "code": code,
        "title": _TITLES[code],
        "detail": refused.detail,
    }
    response = reply(connection, content, STATUS[code], PROBLEM_JSON)
    response.headers.update(refused.headers)
    if connection.scope.get("method") == "HEAD":
        response.headers["X-Problem"] = code  # its body is not sent
    if code is Code.SIGN_IN_NEEDED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if code is Code.TOO_LARGE:
        response.headers["Connection"] = "close"  # the rest of the body is not read
    if wait_s := refused.retry_after_s or (_RETRY_S if code is Code.UNAVAILABLE else 0):
        response.headers["Retry-After"] = str(wait_s)
    return response


def add_error_handlers(app: FastAPI) -> None:
    """Have every expected failure of a route answered as a problem."""

    @app.exception_handler(RefusedError)
    async def _(request: Request, error: RefusedError) -> Response:
        return problem(request, error)

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        code = _OF_STATUS.get(error.status_code, Code.BAD_REQUEST)
        return problem(request, RefusedError(code))

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
        detail = f"Not understood: {', '.join(places)}."
        return problem(request, RefusedError(Code.BAD_REQUEST, detail))

    @app.exception_handler(psycopg.OperationalError)
    async def _(request: Request, _error: psycopg.OperationalError) -> Response:
        detail = "The database did not answer in time."
        return problem(request, RefusedError(Code.UNAVAILABLE, detail))

    @app.exception_handler(psycopg.errors.ReadOnlySqlTransaction)
    async def _(request: Request, _error: psycopg.errors.ReadOnlySqlTransaction) -> Response:
        detail = "The database takes no changes at the moment."  # a standby, or set so
        return problem(request, RefusedError(Code.UNAVAILABLE, detail))

    @app.exception_handler(psycopg.DataError)
    async def _(request: Request, _error: psycopg.DataError) -> Response:
        return problem(request, RefusedError(Code.BAD_REQUEST, "A value cannot be stored."))
