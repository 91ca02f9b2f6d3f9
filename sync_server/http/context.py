"""What a route finds at its request: the server, the caller's address, the request's id."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from sync_server.server import Server


async def server_of(connection: HTTPConnection) -> Server:
    """Return the server that this request came to (also of a WebSocket)."""
    server: Server = connection.app.state.server
    return server


def address_of(connection: HTTPConnection) -> str:
    """Return the caller's address; uvicorn has put a trusted proxy's word in its place."""
    return connection.client.host if connection.client else ""


def request_id_of(connection: HTTPConnection) -> str:
    """Return the id under which logs and audit speak of this request."""
    return str(connection.scope.get("request_id", ""))


async def count_public(connection: HTTPConnection) -> None:
    """Count a request that needs no token against its address (a dependency of routes)."""
    server = await server_of(connection)
    server.limits.count_public(address_of(connection))


TheServer = Annotated[Server, Depends(server_of)]
