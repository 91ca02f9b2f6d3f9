"""How a unit's row looks: what it is, what it does, where it was sent, how fresh all that is."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtWidgets import QStyleOptionViewItem

from trafficdesk.domain.dispatch import SERVICE_OF
from trafficdesk.domain.vocabulary import Severity, SyncState, UnitStatus
from trafficdesk.qt.dispatch.board_rows import BoardDelegate, BoardModel, Heading, Index, Row
from trafficdesk.qt.dispatch.lines import UnitGroup, UnitLine
from trafficdesk.qt.dispatch.row_sheet import GROUP_PX, PAD, RowSheet, Sight, paint_heading
from trafficdesk.qt.dispatch.unit_marks import paint_standing
from trafficdesk.qt.dispatch.words import (
    SOON,
    WELFARE,
    brief,
    is_stale,
    left,
    position_age,
    say,
    status_token,
    task,
    unit_group_word,
)
from trafficdesk.qt.incident_words import SERVICE_ICONS, standing_word
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import paint_severity, paint_sync
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import TRAILING, fill_round

ROW_PX: Final = 32
ROOMY_PX: Final = 36
_CHECK_PX: Final = 46


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns begin, from the leading edge, at a text scale of 100 %."""

    sign: int
    crew: int
    status: int
    task: int
    age_end: int
    width: int


_NARROW: Final = _Columns(34, 0, 110, 202, 284, 348)
_WIDE: Final = _Columns(34, 112, 200, 296, 414, 480)


