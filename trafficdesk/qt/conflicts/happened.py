"""What led to a conflict and what became of it, the latest first."""

from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.records import Event
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.sheet import Sheet
from trafficdesk.qt.conflicts.view import ConflictView
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.event_words import event_title
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.timeline import TimelineRow, TimelineView

_SHOWN: Final = 8
_SAME_S: Final = 1.0  # a row's time and its event's differ by what milliseconds round
_Dated = tuple[datetime, TimelineRow]


class Happened(QWidget):
    """A heading and the lines of a timeline."""

    def __init__(self) -> None:
        super().__init__()
        self.timeline = TimelineView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(8))
        column.addWidget(Hairline())
        column.addWidget(Label(say("What happened"), 12, 600, "text2"))
        column.addWidget(self.timeline)

    def show_view(self, view: ConflictView) -> None:
        """Tell what happened to the record of this conflict."""
        self.timeline.set_rows(happened(view))


def happened(view: ConflictView) -> tuple[TimelineRow, ...]:
    """Return the lines: what was done to the record, both sides, the meeting, the settlement."""
    conflict = view.detail.conflict
    held = {each.op_id for each in conflict.operations}
    events = [each for each in view.around.events if each.id not in held]
    rows = [_met(view), *_held(view), *(_event(view, each) for each in events)]
    if not any(_is_theirs(view, each) for each in events):
        rows += _theirs(view)
    if view.is_settled and not any(each.action == "settle" for each in events):
        rows += _settled(view)
    rows.sort(key=lambda each: each[0], reverse=True)
    return tuple(row for _, row in rows[:_SHOWN])


def _row(view: ConflictView, at: datetime, title: str, detail: str, state: SyncState) -> _Dated:
    return at, TimelineRow(view.reader.moment(at), title, detail, state)


def _met(view: ConflictView) -> _Dated:
    conflict = view.detail.conflict
    fields = ", ".join(words.field_title(key) for key in Sheet(conflict, None).asked)
    state = conflict.sync_state if view.is_settled else SyncState.CONFLICT
    return _row(view, conflict.opened_at, say("The two changes met"), fields, state)


def _held(view: ConflictView) -> list[_Dated]:
    detail = view.detail
    state = SyncState.CONFIRMED if view.is_settled else SyncState.CONFLICT
    return [
        _row(
            view,
            each.at,
            words.action_word(detail.conflict.record_entity, each.action),
            _joined(view.reader.person(detail, each.actor_id), each.note),
            state,
        )
        for each in detail.conflict.operations
    ]


def _event(view: ConflictView, event: Event) -> _Dated:
    who = event.actor_name or say("this desk")
    title, note = event_title(event), event.note
    if event.entity is not Entity.REPORT:
        title = words.action_word(event.entity, event.action)
    if event.action == "settle":
        title = say("Settled")
    return _row(view, event.at, title, _joined(who, note), event.sync_state)


def _is_theirs(view: ConflictView, event: Event) -> bool:
    at = view.detail.conflict.theirs_at
    return at is not None and abs((event.at - at).total_seconds()) < _SAME_S


def _theirs(view: ConflictView) -> list[_Dated]:
    """Return their side where its event did not come: a snapshot brings records alone."""
    conflict, sheet = view.detail.conflict, view.sheet
    if conflict.theirs_at is None:
        return []
    who = words.people(view.detail, view.reader)[1]
    is_deleted = sheet.is_deletion and not sheet.mine_deleted
    title = say("Deleted") if is_deleted else say("Changed")
    return [_row(view, conflict.theirs_at, title, who, SyncState.CONFIRMED)]


def _settled(view: ConflictView) -> list[_Dated]:
    conflict = view.detail.conflict
    if conflict.settled_at is None:
        return []
    who = view.reader.person(view.detail, conflict.settled_by)
    told = _joined(who, conflict.settle_note)
    return [_row(view, conflict.settled_at, say("Settled"), told, conflict.sync_state)]


def _joined(who: str, note: str) -> str:
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{note}\N{RIGHT DOUBLE QUOTATION MARK}" if note else ""
    return " \N{MIDDLE DOT} ".join(filter(None, (who, quoted)))
