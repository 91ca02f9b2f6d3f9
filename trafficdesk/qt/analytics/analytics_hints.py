"""Where keys of the commands stand on the widgets of analytics."""

from functools import partial
from typing import TYPE_CHECKING, Final

from trafficdesk.qt.key_hints import Hint

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

_OF_REPORTS: Final = (
    "report_look",
    "report_make",
    "report_plan",
    "report_end",
    "report_again",
    "report_seen",
)


def analytics_hints(desk: "AnalyticsWorkspace") -> tuple[Hint, ...]:
    """Return which command's key each widget shows."""
    bar = desk.bar
    return (
        ("analytics.period", bar.period.set_key),
        ("analytics.subject", bar.subject.set_key),
        ("analytics.against", bar.against.set_key),
        ("analytics.tables", bar.tables.set_key),
        ("analytics.export", desk.export.show_key),
        ("analytics.map", partial(desk.set_key, "map")),
        ("analytics.draw", partial(desk.set_key, "draw")),
        ("analytics.look", partial(desk.set_key, "look")),
        *((f"analytics.{name}", partial(desk.set_key, name)) for name in _OF_REPORTS),
        ("analytics.leave", desk.set_stop_key),
    )