class UnitDelegate(BoardDelegate):
    """Paints the unit board; ``estimates`` are times to the chosen incident, by unit."""

    estimates: Mapping[UUID, str]

    def paint_picture(self, sheet: RowSheet, item: Heading | Row, *, is_first: bool) -> None:
        if isinstance(item, Heading):
            self._paint_heading(sheet, item, is_first=is_first)
        elif isinstance(item, UnitLine):
            self._paint(sheet, item)

    def paint_clocks(self, sheet: RowSheet, item: Row) -> None:
        if isinstance(item, UnitLine) and item.status is not UnitStatus.OFF_DUTY:
            _paint_position_age(sheet, item)
            _paint_check(sheet, item)

    def is_same(self, one: Heading | Row, other: Heading | Row) -> bool:
        if isinstance(one, UnitLine) and isinstance(other, UnitLine):
            return _painted(one) == _painted(other)  # its position ticks
        return one == other

    def depends_on(self, item: Heading | Row) -> Hashable:
        if not isinstance(item, UnitLine):
            return None
        return self.estimates.get(item.id, ""), _age_start(item, self.sight)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        is_heading = isinstance(model, BoardModel) and isinstance(model.items[index.row()], Heading)
        row = ROOMY_PX if self.sight.is_roomy else ROW_PX
        return QSize(px(200), px(GROUP_PX if is_heading else row))

    def _paint_heading(self, sheet: RowSheet, item: Heading, *, is_first: bool) -> None:
        end = sheet.rect.width() - px(PAD)
        names = ((end - px(_CHECK_PX + 12), say("position")), (end, say("check-in")))
        paint_heading(sheet, item.title, item.count, names if is_first else ())

    def _paint(self, sheet: RowSheet, line: UnitLine) -> None:
        columns = _WIDE if sheet.sight.is_roomy else _NARROW
        height = sheet.rect.height()
        top = (height - px(16)) // 2
        service = SERVICE_ICONS[SERVICE_OF[line.unit.kind]]
        paint_icon(sheet.painter, service, sheet.box(px(12), top, px(16), px(16)), "text2")
        sign_end = px(columns.crew or columns.status) - px(6)
        sign = sheet.box(px(columns.sign), 0, sign_end - px(columns.sign), height)
        is_off = line.status is UnitStatus.OFF_DUTY
        look = (font(13, SEMIBOLD), "text2" if is_off else "text")
        sheet.write(sign, line.unit.call_sign, look)
        if columns.crew:
            crew = sheet.box(px(columns.crew), 0, px(columns.status - columns.crew - 10), height)
            sheet.write(crew, line.unit.crew, (font(12), "text2"))
        self._paint_status(sheet, line, columns)
        self._paint_task(sheet, line, columns)

    def _paint_status(self, sheet: RowSheet, line: UnitLine, columns: _Columns) -> None:
        height, token = sheet.rect.height(), status_token(line.status)
        spot = sheet.centre(px(columns.status + 5), height // 2)
        paint_standing(sheet.painter, line.status, spot, colour(token))
        x = px(columns.status + 15)
        words = sheet.box(x, 0, px(columns.task - 20) - x, height)
        sheet.write(words, standing_word(line.status), (font(12, MEDIUM), token))

    def _paint_task(self, sheet: RowSheet, line: UnitLine, columns: _Columns) -> None:
        height = sheet.rect.height()
        x = px(columns.task)
        mark = line.row.mark if line.row.assignment is None else line.row.assignment.mark
        if line.incident is not None or mark is not SyncState.CONFIRMED:
            paint_sync(sheet.painter, mark, sheet.centre(x - px(11), height // 2), px(12) / 2)
        estimate = self.estimates.get(line.id, "") if line.incident is None else ""
        look = (font(12, SEMIBOLD), "accent") if estimate else (font(12), "text2")
        room = sheet.rect.width() - _age_start(line, sheet.sight) - px(6) - x
        where = task(line) if sheet.sight.is_roomy else brief(task(line))
        sheet.write(sheet.box(x, 0, room, height), estimate or where, look)


def _painted(line: UnitLine) -> tuple[object, ...]:
    row = line.row
    return (row.unit, row.assignment, row.mark, line.status, line.incident)


def _age_end(line: UnitLine, sight: Sight) -> int:
    """Return how far before a row's end the age of a position ends."""
    columns = _WIDE if sight.is_roomy else _NARROW
    due = line.due_in(sight.now)
    end = px(columns.width - columns.age_end)
    if due is not None and due < timedelta():  # its pill is wider than the column
        return max(end, _pill_px(left(due)))
    return end


def _age_start(line: UnitLine, sight: Sight) -> int:
    """Return how far before a row's end the age of a position begins."""
    if line.status is UnitStatus.OFF_DUTY:
        return px(PAD)
    weight = SEMIBOLD if is_stale(line, sight.now) else 400
    return _age_end(line, sight) + numeral_width(position_age(line.seen_at, sight.now), 12, weight)


def _paint_position_age(sheet: RowSheet, line: UnitLine) -> None:
    height, now = sheet.rect.height(), sheet.sight.now
    is_old = is_stale(line, now)
    age = position_age(line.seen_at, now)
    start, end = _age_start(line, sheet.sight), _age_end(line, sheet.sight)
    sheet.painter.setFont(numerals(12, SEMIBOLD if is_old else 400))
    box = sheet.box(sheet.rect.width() - start, 0, start - end, height)
    sheet.line(box, age, "moderate" if is_old else "text2", TRAILING)


def _paint_check(sheet: RowSheet, line: UnitLine) -> None:
    due = line.due_in(sheet.sight.now)
    if due is None:
        return
    height, width = sheet.rect.height(), sheet.rect.width()
    told = left(due)
    if due < timedelta():
        _paint_overdue(sheet, told)
        return
    is_soon = due < SOON
    x = width - px(PAD) - px(_CHECK_PX)
    words = sheet.box(x, 0, px(_CHECK_PX), height - px(5))
    sheet.painter.setFont(numerals(12, SEMIBOLD if is_soon else 400))
    sheet.line(words, told, "moderate" if is_soon else "text", TRAILING)
    y, long = height - px(8), px(38)
    left_x = width - px(PAD) - long
    sheet.painter.fillRect(sheet.box(left_x, y, long, px(2)), colour("line"))
    done = round(long * min(1.0, due / WELFARE))
    token = "moderate" if is_soon else "text3"
    sheet.painter.fillRect(sheet.box(left_x, y, done, px(2)), colour(token))


def _pill_px(told: str) -> int:
    """Return how much of a row's end an overdue check-in takes, with the gap before it."""
    return numeral_width(told, 12, SEMIBOLD) + px(24 + PAD)


def _paint_overdue(sheet: RowSheet, told: str) -> None:
    height, width = sheet.rect.height(), sheet.rect.width()
    text_px = numeral_width(told, 12, SEMIBOLD)
    room = text_px + px(24)
    pill = sheet.box(width - px(PAD) + px(6) - room, (height - px(22)) // 2, room, px(22))
    fill_round(sheet.painter, QRectF(pill), colour("critical_weak"), 4)
    spot = sheet.centre(width - px(PAD) + px(6) - room + px(11), height // 2)
    paint_severity(sheet.painter, Severity.CRITICAL, QPointF(spot), px(9) / 2)
    words = sheet.box(width - px(PAD) - text_px, 0, text_px, height)
    sheet.painter.setFont(numerals(12, SEMIBOLD))
    sheet.line(words, told, "critical", TRAILING)


def unit_headings(lines: tuple[UnitLine, ...]) -> list[Heading | UnitLine]:
    """Return the rows under the headings of their groups; empty groups are left out."""
    made: list[Heading | UnitLine] = []
    for group in UnitGroup:
        found = [line for line in lines if line.group is group]
        if found:
            made += [Heading(group, unit_group_word(group), len(found)), *found]
    return made
