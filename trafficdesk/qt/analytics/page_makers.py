"""Which page is made by what."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from trafficdesk.qt.analytics.figures_page import FiguresPage
from trafficdesk.qt.analytics.overview_page import OverviewPage
from trafficdesk.qt.analytics.page import Page
from trafficdesk.qt.analytics.patterns_page import PatternsPage
from trafficdesk.qt.analytics.places_page import PlacesPage
from trafficdesk.qt.analytics.questions import Places
from trafficdesk.qt.analytics.reports_page import ReportsPage
from trafficdesk.qt.analytics.trends_page import TrendsPage

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace


def page_makers(desk: "AnalyticsWorkspace") -> dict[str, Callable[[], Page]]:
    """Return what makes each page of a workspace, by the page's id."""
    gear, places = desk.gear, Places()
    return {
        "overview": partial(OverviewPage, places),
        "trends": TrendsPage,
        "places": partial(PlacesPage, places),
        "patterns": partial(PatternsPage, gear.zone),
        "figures": FiguresPage,
        "reports": partial(ReportsPage, gear),
        "second_looks": desk.looking.make_page,
    }
