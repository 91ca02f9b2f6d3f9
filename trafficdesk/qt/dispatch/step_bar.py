"""The four steps of an incident as a bar; each one that was taken shows its own sync mark."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPen

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.dispatch.lines import StepMark
from trafficdesk.qt.dispatch.row_sheet import RowSheet
from trafficdesk.qt.dispatch.words import say, short_step_line, step_line
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import paint_sync
from trafficdesk.qt.theme.palette import colour, px

MARK_PX: Final = 6
OPEN_MARK_PX: Final = 7
_RING_PX: Final = 2.5


def paint_bar(sheet: RowSheet, box: QRect, steps: Sequence[StepMark], radius_px: int) -> None:
    """Paint the bar along a box given from the row's leading edge; marks at equal distances."""
    radius = px(radius_px)
    gap = (box.width() - 2 * radius) / (len(steps) - 1)
    places = [round(box.x() + radius + n * gap) for n in range(len(steps))]
    _paint_marks(sheet, places, box.y() + box.height() // 2, steps, radius)


def _paint_marks(
    sheet: RowSheet, places: Sequence[int], middle: int, steps: Sequence[StepMark], radius: int
) -> None:
    spots = [QPointF(sheet.box(x, middle, 1, 1).topLeft()) for x in places]
    painter = sheet.painter
    done = max((n for n, step in enumerate(steps) if step.state is not None), default=0)
    for number in range(len(steps) - 1):
        token = "text2" if number < done else "line"
        painter.setPen(QPen(colour(token), px(2)))
        painter.drawLine(spots[number], spots[number + 1])
    for step, spot in zip(steps, spots, strict=True):
        paint_step(sheet, spot, step, radius)


def paint_step(sheet: RowSheet, spot: QPointF, step: StepMark, radius: float) -> None:
    """Paint one step: its sync mark, or a small ring for one that is still to come."""
    painter = sheet.painter
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent_weak" if sheet.is_chosen else "surface"))
    if step.state is None:
        small = px(_RING_PX)
        painter.drawEllipse(spot, small + px(2), small + px(2))
        painter.setPen(QPen(colour("text3"), 1.2))
        painter.drawEllipse(spot, small, small)
        return
    painter.drawEllipse(spot, radius + 1, radius + 1)
    is_settled = step.state is SyncState.CONFLICT
    paint_sync(painter, step.state, spot, radius, None if is_settled else colour("text2"))


def paint_open_bar(sheet: RowSheet, box: QRect, steps: Sequence[StepMark], zone: tzinfo) -> None:
    """Paint the bar of the open row with its words: step and time, under it the sync word."""
    radius, words = px(OPEN_MARK_PX), [list(step_line(step, zone)) for step in steps]
    if sum(map(_width, words)) > box.width():
        words = [list(short_step_line(step, zone)) for step in steps]
    upcoming = next((n for n, step in enumerate(steps) if step.state is None), len(steps))
    if upcoming < len(steps):
        words[upcoming][1] = say("next")
    widths = _shares([_width(pair) for pair in words], box.width())
    starts = [box.x() + sum(widths[:n]) for n in range(len(steps))]
    _paint_marks(sheet, [x + radius for x in starts], box.y() + radius, steps, radius)
    for number, (step, (first, second)) in enumerate(zip(steps, words, strict=True)):
        x, room = starts[number], widths[number] - px(4)
        look = font(12, SEMIBOLD if number == upcoming - 1 else MEDIUM)
        token = "text2" if step.state is None else "text"
        top = box.y() + 2 * radius + px(3)
        sheet.write(sheet.box(x, top, room, px(17)), first, (look, token))
        token = "conflict" if step.state is SyncState.CONFLICT else "text2"
        sheet.write(sheet.box(x, top + px(16), room, px(17)), second, (font(12), token))


def _width(words: Sequence[str]) -> int:
    return max(text_width(words[0], 12, SEMIBOLD), text_width(words[1], 12)) + px(10)


def _shares(needed: Sequence[int], room: int) -> list[int]:
    """Return a width for each: what it needs and a part of what is left; less if that is short."""
    left = room - sum(needed)
    if left >= 0:
        return [width + left // len(needed) for width in needed]
    return [width * room // sum(needed) for width in needed]
