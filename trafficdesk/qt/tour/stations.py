"""The stations of the tour, in their order; each says what it did and shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize

from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.times import to_ms
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.dispatch.alert import Alert
from trafficdesk.qt.dispatch.alert_banner import AlertBanner
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.shell.desk import DeskView
from trafficdesk.qt.tour.page_hand import PageHand
from trafficdesk.qt.tour.walk import TourFault, Walk
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services import board
from trafficdesk.store import facts, outbox_overview, sync_marks
from trafficdesk.sync.status import Phase

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace
    from trafficdesk.qt.map.workspace import MapWorkspace

SMALL: Final = QSize(1280, 720)
LARGE: Final = QSize(1920, 1080)
# Ten decisions by keyboard: approve, reject for a reason, ask the citizen, approve …
DECISIONS: Final = ("A", "A", "R", "A", "N", "A", "R", "A", "A", "A")


@dataclass(slots=True)
class Tour:
    """The desk on tour, the hands that work it, and the demo's password."""

    desk: DeskApplication
    walk: Walk
    password: str

    def review(self) -> ReviewWorkspace:
        """Return the review workspace on screen."""
        view = self.desk.sitting.view if self.desk.sitting else None
        found = view.find_made("review") if view else None
        if not isinstance(found, ReviewWorkspace):
            raise TourFault("the review workspace is not there")
        return found

    def unassigned(self) -> int:
        """Return how many reports wait for an officer."""
        if self.desk.sitting is None:
            raise TourFault("nobody is signed in")
        return board.count_queues(self.desk.sitting.session)[QueueName.UNASSIGNED]

    def wait_for_unassigned(self, count: int, what: str) -> None:
        """Wait until so many reports wait for an officer."""
        self.walk.wait(lambda: self.unassigned() == count, what)


def unlock(tour: Tour) -> None:
    """Type the demo's password and open the desk."""
    walk, desk = tour.walk, tour.desk

    def is_shown() -> bool:
        return desk.gate is not None and isinstance(desk.gate.screen_shown(), UnlockScreen)

    walk.wait(is_shown, "the unlock screen")
    walk.shoot("unlock")
    walk.type(tour.password)
    walk.press("Return")
    walk.wait(lambda: desk.sitting and desk.sitting.view.find_made("review"), "the desk to open")
    walk.wait(lambda: tour.review().shown_detail() is not None, "the first report")
    walk.settle(1.5)
    walk.say("Unlocked the desk with the password of an officer.")
    walk.shoot("review")


def triage(tour: Tour) -> None:
    """Decide ten reports by keyboard."""
    walk = tour.walk
    before = tour.unassigned()
    for number, key in enumerate(DECISIONS, 1):
        _decide(tour, key, is_pictured=number in {3, 5})
        tour.wait_for_unassigned(before - number, f"decision {number} to be saved")
        walk.settle(0.2)
    counts = {key: DECISIONS.count(key) for key in "ARN"}
    walk.say(
        f"Decided {len(DECISIONS)} reports by keyboard: {counts['A']} approved, "
        f"{counts['R']} rejected with a reason, {counts['N']} asked back. "
        f"Unassigned went from {before} to {tour.unassigned()}."
    )
    walk.shoot("after-ten-decisions")


def _decide(tour: Tour, key: str, *, is_pictured: bool) -> None:
    walk = tour.walk
    walk.wait(lambda: tour.review().shown_detail() is not None, "the next report")
    walk.press(key)
    walk.settle(0.2)
    if key == "R":
        walk.press("4")
    elif key == "N":
        walk.type("Please send a photo that shows the plate.")
    if is_pictured:
        walk.shoot("reject" if key == "R" else "needs-info")
    if key in "RN":
        walk.press("Return")


def undo(tour: Tour) -> None:
    """Take the last decision back."""
    before = tour.unassigned()
    tour.walk.press("Z")
    tour.wait_for_unassigned(before + 1, "the undo to be saved")
    tour.walk.say("Took the last decision back with Z.")
    tour.walk.shoot("undone")


