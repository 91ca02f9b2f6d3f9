"""What the measured desk does once its first report is shown: dragging the map, deciding."""

import json
import sys
import threading
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final

from tests.bench.analytics_work import show_analytics
from tests.bench.desk_child import pump, tell
from tests.bench.dispatch_work import show_dispatch
from trafficdesk.domain.queues import QueueName, Sort, queue_filter
from trafficdesk.domain.records import Bounds
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.review.take_over_panel import TakeOverPanel
from trafficdesk.qt.tour.stations import Tour
from trafficdesk.qt.tour.walk import Walk
from trafficdesk.services import board, review
from trafficdesk.services.demo.marker import DEMO_PASSWORD
from trafficdesk.services.session import Session
from trafficdesk.store import facts, map_view
from trafficdesk.store.map_view import ViewQuery
from trafficdesk.store.queues import PageRequest

if TYPE_CHECKING:
    from trafficdesk.qt.map.workspace import MapWorkspace

_WRITES_EVERY_S = 0.05
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


def _tour_of(desk: DeskApplication) -> Tour:
    return Tour(desk, Walk(desk.window, Path()), DEMO_PASSWORD)


def _session_of(desk: DeskApplication) -> Session:
    if desk.sitting is None:
        raise TypeError("nobody is signed in")
    return desk.sitting.session


def _map_of(desk: DeskApplication, tour: Tour) -> "MapWorkspace":
    tour.walk.press("Ctrl+3")
    if desk.sitting is None:
        raise TypeError("nobody is signed in")
    view = desk.sitting.view
    pump(lambda: view.find_made("map"), "the map")
    found: MapWorkspace = view.find_made("map")  # type: ignore[assignment]  # just opened
    pump(lambda: found.view.is_ready, "the map's page")
    tour.walk.settle(3)
    return found


def show_map(desk: DeskApplication, turns: int) -> None:
    """Open the map, drag it and an empty one ``turns`` times, and stay."""
    tour = _tour_of(desk)
    found = _map_of(desk, tour)
    tell(stage="map")
    if turns:
        _drag(desk, tour, found, turns)
    sys.stdin.read()


def _drag(desk: DeskApplication, tour: Tour, found: "MapWorkspace", turns: int) -> None:
    answers: list[str] = []
    page = found.view.page
    page.runJavaScript(_FRAMES_JS.replace("TURNS", str(turns)))
    while not answers or answers[-1] == "null":
        tour.walk.settle(0.5)
        page.runJavaScript("JSON.stringify(window.benchFrames)", 0, answers.append)
    told = json.loads(answers[-1])
    query = ViewQuery(Bounds(*told.pop("bounds")), told["zoom"])
    with _session_of(desk).store.reading() as connection:
        view = map_view.find_view(connection, facts.calendar(connection), query)
    tell(stage="frames", in_view=view.total, **told)


def _keep_writing(session: Session, stop: threading.Event) -> None:
    """Ask for a second look at old reports over and over, as a sync would write."""
    wanted = queue_filter(QueueName.ALL, session.officer.id)
    rows = board.find_page(session, PageRequest(wanted, Sort.OLDEST, limit=200))
    while rows and not stop.wait(_WRITES_EVERY_S):
        row = rows.pop(0)
        review.set_second_look(session, [review.Target(row.pk, row.revision)], wanted=True)


def triage(desk: DeskApplication, count: int) -> None:
    """Approve one report after the other; tell how long each next one took to be painted."""
    stop = threading.Event()
    writer = threading.Thread(target=_keep_writing, args=(_session_of(desk), stop))
    tour = _tour_of(desk)
    tour.walk.settle(2)
    writer.start()
    try:
        key_ms, bare_ms = _decide(tour, count)
    finally:
        stop.set()
        writer.join()
    tell(stage="triaged", key_ms=key_ms, paint_ms=bare_ms)
    desk.window.close()


def _decide(tour: Tour, count: int) -> tuple[list[float], list[float]]:
    work = tour.review()
    key_ms: list[float] = []
    bare_ms: list[float] = []
    for _ in range(count):
        if work.column.model.count() < 2:
            break  # a small desk has fewer to decide: after the last one there is no next
        before = work.shown_detail()
        if before is None:
            raise TypeError("no report is shown")
        old = before.report.pk
        started = perf_counter_ns()
        tour.walk.press("A")
        if isinstance(work.slot.panel, TakeOverPanel):
            # Somebody else's report: the officer says that it is meant.
            tour.walk.press("Return")
        pump(lambda old=old: (now := work.shown_detail()) and now.report.pk != old, "the next one")  # type: ignore[misc]
        work.repaint()
        key_ms.append((perf_counter_ns() - started) / 1e6)
        tour.walk.settle(0.15)
        started = perf_counter_ns()
        work.repaint()
        bare_ms.append((perf_counter_ns() - started) / 1e6)
    return key_ms, bare_ms


WORK: Final = {
    "map": show_map,
    "triage": triage,
    "dispatch": show_dispatch,
    "analytics": show_analytics,
}
