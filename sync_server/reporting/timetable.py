"""When the server looks for reports that came due: by APScheduler, on a thread of its own."""

import asyncio
from datetime import timedelta
from typing import Final

import psycopg
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from starlette.concurrency import run_in_threadpool

from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.reporting import schedule_runs
from sync_server.server import Server

LOOK_EVERY: Final = timedelta(seconds=30)


class ReportTimetable:
    """Makes and brings what comes round, beside the requests; a fault waits for the next look."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._is_over = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            daemon=True,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def run(self) -> None:
        """Look until cancelled; what is being made then is made first."""
        seconds = int(LOOK_EVERY.total_seconds())
        self._scheduler.add_job(self.look, "interval", seconds=seconds)
        self._scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            self._is_over = True
            await run_in_threadpool(self._scheduler.shutdown)

    def look(self) -> None:
        """Make and bring what is due now."""
        try:
            schedule_runs.run_all(self._server, goes_on=lambda: not self._is_over)
        except (RefusedError, psycopg.Error, OSError) as error:
            self._server.metrics.failed_jobs.labels("reports").inc()
            logger().warning("job_failed", job="reports", error=error)
