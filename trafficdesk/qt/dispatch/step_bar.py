"""The four steps of an incident as a bar; each one that was taken shows its own sync mark."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPen

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.dispatch.lines import StepMark
from trafficdesk.qt.dispatch.row_sheet import RowSheet
from trafficdesk.qt.dispatch.words import say, step_line
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
    middle = box.y() + box.height() // 2
    spots = [
        QPointF(sheet.box(round(box.x() + radius + n * gap), middle, 1, 1).topLeft())
        for n in range(len(steps))
    ]
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
    column = box.width() // len(steps)
    radius = px(OPEN_MARK_PX)
    line = QRect(box.x(), box.y(), column * (len(steps) - 1) + 2 * radius, 2 * radius)
    paint_bar(sheet, line, steps, OPEN_MARK_PX)
    upcoming = next((n for n, step in enumerate(steps) if step.state is None), -1)
    for number, step in enumerate(steps):
        first, second = step_line(step, zone)
        if number == upcoming:
            second = say("next")
        x, room = box.x() + number * column, column - px(4)
        is_current = number == upcoming - 1 or (upcoming < 0 and number == len(steps) - 1)
        weight = SEMIBOLD if is_current else MEDIUM
        if step.state is not None and text_width(first, 12, weight) > room:
            # Its mark says how far it has travelled; the time has no other place.
            first, _, second = first.rpartition(" ")
        sheet.painter.setFont(font(12, weight))
        top = box.y() + 2 * radius + px(3)
        sheet.line(
            sheet.box(x, top, room, px(17)), first, "text" if step.state is not None else "text2"
        )
        sheet.painter.setFont(font(12))
        token = "conflict" if step.state is SyncState.CONFLICT else "text2"
        sheet.line(sheet.box(x, top + px(16), room, px(17)), second, token)
