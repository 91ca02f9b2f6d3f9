"""Every command of the analytics workspace with its default keys."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

    _Row = tuple[str, str, Callable[[], object], tuple[str, ...], str]  # id, words, act, keys, icon

CONTEXT: Final = "analytics"
PAGES: Final = ("overview", "trends", "places", "patterns", "figures", "second_looks", "reports")


def _say(source: str) -> str:
    return QCoreApplication.translate("AnalyticsCommands", source)


def page_word(page: str) -> str:
    """Return what a page is called."""
    return {
        "overview": _say("Overview"),
        "trends": _say("Trends"),
        "places": _say("Places"),
        "patterns": _say("Patterns"),
        "figures": _say("All figures"),
        "reports": _say("Reports"),
        "second_looks": _say("Second looks"),
    }[page]


def _report_rows(desk: "AnalyticsWorkspace") -> tuple["_Row", ...]:
    act = desk.act_on_reports
    return (
        ("report_look", _say("Look at the report"), partial(act, "look"), ("Shift+L",), "eye"),
        ("report_make", _say("Save the report"), partial(act, "make"), ("Shift+M",), "file-text"),
        ("report_plan", _say("Let the report come round"), partial(act, "plan"), ("Shift+C",), ""),
        ("report_end", _say("End what comes round"), partial(act, "end"), ("Shift+E",), ""),
        ("report_again", _say("Bring reports again"), partial(act, "again"), ("Shift+R",), ""),
        ("report_seen", _say("Undelivered reports seen"), partial(act, "seen"), ("Shift+S",), ""),
    )


def analytics_commands(desk: "AnalyticsWorkspace") -> list[Command]:
    """Return the commands of an analytics workspace."""
    group = _say("Analytics")
    rows: tuple[_Row, ...] = (
        ("period", _say("Choose the period"), desk.open_periods, ("P",), "calendar"),
        ("months", _say("Choose months"), desk.open_months, ("Shift+P",), "calendar"),
        ("earlier", _say("Period before"), partial(desk.step_period, -1), ("[",), "chevron-left"),
        ("later", _say("Period after"), partial(desk.step_period, 1), ("]",), "chevron-right"),
        ("subject", _say("Choose a place or officer"), desk.open_subjects, ("S",), "map-pin"),
        ("against", _say("Compare with"), desk.open_rivals, ("V",), "git-compare-arrows"),
        ("tables", _say("Charts as tables"), desk.toggle_tables, ("T",), "table-2"),
        ("map", _say("Hotspots on the map"), desk.show_on_map, ("M",), "map"),
        ("draw", _say("Draw decisions for a second look"), desk.looking.open_counts, ("D",), ""),
        ("look", _say("Look at decisions again"), desk.looking.look, ("L",), ""),
        ("export", _say("Export this part"), desk.export.open_here, ("Ctrl+E",), "file-down"),
        ("again", _say("Count again"), desk.count_again, ("R",), "refresh-cw"),
        *_report_rows(desk),
        ("leave", _say("Close, stop counting"), desk.leave, ("Esc",), ""),
    )
    made = [
        Command(f"{CONTEXT}.{name}", title, group, act, keys, CONTEXT, icon=icon)
        for name, title, act, keys, icon in rows
    ]
    pages = [
        Command(
            f"{CONTEXT}.page.{page}",
            page_word(page),
            _say("Pages"),
            partial(desk.open_page, page),
            (f"Alt+{number}",),
            CONTEXT,
        )
        for number, page in enumerate(PAGES, 1)
    ]
    return [*made, *pages]
