"""Where keys of the review's commands stand on its widgets."""

from functools import partial
from typing import TYPE_CHECKING

from trafficdesk.qt.key_hints import Hint
from trafficdesk.qt.review.empty_desk import NEXT
from trafficdesk.qt.review.queue_bar import TABS

if TYPE_CHECKING:
    from trafficdesk.qt.review.workspace import ReviewWorkspace


def review_hints(desk: "ReviewWorkspace") -> tuple[Hint, ...]:
    """Return which command's key each widget of a review workspace shows."""
    bar, side, enlarged = desk.column.bar, desk.detail.side, desk.enlarged
    viewer = desk.detail.viewer
    return (
        *((f"review.queue.{queue}", partial(bar.set_tab_key, queue)) for queue in TABS),
        *((f"review.queue.{queue}", partial(desk.empty.set_key, queue)) for queue in NEXT),
        ("review.filter", bar.chips.set_key),
        ("review.sort", bar.set_sort_key),
        ("review.more_queues", bar.more.set_key),
        ("review.undo", desk.column.toast.set_key),
        ("review.copy", desk.detail.head.copy.set_key),
        ("review.identity", desk.detail.text.reveal.set_key),
        ("review.map", side.map_key.set_key),
        ("review.vehicle", side.history.heading.keycap.set_key),
        ("review.duplicate", side.same.heading.keycap.set_key),
        ("review.units", side.units.heading.keycap.set_key),
        ("review.enlarge", viewer.set_enlarge_key),
        ("review.marks", viewer.set_marks_key),
        ("review.zoom_out", enlarged.zoom_out.set_key),
        ("review.zoom_in", enlarged.zoom_in.set_key),
        ("review.turn", enlarged.turn.set_key),
        ("review.enlarge", enlarged.close_button.set_key),
    )
