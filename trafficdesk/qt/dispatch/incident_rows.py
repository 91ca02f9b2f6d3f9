"""How an incident's row looks: two lines, the open one with its steps, a cleared one in one."""

from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtWidgets import QStyleOptionViewItem

from trafficdesk.domain.vocabulary import IncidentStatus, Severity
from trafficdesk.qt.ages import clock
from trafficdesk.qt.dispatch.board_rows import BoardDelegate, BoardModel, Heading, Index, Row
from trafficdesk.qt.dispatch.lines import IncidentLine
from trafficdesk.qt.dispatch.row_sheet import GROUP_PX, PAD, RowSheet, Sight, paint_heading
from trafficdesk.qt.dispatch.step_bar import MARK_PX, paint_bar, paint_open_bar
from trafficdesk.qt.dispatch.words import (
    facts,
    group_word,
    place,
    running,
    say,
    sent_words,
    title,
    told_by,
)
from trafficdesk.qt.incident_words import SERVICE_ICONS, incident_status_word
from trafficdesk.qt.theme.fonts import (
    MEDIUM,
    SEMIBOLD,
    font,
    numeral_width,
    numerals,
    text_width,
)
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.marks import SEVERITY_TOKENS, paint_severity, paint_sync
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import TRAILING
from trafficdesk.qt.words import severity_word
from trafficdesk.services.dispatch_board import Group

OPEN_PX: Final = 56
GROWS_PX: Final = 112
CLEARED_PX: Final = 36
_LEAD: Final = 84
_RIGHT, _RIGHT_ROOMY = 120, 152


class IncidentDelegate(BoardDelegate):
    """Paints the incident board."""

    def paint_picture(self, sheet: RowSheet, item: Heading | Row, *, is_first: bool) -> None:
        if isinstance(item, Heading):
            told = say("by score, then age") if item.key is Group.NEEDS_UNIT else ""
            end = sheet.rect.width() - px(PAD)
            paint_heading(sheet, item.title, item.count, ((end, told),))
        elif isinstance(item, IncidentLine):
            _paint(sheet, item)

    def paint_clocks(self, sheet: RowSheet, item: Row) -> None:
        if not isinstance(item, IncidentLine):
            return
        if item.group is not Group.CLEARED or sheet.is_chosen:
            _paint_age(sheet, item)

    def depends_on(self, item: Heading | Row) -> Hashable:
        """The age takes more room past an hour."""
        return len(_age(item, self.sight)) if isinstance(item, IncidentLine) else 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        if not isinstance(model, BoardModel):
            return QSize()
        item = model.items[index.row()]
        if isinstance(item, Heading):
            return QSize(px(200), px(GROUP_PX))
        if item.id == model.current:
            return QSize(px(200), px(OPEN_PX + GROWS_PX))
        is_cleared = isinstance(item, IncidentLine) and item.group is Group.CLEARED
        return QSize(px(200), px(CLEARED_PX if is_cleared else OPEN_PX))

    def clocks(self, box: QRect) -> QRect:
        return QRect(box.x(), box.y(), box.width(), min(box.height(), px(30)))


def headings(lines: tuple[IncidentLine, ...]) -> list[Heading | IncidentLine]:
    """Return the rows under the headings of their groups; empty groups are left out."""
    made: list[Heading | IncidentLine] = []
    for group in Group:
        found = [line for line in lines if line.group is group]
        if found:
            made += [Heading(group, group_word(group), len(found)), *found]
    return made


def _paint(sheet: RowSheet, line: IncidentLine) -> None:
    if line.group is Group.CLEARED and not sheet.is_chosen:
        _paint_cleared(sheet, line)
        return
    right = px(_RIGHT_ROOMY if sheet.sight.is_roomy else _RIGHT)
    right_x = sheet.rect.width() - px(PAD) - right
    _paint_severity(sheet, line)
    _paint_middle(sheet, line, right_x)
    _paint_end(sheet, line, (right_x, right))
    if sheet.is_chosen:
        _paint_open(sheet, line)


def _paint_severity(sheet: RowSheet, line: IncidentLine) -> None:
    severity = line.incident.severity
    token = SEVERITY_TOKENS[severity]
    paint_severity(sheet.painter, severity, sheet.centre(px(22), px(19)), px(7))
    score = sheet.box(px(36), px(8), px(_LEAD - 38), px(22))
    sheet.write(score, str(line.incident.severity_score), (numerals(15, SEMIBOLD), token))
    word = sheet.box(px(14), px(30), px(_LEAD - 18), px(18))
    sheet.write(word, severity_word(severity), (font(12, MEDIUM), token))


