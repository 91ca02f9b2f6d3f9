"""Puts the server together: every subject's routes around one ``Server``."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sync_server.accounts import routes as accounts
from sync_server.accounts.service.dependencies import PROOFS
from sync_server.admin import routes as admin
from sync_server.admin.figures import Figures
from sync_server.analytics import routes as analytics
from sync_server.audit import routes as audit
from sync_server.bundles import routes as bundles
from sync_server.http.document import ANYBODY, OPERATOR, PROBLEM, DocumentedApp
from sync_server.http.errors import add_error_handlers
from sync_server.http.spans import Spans
from sync_server.http.watch import Watch
from sync_server.incidents import routes as incidents
from sync_server.incidents.escalating import Escalation
from sync_server.jobs.rounds import Rounds
from sync_server.live import routes as live
from sync_server.live.hints import DatabaseHints
from sync_server.live.service import Live
from sync_server.logs import logger
from sync_server.media import routes as media
from sync_server.reporting import routes as reporting
from sync_server.reporting.timetable import ReportTimetable
from sync_server.reports import routes as reports
from sync_server.server import Server
from sync_server.settings import Settings
from sync_server.sync import receipt_routes
from sync_server.sync import routes as sync
from sync_server.units import routes as units
from sync_server.updates import routes as updates

API = "/api/v1"
_OF_RECORDS: Final = (sync, receipt_routes, bundles, reports, incidents, units, media)
_BESIDE_THEM: Final = (admin, accounts, audit, live, analytics, reporting, updates)


def create_app(settings: Settings) -> FastAPI:
    """Return the application; the database may still be away.

    Raises ``KeysError``, or ``SettingsError`` if something that they ask for is not installed.
    """
    server, spans = Server.of(settings), Spans(settings)
    server.metrics.registry.register(Figures(server))
    news = Live(server, DatabaseHints(settings.database_url))
    works = (news, Rounds(server), Escalation(server), ReportTimetable(server))

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        server.database.open()
        spans.open()
        app.state.tasks = tasks = [
            _begin(server, type(work).__name__.lower(), work.run()) for work in works
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            server.database.close()
            await run_in_threadpool(spans.close)

    app = _documented(living)
    app.proofs = {**PROOFS, admin.metrics: (ANYBODY, OPERATOR)}
    app.state.server, app.state.live = server, news
    add_error_handlers(app)
    app.add_middleware(Watch, server=server, spans=spans)
    for subject in (*_OF_RECORDS, *_BESIDE_THEM):
        app.include_router(subject.router)
    return app


def _documented(living: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> DocumentedApp:
    return DocumentedApp(
        title="TrafficDesk sync server",
        version=version("trafficdesk"),
        lifespan=living,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,
        responses=PROBLEM,
    )


def _begin(server: Server, name: str, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(partial(_tell_of_end, server))
    return task


def _tell_of_end(server: Server, task: asyncio.Task[None]) -> None:
    """Log that work beside the requests has ended, which it never should."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        server.metrics.failed_jobs.labels(task.get_name()).inc()
        logger().error("work_ended", job=task.get_name(), error=error)