def palette(tour: Tour) -> None:
    """Open the command palette and the cheat-sheet."""
    walk = tour.walk
    walk.press("Ctrl+K")
    walk.settle()
    walk.type("dup")
    walk.shoot("palette")
    walk.press("Esc")
    walk.settle()
    walk.press("F1")
    walk.shoot("keys")
    walk.press("Esc")
    walk.say("Opened the command palette and the list of keys.")


def look_around(tour: Tour) -> None:
    """Show the review in the dark theme and on a large screen."""
    _in_all_looks(tour, "review", lambda: tour.walk.settle(1.0))
    tour.walk.say("Looked at the review in both themes, at 1280 and 1920 pixels.")


def _in_all_looks(tour: Tour, name: str, rest: Callable[[], None]) -> None:
    settings, walk = tour.desk.equipment.settings, tour.walk
    for theme, size in (("dark", SMALL), ("dark", LARGE), ("light", LARGE), ("light", SMALL)):
        settings.change(theme=theme)
        walk.resize(size)
        rest()
        if (theme, size) != ("light", SMALL):
            walk.shoot(f"{name}-{theme}-{size.width()}")


def look_at_map(tour: Tour) -> None:
    """Open the map and click a cluster."""
    walk = tour.walk
    walk.press("Ctrl+3")
    sitting = tour.desk.sitting
    if sitting is None:
        raise TourFault("nobody is signed in")
    walk.wait(lambda: sitting.view.find_made("map"), "the map to be loaded")
    found: MapWorkspace = sitting.view.find_made("map")  # type: ignore[assignment] # just opened
    hand = PageHand(found.view, walk)
    walk.wait(lambda: found.view.is_ready, "the page of the map")
    walk.wait(lambda: hand.count(".count") > 0, "clusters on the map")
    hand.rest()
    walk.shoot("map")
    hand.click(".count")
    hand.rest()
    walk.say("Opened the map and clicked a cluster; it came apart.")
    walk.shoot("map-cluster")
    _in_all_looks(tour, "map", hand.rest)
    walk.press("Ctrl+1")
    walk.settle()


def analyse(tour: Tour) -> None:
    """Look at the figures and at hotspots, and list the reports behind a figure."""
    walk, sitting = tour.walk, tour.desk.sitting
    if sitting is None:
        raise TourFault("nobody is signed in")
    view = sitting.view
    walk.press("Ctrl+4")
    walk.wait(lambda: view.find_made("analytics"), "analytics to be loaded")
    work = _analytics_of(view)

    def rest() -> None:
        walk.settle(0.5)
        walk.wait(lambda: work.is_settled and work.page.is_drawn, "figures to be counted")
        walk.settle(0.3)

    rest()
    _in_all_looks(tour, "analytics", rest)
    walk.shoot("analytics")
    walk.press("Alt+3")
    rest()
    walk.shoot("analytics-places")
    walk.press("Return")
    walk.wait(lambda: view.open_id() == "review", "the reports of a hotspot")
    walk.settle(0.5)
    walk.press("Esc")
    walk.wait(lambda: view.open_id() == "analytics", "the way back to the hotspots")
    walk.say("Looked at the figures in both themes, and at the reports behind a hotspot.")
    walk.press("Ctrl+1")
    walk.settle()


def _analytics_of(view: DeskView) -> "AnalyticsWorkspace":
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

    found = view.find_made("analytics")
    if not isinstance(found, AnalyticsWorkspace):
        raise TourFault("analytics is not there")
    return found


def dispatch(tour: Tour) -> None:
    """Look at dispatch, and acknowledge what it is alerted of."""
    walk, sitting = tour.walk, tour.desk.sitting
    if sitting is None:
        raise TourFault("nobody is signed in")
    walk.press("Ctrl+2")
    walk.wait(lambda: sitting.view.find_made("dispatch"), "dispatch to be loaded")
    work = _dispatch_of(sitting.view)
    walk.wait(lambda: work.incident is not None, "an incident on the board")
    walk.wait(lambda: _is_suggested(work), "whom to send")
    _in_all_looks(tour, "dispatch", lambda: _rest(walk, work))
    walk.shoot("dispatch")
    banner = sitting.view.findChildren(AlertBanner)[0]
    told = banner.words()
    while (known := banner.alert) is not None and not known.is_of_crew:
        walk.press("F8")
        walk.wait(partial(_is_another, banner, known), "the alert to be acknowledged")
    walk.say(f"Looked at dispatch in both themes, and acknowledged the alert with F8: {told}.")
    walk.press("Ctrl+1")
    walk.settle()


