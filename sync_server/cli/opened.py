"""The server's parts for one command: settings read, keys loaded, database opened and closed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sync_server.server import Server


@contextmanager
def opened_server() -> Iterator[Server]:
    """Put the server together for a command."""
    from sync_server.settings import load_settings

    server = Server.of(load_settings())
    server.database.open()
    try:
        yield server
    finally:
        server.database.close()
