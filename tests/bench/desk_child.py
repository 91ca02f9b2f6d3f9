"""The real desk in a process of its own, worked by keys: ``python -m tests.bench.desk_child WHAT``.

It prints a JSON line at each stage; after the last one it lives until its input closes, so that
its memory can be looked at from outside.
"""

import trafficdesk.store.driver  # noqa: F401 - must be the process's first SQLite

# ruff: isort: split
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from time import monotonic_ns, perf_counter_ns, sleep
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QApplication, QWidget

from trafficdesk.domain.queues import QueueName, Sort, queue_filter
from trafficdesk.domain.records import Bounds
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication, make_qt_application
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.tour.stations import Tour
from trafficdesk.qt.tour.walk import TourFault, Walk
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services import board, review
from trafficdesk.services.demo.marker import DEMO_PASSWORD
from trafficdesk.services.session import Session
from trafficdesk.store import facts, map_view
from trafficdesk.store.map_view import ViewQuery
from trafficdesk.store.queues import PageRequest

if TYPE_CHECKING:
    from trafficdesk.qt.map.workspace import MapWorkspace

_SIZE = QSize(1280, 720)
_WRITES_EVERY_S = 0.05
_NAP_S = 0.0005
_FRAMES_JS = """
window.benchFrames = null;
(async () => {
  const next = () => new Promise((done) => requestAnimationFrame(done));
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  async function drag(map) {
    const times = [];
    for (let i = 0; i < 80; i += 1) {
      const way = i % 40 < 20 ? 1 : -1; // there and back, so that the city stays in view
      const started = performance.now();
      map._rawPanBy(new L.Point(12 * way, 5 * way));
      map.fire("move");
      await next();
      times.push(performance.now() - started);
    }
    map.fire("moveend");
    return median(times);
  }
  const desk = Object.values(window).find((v) => v instanceof L.Map);
  const box = desk.getContainer();
  const bare = document.createElement("div");
  bare.style.cssText = "position:fixed;inset:0;z-index:99999;background:#fff";
  document.body.appendChild(bare);
  const empty = L.map(bare, { center: desk.getCenter(), zoom: desk.getZoom(), maxZoom: 19 });
  const found = { desk: [], bare: [] };
  for (let turn = 0; turn < TURNS; turn += 1) {
    bare.style.display = "none"; box.style.visibility = "visible";
    await next(); found.desk.push(await drag(desk));
    await new Promise((done) => setTimeout(done, 600));
    bare.style.display = "block"; box.style.visibility = "hidden";
    await next(); found.bare.push(await drag(empty));
  }
  bare.remove(); box.style.visibility = "visible";
  const b = desk.getBounds();
  found.bounds = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
  found.zoom = Math.round(desk.getZoom());
  window.benchFrames = found;
})();
"""


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class _Paints(QObject):
    """Notes when a widget has been painted since it was last asked."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.seen = False
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        return False


def _pump(until: Callable[[], object], limit_s: float = 120) -> None:
    end = perf_counter_ns() + limit_s * 1e9
    while not until():
        QApplication.processEvents()
        # Qt's own loop sleeps between events; a loop that does not takes the readers' time.
        sleep(_NAP_S)
        if perf_counter_ns() > end:
            raise TimeoutError("the desk did not come so far")


def _begin(profile: Profile) -> Tour:
    make_qt_application()
    profile.settings.unlink(missing_ok=True)  # an earlier run may have ended at the map
    desk = DeskApplication(profile, furnish)
    desk.window.resize(_SIZE)
    paints = _Paints(desk.window)
    desk.start()
    _pump(lambda: desk.gate is not None and isinstance(desk.gate.screen_shown(), UnlockScreen))
    paints.seen = False
    desk.window.update()
    _pump(lambda: paints.seen)
    _tell(stage="shown", at_ns=monotonic_ns())
    return Tour(desk, Walk(desk.window, profile.folder), DEMO_PASSWORD)


def _sign_in(tour: Tour) -> None:
    tour.walk.take_keyboard()
    tour.walk.type(tour.password)
    started = perf_counter_ns()
    tour.walk.press("Return")
    _pump(lambda: _is_report_shown(tour))
    tour.review().repaint()
    _tell(stage="unlocked", ms=(perf_counter_ns() - started) / 1e6)


def _is_report_shown(tour: Tour) -> bool:
    try:
        return tour.review().shown_detail() is not None
    except TourFault:
        return False  # the desk is still being furnished


def show_review(profile: Profile) -> None:
    """Unlock and stay at the first report."""
    tour = _begin(profile)
    _sign_in(tour)
    sys.stdin.read()
    tour.desk.shut_down()


def _map_of(tour: Tour) -> "MapWorkspace":
    tour.walk.press("Ctrl+2")
    if tour.desk.sitting is None:
        raise TypeError("nobody is signed in")
    found: MapWorkspace = tour.desk.sitting.view.find_made("map")  # type: ignore[assignment]  # just opened
    _pump(lambda: found.view.is_ready)
    tour.walk.settle(3)
    return found


def show_map(profile: Profile, turns: int) -> None:
    """Unlock, open the map, and drag it and an empty one in turn."""
    tour = _begin(profile)
    _sign_in(tour)
    found = _map_of(tour)
    _tell(stage="map")
    answers: list[str] = []
    page = found.view.page
    page.runJavaScript(_FRAMES_JS.replace("TURNS", str(turns)))
    while not answers or answers[-1] == "null":
        tour.walk.settle(0.5)
        page.runJavaScript("JSON.stringify(window.benchFrames)", 0, answers.append)
    told = json.loads(answers[-1])
    query = ViewQuery(Bounds(*told.pop("bounds")), told["zoom"])
    if tour.desk.sitting is None:
        raise TypeError("nobody is signed in")
    with tour.desk.sitting.session.store.reading() as connection:
        view = map_view.find_view(connection, facts.calendar(connection), query)
    _tell(stage="frames", in_view=view.total, **told)
    sys.stdin.read()
    tour.desk.shut_down()


def _keep_writing(session: Session, stop: threading.Event) -> None:
    """Ask for a second look at old reports over and over, as a sync would write."""
    wanted = queue_filter(QueueName.ALL, session.officer.id)
    rows = board.find_page(session, PageRequest(wanted, Sort.OLDEST, limit=200))
    while rows and not stop.wait(_WRITES_EVERY_S):
        row = rows.pop(0)
        review.set_second_look(session, [review.Target(row.pk, row.revision)], wanted=True)


def triage(profile: Profile, count: int) -> None:
    """Approve one report after the other; tell how long each next one took to be painted."""
    tour = _begin(profile)
    _sign_in(tour)
    sitting, work = tour.desk.sitting, tour.review()
    if sitting is None:
        raise TypeError("nobody is signed in")
    tour.walk.settle(2)
    stop = threading.Event()
    writer = threading.Thread(target=_keep_writing, args=(sitting.session, stop))
    writer.start()
    key_ms: list[float] = []
    bare_ms: list[float] = []
    for _ in range(count):
        before = work.shown_detail()
        if before is None:
            raise TypeError("no report is shown")
        old = before.report.pk
        started = perf_counter_ns()
        tour.walk.press("A")
        _pump(lambda old=old: (now := work.shown_detail()) and now.report.pk != old)  # type: ignore[misc]
        work.repaint()
        key_ms.append((perf_counter_ns() - started) / 1e6)
        tour.walk.settle(0.15)
        started = perf_counter_ns()
        work.repaint()
        bare_ms.append((perf_counter_ns() - started) / 1e6)
    stop.set()
    writer.join()
    _tell(stage="triaged", key_ms=key_ms, paint_ms=bare_ms)
    tour.desk.window.close()
    tour.desk.shut_down()


def main() -> None:
    """Do what the command line names: review, map or triage."""
    what, *rest = sys.argv[1:]
    if what == "review":
        show_review(Profile(Path(rest[0])))
    elif what == "map":
        show_map(Profile(Path(rest[0])), int(rest[1]))
    else:
        triage(Profile(Path(rest[0])), int(rest[1]))


if __name__ == "__main__":
    try:
        main()
    except (TimeoutError, TourFault):
        traceback.print_exc()
        os._exit(1)  # the lanes' threads would keep a desk alive that nobody sees
