"""Drawing samples of decisions, and opening the look at what was drawn."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from trafficdesk.qt.analytics.second_look_rows import say
from trafficdesk.qt.analytics.second_looks_page import SecondLooksPage
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.second_looks import find_sample, want_looks

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.blind_look import BlindLook
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

PAGE: Final = "second_looks"
_HOME: Final = "analytics"
_COUNTS: Final = (5, 10, 20, 50, 100)


class SecondLooking(QObject):
    """What the page of second looks lets a supervisor do; ``told`` carries what came of it."""

    told = Signal(str)

    def __init__(self, desk: "AnalyticsWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._lanes = desk.gear.lanes.owned_by(self)
        self.told.connect(desk.tell)
        self.blind: BlindLook | None = None

    def make_page(self) -> SecondLooksPage:
        """Make the page."""
        page = SecondLooksPage(self._desk.gear.zone)
        page.draw_wanted.connect(self.open_counts)
        page.look_wanted.connect(self.look)
        return page

    def _opened(self) -> SecondLooksPage:
        if self._desk.tabs.open_id() != PAGE:
            self._desk.open_page(PAGE)
        page = self._desk.page
        if not isinstance(page, SecondLooksPage):
            raise TypeError(f"the page of second looks is a {type(page).__name__}")
        return page

    def open_counts(self) -> None:
        """Offer how many decisions of the period and place on screen are drawn."""
        button = self._opened().draw_button
        if button.isVisible():
            items = tuple(MenuItem(_many(n), partial(self.draw, n)) for n in _COUNTS)
            Menu(items, button).open_below(button)

    def draw(self, count: int) -> None:
        """Draw so many decisions by lot; they wait for a second look from then on."""
        choice, session = self._desk.choice, self._desk.gear.session
        if choice is None:
            return
        scope = choice.scope
        self._lanes.run(
            Lane.READER, lambda: find_sample(session, scope, 1.0, count), self._ask, key="draw"
        )

    def _ask(self, pks: tuple[int, ...]) -> None:
        session = self._desk.gear.session
        self._lanes.run(Lane.WRITER, lambda: want_looks(session, pks), self._drawn)

    def _drawn(self, outcome: Outcome) -> None:
        if outcome.action_id is None:
            self.told.emit(say("Every decision of others in this period was drawn before"))
        else:
            self._desk.gear.changes.tell(outcome.changed)
            self._desk.count_again()

    def look(self) -> None:
        """Look at what was drawn, one after the other."""
        waiting = self._opened().waiting
        if not waiting:
            return
        if self.blind is None:
            from trafficdesk.qt.analytics.blind_look import BlindLook

            self.blind = BlindLook(self._desk.gear, self._desk)
            self.blind.closed.connect(self._close)
        self.blind.open_look(waiting)

    def _close(self) -> None:
        self._desk.gear.commands.activate(_HOME)
        self._desk.count_again()
        self._desk.page.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Follow the size of the workspace."""
        if self.blind is not None and self.blind.isVisible():
            self.blind.place()

    def abandon(self) -> None:
        """Close the look without taking the keys: another workspace has them."""
        if self.blind is not None:
            self.blind.hide()


def _many(count: int) -> str:
    return QCoreApplication.translate("SecondLooks", "%n decisions by lot", None, count)
