"""The server's own work while it serves: a round every few seconds, upkeep when it is due."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import psycopg
from starlette.concurrency import run_in_threadpool

from sync_server.jobs.looking import look_at_grown
from sync_server.jobs.reading import write_reads
from sync_server.jobs.upkeep import tidy
from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.server import Server

ROUND_S: Final = 15.0
_ASK_S: Final = 60.0  # whether upkeep is due: another program may have done it


class Rounds:
    """Runs beside the requests, one thing after the other; a failure waits for the next round."""

    def __init__(self, server: Server, round_s: float = ROUND_S) -> None:
        self._server, self._round_s = server, round_s
        self._every = timedelta(minutes=server.settings.upkeep_minutes)
        self._asked_at_s = float("-inf")

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            await asyncio.sleep(self._round_s)
            await run_in_threadpool(self.once)

    def once(self) -> None:
        """Go round once."""
        self._server.clock.look()
        self._try("reading", lambda: write_reads(self._server))
        self._try("statistics", lambda: look_at_grown(self._server))
        if self._every and time.monotonic() - self._asked_at_s >= _ASK_S:
            self._asked_at_s = time.monotonic()
            self._try("upkeep", self._tidy)

    def _tidy(self) -> None:
        gone = tidy(self._server, self._every)
        if gone is None:
            return
        logger().info("upkeep_done", **gone)
        for what, count in gone.items():
            self._server.metrics.tidied.labels(what).inc(count)

    def _try(self, job: str, run: Callable[[], object]) -> None:
        try:
            run()
        except (RefusedError, psycopg.Error, OSError) as error:
            self._server.metrics.failed_jobs.labels(job).inc()
            logger().warning("job_failed", job=job, error=error)
