"""What an unlocked desk does by itself: free leases that ran out, keep the audit chain's head.

It looks through one folder of photos after the other for such that belong to no report, and
makes and brings the reports that come round.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from trafficdesk.services import auditing, media, review
from trafficdesk.services.changes import Changed
from trafficdesk.services.demo import hearing
from trafficdesk.services.report_folder import remove_left
from trafficdesk.services.session import Session

LEASES_EVERY = timedelta(minutes=1)
HEAD_EVERY = timedelta(minutes=10)
# One of 256 folders at a time, begun anywhere: short sittings come round in the end as well.
SWEEP_EVERY = timedelta(minutes=1)
REPORTS_EVERY = timedelta(minutes=1)
# Runs a function where the store's writer works, and tells what it changed.
RunOnWriter = Callable[[Callable[[], Changed]], None]


class Routines:
    """The timetable of one session; ``stop`` before the session closes.

    The scheduler's own thread only hands the work to the writer: a slow disk or a long import
    delays a routine instead of running it beside an officer's decision. Reports are made by
    ``run_apart``, for they take long and mostly read: no decision waits for one. Without it
    none are made.
    """

    def __init__(
        self, session: Session, run: RunOnWriter, run_apart: RunOnWriter | None = None
    ) -> None:
        self._session = session
        self._run = run
        self._run_apart = run_apart
        self._is_over = False
        self._reporting = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            daemon=True,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._folder = secrets.randbelow(media.FOLDERS)
        self._at_once: tuple[Callable[[], Changed], ...] = (self._free_leases,)
        for function, every in (
            (self._free_leases, LEASES_EVERY),
            (self._keep_head, HEAD_EVERY),
            (self._sweep_photos, SWEEP_EVERY),
        ):
            self._scheduler.add_job(
                run, "interval", args=(function,), seconds=int(every.total_seconds())
            )
        if run_apart is not None:
            seconds = int(REPORTS_EVERY.total_seconds())
            reports = (self._bring_reports,)
            self._scheduler.add_job(run_apart, "interval", args=reports, seconds=seconds)
        if hearing.is_alone(session):
            seconds = int(hearing.HEAR_EVERY.total_seconds())
            self._at_once = (self._free_leases, self._hear_units)
            self._scheduler.add_job(run, "interval", args=(self._hear_units,), seconds=seconds)

    def start(self) -> None:
        """Begin the timetable, and do at once what was missed while the desk was closed."""
        for function in self._at_once:
            self._run(function)
        if self._run_apart is not None:
            remove_left(self._session.profile)
            self._run_apart(self._bring_reports)
        self._scheduler.start()

    def stop(self) -> None:
        """End the timetable; what is already handed to the writer still runs."""
        self._is_over = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _free_leases(self) -> Changed:
        return review.release_expired_leases(self._session).changed

    def _hear_units(self) -> Changed:
        return hearing.hear_units(self._session)

    def _bring_reports(self) -> Changed:
        from trafficdesk.services import schedule_runs  # what makes reports is loaded for it

        if not self._reporting.acquire(blocking=False):
            return Changed()  # those of the last minute are still being made
        try:
            return schedule_runs.run_all(self._session, lambda: not self._is_over)
        finally:
            self._reporting.release()

    def _keep_head(self) -> Changed:
        auditing.keep_head(self._session)
        return Changed()

    def _sweep_photos(self) -> Changed:
        folder, self._folder = self._folder, (self._folder + 1) % media.FOLDERS
        media.sweep(self._session, folder)
        return Changed()
