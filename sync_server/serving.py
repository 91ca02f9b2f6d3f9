"""Runs the application in uvicorn with this server's settings."""

import gc
import resource
import signal
import socket

import uvicorn
from fastapi import FastAPI

from sync_server.app import create_app
from sync_server.live.socket import LongSocket
from sync_server.logs import logger, set_up_logs
from sync_server.patience import PatientProtocol
from sync_server.settings import Settings
from trafficdesk.wire.live import MAX_MESSAGE_BYTES

_BACKLOG = 2048
_KEEP_ALIVE_S = 75  # above the usual 60 s of proxies, so that they hang up first
_GRACE_S = 20
PING_S = 20.0
# A batch is thousands of small things that end with it: looking for garbage among them, and
# among all that the program is made of, took a sixth of a push.
_COLLECT_AFTER = (50_000, 20, 20)


def serve(settings: Settings) -> None:
    """Answer until a signal comes; requests under way are finished. Raises ``KeysError``."""
    set_up_logs(settings.log_level)
    _allow_open_files()
    program = _Program(server_config(create_app(settings), settings))
    # uvicorn ends in order and then raises the signal once more; by then all is done.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    program.run()
    logger().info("server_stopped")


def _allow_open_files() -> None:
    """Take as many connections as the system grants: by default it stops at 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def spare_what_lasts() -> None:
    """Look for garbage less often, and never among what is there once the server has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


class _Program(uvicorn.Server):
    """Says where it listens once it does: port 0 becomes a real one only then."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening."""
        await super().startup(sockets)
        spare_what_lasts()
        for server in self.servers if self.started else []:
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                logger().info("server_listens", host=host, port=port)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn runs an application."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        http=PatientProtocol,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        ws=LongSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_S,  # what answers neither this nor closes is given up
        ws_ping_timeout=PING_S,
        ws_per_message_deflate=False,  # each would cost more than all else of a WebSocket
        log_config=None,
        access_log=False,
        server_header=False,
    )