def _is_another(banner: AlertBanner, known: Alert) -> bool:
    return banner.alert is None or banner.alert.id != known.id


def _rest(walk: Walk, work: "DispatchWorkspace") -> None:
    walk.settle(0.5)
    walk.wait(lambda: work.map.is_drawn, "the streets of dispatch")
    walk.settle(0.5)


def _dispatch_of(view: DeskView) -> "DispatchWorkspace":
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

    found = view.find_made("dispatch")
    if not isinstance(found, DispatchWorkspace):
        raise TourFault("dispatch is not there")
    return found


def _is_suggested(work: "DispatchWorkspace") -> bool:
    found, line = work.strip.suggestion, work.incident
    return found is not None and line is not None and found.incident_id == line.id


def file_report(tour: Tour) -> None:
    """File a report at the desk."""
    walk, review = tour.walk, tour.review()
    before = tour.unassigned()
    walk.press("Ctrl+N")
    walk.settle()
    form = review.form
    form.violations.choose({"signal_jump"})
    form.plate.edit.setFocus()
    walk.type("TN37BZ4412")
    form.place.field.edit.setFocus()
    walk.type("11.0183, 76.9674")
    form.words.setFocus()
    walk.type("Seen by the patrol at the Gandhipuram signal.")
    walk.settle()
    walk.shoot("file-a-report")
    walk.press("Ctrl+Return")
    tour.wait_for_unassigned(before + 1, "the report to be filed")
    walk.settle(1.0)
    walk.say("Filed a report at the desk.")
    walk.shoot("filed")


def administer(tour: Tour) -> None:
    """Show the administration of the desk."""
    walk, sitting = tour.walk, tour.desk.sitting
    if sitting is None:
        raise TourFault("nobody is signed in")
    walk.press("Ctrl+6")
    walk.wait(lambda: sitting.view.find_made("admin"), "the administration to be loaded")
    walk.settle(1.0)
    walk.shoot("admin")
    walk.press("Ctrl+1")
    walk.say("Looked into Admin.")


def exchange(tour: Tour) -> None:
    """On a desk that joined a server: wait until all of it is sent, and say what went and came."""
    sitting = tour.desk.sitting
    if sitting is None or sitting.sync is None:
        return
    sync, session = sitting.sync, sitting.session
    sync.try_now()
    tour.walk.wait(lambda: sync.status.phase is Phase.RESTING, "the exchange with the server")
    tour.walk.wait(lambda: sum(sync.status.counts) == 0, "everything to be sent")
    with session.store.reading() as connection:
        sent = outbox_overview.count_confirmed(connection, to_ms(session.started_at))
        read_to = sync_marks.cursor_of(connection, facts.home_city_id(connection))
    tour.walk.settle(0.5)
    tour.walk.say(
        f"Exchanged with the server: {sent} operations sent and confirmed, nothing left to send, "
        f"everything fetched up to number {read_to} of the city."
    )
    tour.walk.shoot("all-sent")


def lock(tour: Tour) -> None:
    """Lock the desk."""
    walk, desk = tour.walk, tour.desk
    session = desk.sitting.session if desk.sitting else None
    walk.press("Ctrl+L")
    walk.wait(lambda: session is not None and session.key.is_wiped, "the keys to be wiped")
    walk.settle(0.5)
    walk.say("Locked the desk: the store is closed and the keys are wiped.")
    walk.shoot("locked")


STATIONS: Final[tuple[Callable[[Tour], None], ...]] = (
    unlock,
    triage,
    undo,
    palette,
    look_around,
    dispatch,
    look_at_map,
    analyse,
    file_report,
    administer,
    exchange,
    lock,
)
