"""What the measured desk does at analytics: its pages are opened, its parts taken out as files."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer

from tests.bench.desk_child import pump, tell
from trafficdesk.qt.analytics.analytics_commands import PAGES
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import ANALYTICS

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.overview_page import OverviewPage
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

_BEAT_MS: Final = 2
_IDLE_S: Final = 3.0
_REST_S: Final = 0.4
_ACT_S: Final = 0.05
_HURRY: Final = 0.1
_PICTURES: Final = ("png", "svg", "pdf")
_NUMBERS: Final = ("pdf", "xlsx", "html")


class Heart(QObject):
    """Beats while the GUI thread is free; ``longest`` is how long it was kept from it, at most.

    ``own`` is the most that the thread itself worked between two beats: what others took is not
    in it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self.own = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._last = self._last_own = 0
        self.begin()
        self._timer.start()

    def begin(self) -> None:
        """Look anew."""
        self.longest = self.own = 0.0
        self._last, self._last_own = perf_counter_ns(), time.thread_time_ns()

    def _beat(self) -> None:
        now, own = perf_counter_ns(), time.thread_time_ns()
        waited = (now - self._last) / 1e6 - _BEAT_MS
        self.longest = max(self.longest, waited)
        self.own = max(self.own, (own - self._last_own) / 1e6)
        self._last, self._last_own = now, own


class Watch:
    """Does one thing after the other, each to its end, and keeps how long the GUI was held."""

    def __init__(self, share: float) -> None:
        self.heart = Heart()
        self._share = share
        self.found: dict[str, tuple[float, float]] = {}

    def rest(self, seconds: float) -> None:
        """Let the desk go on by itself."""
        end = perf_counter_ns() + seconds * self._share * 1e9
        pump(lambda: perf_counter_ns() > end, "a rest")

    def idle(self, name: str) -> None:
        """Do nothing: what the machine's load alone costs."""
        self.heart.begin()
        self.rest(_IDLE_S)
        self._note(name)

    def during(self, name: str, act: Callable[[], object], until: Callable[[], object]) -> None:
        """Act as an event would, wait for what it leads to, and note the longest wait."""
        self.rest(_REST_S)
        self.heart.begin()
        QTimer.singleShot(0, act)
        self.rest(_ACT_S)
        pump(until, f"the end of {name}")
        self.rest(_REST_S)
        self._note(name)

    def _note(self, name: str) -> None:
        self.found[name] = (round(self.heart.longest, 1), round(self.heart.own, 1))


def show_analytics(desk: DeskApplication, count: int) -> None:
    """Open analytics and each of its pages, look at other days, take parts out; tell the waits.

    Once alone (``count`` 1) it hardly rests in between: that is to see that it works.
    """
    watch = Watch(1.0 if count > 1 else _HURRY)
    watch.idle("idle")
    work = _open(desk, watch)
    is_shown = partial(_is_shown, work)
    for page_id in PAGES[1:]:
        watch.during(page_id, partial(work.open_page, page_id), is_shown)
    watch.during("overview again", partial(work.open_page, PAGES[0]), is_shown)
    watch.during("other days", partial(work.step_period, -1), is_shown)
    watch.during("as tables", work.toggle_tables, is_shown)
    watch.during("as charts", work.toggle_tables, is_shown)
    with TemporaryDirectory() as folder:
        _take_out(work, watch, Path(folder))
    watch.idle("idle again")
    tell(stage="watched", found=watch.found)
    desk.window.close()


def _open(desk: DeskApplication, watch: Watch) -> "AnalyticsWorkspace":
    if desk.sitting is None:
        raise TypeError("nobody is signed in")
    view = desk.sitting.view

    def is_shown() -> bool:
        made = view.find_made(ANALYTICS)
        return made is not None and _is_shown(made)  # type: ignore[arg-type]  # under its own id

    watch.during(PAGES[0], partial(view.open_workspace, ANALYTICS), is_shown)
    made: AnalyticsWorkspace = view.find_made(ANALYTICS)  # type: ignore[assignment]  # just opened
    return made


def _is_shown(work: "AnalyticsWorkspace") -> bool:
    return work.choice is not None and work.is_settled and work.page.is_drawn


def _take_out(work: "AnalyticsWorkspace", watch: Watch, folder: Path) -> None:
    """Take the charts of the first page out in every way, and the numbers of one."""
    # What analytics brings is not to be here before it is opened.
    from tests.qt.picking import Picker
    from trafficdesk.exports.writing import Format

    export = work.export
    page: OverviewPage = work.pages[PAGES[0]]  # type: ignore[assignment]  # under its own id

    def write(name: str, save: Callable[..., None], part: object, ending: str) -> None:
        path = folder / f"{name}.{ending}"
        export.files = Picker(folder, path.name)
        act = partial(save, part, Format(ending))
        watch.during(f"{name} as {ending}", act, path.exists)

    for ending in _PICTURES:
        write("months", export.save_picture, page.month_section, ending)
        write("hours", export.save_picture, page.heat_section, ending)
    for ending in _NUMBERS:
        write("numbers", export.save_numbers, page.heat_section, ending)