def _paint_middle(sheet: RowSheet, line: IncidentLine, right_x: int) -> None:
    x, end = px(_LEAD), right_x - px(8)
    merged = len(line.incident.accounts)
    if merged:
        told = say("{count} merged").format(count=merged) if sheet.sight.is_roomy else str(merged)
        width = text_width(told, 12)
        box = sheet.box(end - width, px(9), width, px(20))
        sheet.write(box, told, (font(12), "text2"))
        icon = sheet.box(end - width - px(18), px(12), px(14), px(14))
        paint_icon(sheet.painter, "layers", icon, "text2")
        end -= width + px(26)
    if line.incident.photo_count:
        icon = sheet.box(end - px(14), px(12), px(14), px(14))
        paint_icon(sheet.painter, "camera", icon, "text2")
        end -= px(22)
    sheet.write(sheet.box(x, px(9), end - x, px(20)), title(line), (font(13, SEMIBOLD), "text"))
    y, step = px(30), ""
    if line.incident.status is not IncidentStatus.ACTIVE:
        step = incident_status_word(line.incident.status)
    width = text_width(step, 12, MEDIUM) if step else 0
    if step:
        sheet.write(sheet.box(x, y, width, px(18)), step, (font(12, MEDIUM), "text"))
        x += width + px(8)
    room = right_x - px(8) - x
    sheet.write(sheet.box(x, y, room, px(18)), place(line), (font(12), "text2"))


def _paint_end(sheet: RowSheet, line: IncidentLine, column: tuple[int, int]) -> None:
    x, room = column
    width = numeral_width(_age(line, sheet.sight), 13, SEMIBOLD)
    _paint_needs(sheet, line, (x, room - width - px(6)))
    if sheet.is_chosen:
        sheet.painter.setFont(font(12))
        words = sheet.box(x, px(30), room, px(18))
        sheet.line(words, sent_words(line), "text2", TRAILING)
    else:
        paint_bar(sheet, QRect(x, px(32), room, px(14)), line.steps, MARK_PX)


def _age(line: IncidentLine, sight: Sight) -> str:
    until = line.incident.cleared_at if line.group is Group.CLEARED else sight.now
    return running((until or sight.now) - line.incident.reported_at)


def _paint_age(sheet: RowSheet, line: IncidentLine) -> None:
    is_alone = not line.open_assignments and line.group is not Group.CLEARED
    is_urgent = is_alone and line.incident.severity is Severity.CRITICAL
    age = _age(line, sheet.sight)
    width = numeral_width(age, 13, SEMIBOLD)
    sheet.painter.setFont(numerals(13, SEMIBOLD))
    box = sheet.box(sheet.rect.width() - px(PAD) - width, px(9), width, px(20))
    sheet.line(box, age, "critical" if is_urgent else "text", TRAILING)


def _paint_needs(sheet: RowSheet, line: IncidentLine, column: tuple[int, int]) -> None:
    x, room = column
    end = x + room
    for service, count in line.needs.items():
        missing = line.missing.get(service, 0)
        token = "text" if missing else "text3"
        told = str(missing or count) if max(missing, count) > 1 else ""
        width = px(14) + (numeral_width(told, 12, SEMIBOLD) + px(2) if told else 0)
        if x + width > end:
            return
        paint_icon(
            sheet.painter, SERVICE_ICONS[service], sheet.box(x, px(12), px(14), px(14)), token
        )
        if told:
            box = sheet.box(x + px(15), px(9), width - px(14), px(20))
            sheet.write(box, told, (numerals(12, SEMIBOLD), token))
        x += width + px(4)


def _paint_open(sheet: RowSheet, line: IncidentLine) -> None:
    x = px(_LEAD)
    room = sheet.rect.width() - x - px(PAD)
    sheet.painter.fillRect(sheet.box(x, px(57), room, 1), colour("line"))
    paint_open_bar(sheet, QRect(x, px(66), room, px(50)), line.steps, sheet.sight.zone)
    sheet.write(sheet.box(x, px(120), room, px(18)), facts(line), (font(12, MEDIUM), "text"))
    told = told_by(line, sheet.sight.zone)
    sheet.write(sheet.box(x, px(140), room, px(18)), told, (font(12), "text2"))


def _paint_cleared(sheet: RowSheet, line: IncidentLine) -> None:
    incident, height = line.incident, sheet.rect.height()
    width = sheet.rect.width()
    paint_severity(sheet.painter, incident.severity, sheet.centre(px(22), height // 2), px(5))
    score = sheet.box(px(36), 0, px(40), height)
    sheet.write(score, str(incident.severity_score), (numerals(12, SEMIBOLD), "text2"))
    at = clock(incident.cleared_at, sheet.sight.zone) if incident.cleared_at else ""
    told = say("cleared {time}").format(time=at)
    end = width - px(PAD) - px(14)
    mark = sheet.centre(end + px(8), height // 2)
    paint_sync(sheet.painter, line.mark, QPointF(mark), px(12) / 2)
    room = text_width(told, 12)
    sheet.painter.setFont(font(12))
    sheet.line(sheet.box(end - px(4) - room, 0, room, height), told, "text3", TRAILING)
    words = f"{title(line)}  ·  {place(line)}"
    box = sheet.box(px(72), 0, end - px(12) - room - px(72), height)
    sheet.write(box, words, (font(12), "text2"))
