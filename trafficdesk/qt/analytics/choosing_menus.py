"""The menus and panels in which an officer chooses days, a place and what to compare with."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSize

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.qt.analytics.choosing import (
    PRESETS,
    Against,
    Choice,
    Subject,
    period_words,
    say,
)
from trafficdesk.qt.analytics.month_picker import MonthPicker
from trafficdesk.qt.analytics.panel_over import PanelOver
from trafficdesk.qt.analytics.place_picker import PlacePicker, subjects_of
from trafficdesk.qt.widgets.menus import Menu, MenuItem

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

_MONTHS: Final = QSize(380, 300)
_PLACES: Final = QSize(420, 420)


class ChoosingMenus(QObject):
    """Opens below the buttons of the bar; hands what was chosen to the workspace."""

    def __init__(self, desk: "AnalyticsWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._is_rival = False
        self.over = PanelOver(desk)
        self.months = MonthPicker()
        self.places = PlacePicker()
        for each in (self.months, self.places):
            each.setParent(self.over)
            each.hide()
            each.left.connect(self.over.close_panel)
        self.months.picked.connect(self._take_period)
        self.places.picked.connect(self._take_subject)

    def set_close_key(self, key: str) -> None:
        """Show the key that closes a panel."""
        for each in (self.months, self.places):
            each.close_button.set_key(key)

    def place(self) -> None:
        """Follow the size of the workspace."""
        if self.over.isVisible():
            self.over.place()

    def close(self) -> bool:
        """Close what is open; False when nothing is."""
        return self.over.close_panel()

    def open_periods(self) -> None:
        """Offer periods by name, and the months one by one."""
        desk = self._desk
        if desk.choice is None or desk.frame is None:
            return
        made = [(preset, preset.make(desk.frame.today)) for preset in PRESETS]
        items: list[MenuItem | None] = [
            MenuItem(
                say("{name}: {days}").format(name=say(preset.words), days=period_words(period)),
                partial(desk.choose_period, period),
                is_checked=period == desk.choice.period,
            )
            for preset, period in made
        ]
        key = desk.gear.commands.first_key("analytics.months")
        items += [None, MenuItem(say("Choose months"), self.open_months, key, "calendar")]
        Menu(tuple(items), desk).open_below(desk.bar.period)

    def open_months(self) -> None:
        """Offer the months of a year."""
        desk = self._desk
        if desk.choice is not None and desk.frame is not None:
            self.over.open_below(desk.bar.period, self.months, _MONTHS)
            self.months.begin(desk.choice.period, desk.frame.today)

    def open_subjects(self) -> None:
        """Offer whom figures can be about."""
        self._open_places(say("Figures of"), is_rival=False)

    def _open_places(self, title: str, *, is_rival: bool) -> None:
        desk = self._desk
        if desk.frame is None:
            return
        self._is_rival = is_rival
        anchor = desk.bar.against if is_rival else desk.bar.subject
        self.over.open_below(anchor, self.places, _PLACES)
        self.places.begin(subjects_of(desk.frame.choices, desk.gear.session), title)

    def open_rivals(self) -> None:
        """Offer what to compare with."""
        desk = self._desk
        choice = desk.choice
        if choice is None:
            return
        items = (
            self._rival(choice, Against.BEFORE, say("The period before")),
            self._rival(choice, Against.YEAR_BEFORE, say("A year earlier")),
            None,
            MenuItem(
                say("Another place or officer"),
                partial(self._open_places, say("Compare with"), is_rival=True),
                icon="map-pin",
                is_checked=choice.against is Against.PLACE,
            ),
        )
        Menu(items, desk).open_below(desk.bar.against)

    def _rival(self, choice: Choice, against: Against, name: str) -> MenuItem:
        period = replace(choice, against=against).rival_scope.period
        words = say("{name}: {days}").format(name=name, days=period_words(period))
        is_checked = choice.against is against
        return MenuItem(words, partial(self._compare, against), is_checked=is_checked)

    def _compare(self, against: Against) -> None:
        if self._desk.choice is not None:
            self._desk.choose(replace(self._desk.choice, against=against))

    def _take_period(self, period: Period) -> None:
        self.over.close_panel()
        self._desk.choose_period(period)

    def _take_subject(self, subject: Subject) -> None:
        choice = self._desk.choice
        self.over.close_panel()
        if choice is None:
            return
        if self._is_rival:
            self._desk.choose(replace(choice, against=Against.PLACE, rival=subject))
        else:
            self._desk.choose(replace(choice, subject=subject))
