"""Runs ``sync-server serve`` as often as it is killed: one for every line of stdin.

Started by ``killing`` with the server's settings in the environment. What serves says its number,
and is followed by ``end``; it is forked, so that all its modules are there already.
"""

import os
import sys

import sync_server.app
import sync_server.cli.commands
import sync_server.serving
from sync_server.cli import main as command

__all__ = ["sync_server"]


def main() -> None:
    """Fork a server for every line."""
    while sys.stdin.readline():
        server = os.fork()
        if server == 0:
            os.write(1, f"{os.getpid()}\n".encode())
            os.dup2(2, 1)
            sys.argv = ["sync-server", "serve"]
            command()
            os._exit(0)
        os.waitpid(server, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()
