"""What waits for somebody: conflicts to settle, and what the server would not take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import clock, day
from trafficdesk.qt.event_words import done_word, field_word
from trafficdesk.qt.sync.words import reason_sentence
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, IconLabel, Label, SyncMark, label_row
from trafficdesk.services.conflicts import ConflictDetail
from trafficdesk.services.parked import Parked
from trafficdesk.wire.exchange import Reason

_FIELDS_NAMED: Final = 3
# What mends it most likely; else opening the report comes first.
_RETRY_FIRST: Final = frozenset({Reason.UNKNOWN_ACTOR, Reason.UNKNOWN_RECORD})
_WITHDRAW_FIRST: Final = frozenset({Reason.ALTERED, Reason.OUT_OF_SCOPE, Reason.NOT_PERMITTED})


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the panel leads: to a report by its number, to a conflict by its id if it can."""

    open_report: Callable[[int], None]
    open_conflict: Callable[[UUID], None] | None
    zone: tzinfo


def _say(source: str) -> str:
    return QCoreApplication.translate("NeedYou", source)


class NeedRow(QWidget):
    """What it is, when, and why in one sentence; what can be done below."""

    def __init__(self, mark: QWidget, title: str, time: str, sentence: str) -> None:
        super().__init__()
        self.title = Label(title, 13, 600).set_wrapped()
        self.sentence = Label(sentence, 12, 400, "text2").set_wrapped()
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(self.title, 1)
        head.addWidget(Label(time, 12, 400, "text2").set_numeric(), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(px(4))
        words.addLayout(head)
        words.addWidget(self.sentence)
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        self.body.addLayout(words)
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self.body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(10), 0, 0)
        column.setSpacing(px(10))
        column.addLayout(row)
        column.addWidget(Hairline())
        self.setAccessibleName(f"{title}, {time}. {sentence}")


class ConflictRow(NeedRow):
    """A conflict, and the way to where it is settled."""

    def __init__(self, detail: ConflictDetail, ways: Ways) -> None:
        conflict, report = detail.conflict, detail.report
        missing = detail.area_name or _say("A report that is not on this desk")
        reference = report.reference if report else missing
        names = [field_word(each.field) for each in conflict.in_question]
        fields = ", ".join(names[:_FIELDS_NAMED])
        name = detail.names.get(conflict.theirs_actor_id) if conflict.theirs_actor_id else None
        sentence = _say("{name} changed it differently: {fields}. Choose what holds.")
        super().__init__(
            SyncMark(SyncState.CONFLICT),
            _say("Conflict, {reference}").format(reference=reference),
            _moment(conflict.opened_at, ways.zone),
            sentence.format(name=name or _say("Another officer"), fields=fields),
        )
        self.conflict_id = conflict.id
        open_conflict = ways.open_conflict
        if open_conflict is not None:
            self.compare = ActionButton(_say("Compare"), "", Kind.PRIMARY)
            self.compare.clicked.connect(lambda: open_conflict(conflict.id))
            self.body.addLayout(label_row(self.compare))
        elif report is not None:
            shown = ActionButton(_say("Open report"), "", Kind.PRIMARY)
            shown.clicked.connect(lambda: ways.open_report(report.pk))
            self.body.addLayout(label_row(shown))


def parked_word(parked: Parked) -> str:
    """Return what was wanted, as lists say it."""
    operation = parked.operation
    if operation.entity is Entity.REPORT:
        return done_word(operation.action)
    return audit_word(f"{operation.entity}.{operation.action}")


def _why(parked: Parked) -> str:
    """Return why it was set aside; a value that was not taken is named."""
    sentence = reason_sentence(parked.reason)
    if parked.reason != Reason.BAD_VALUE or not parked.detail:
        return sentence
    named = _say("It is about: {field}.").format(field=field_word(parked.detail))
    return f"{sentence} {named}"


class ParkedRow(NeedRow):
    """An operation that was set aside. ``retried`` and ``withdrawn`` carry its id."""

    retried = Signal(object)
    withdrawn = Signal(object)

    def __init__(self, parked: Parked, ways: Ways) -> None:
        report = parked.report
        named = (parked_word(parked), report.reference if report else "")
        super().__init__(
            IconLabel("circle-alert", 14, "conflict"),
            ", ".join(filter(None, named)),
            _moment(parked.at, ways.zone),
            _why(parked),
        )
        self.op_id = parked.operation.op_id
        if parked.detail:
            self.sentence.setToolTip(parked.detail)
        self.retry = ActionButton(_say("Retry"))
        self.withdraw = ActionButton(_say("Withdraw"))
        self.retry.clicked.connect(lambda: self.retried.emit(self.op_id))
        self.withdraw.clicked.connect(self._ask)
        buttons = [self.retry, self.withdraw]
        if report is not None:
            self.show_report = ActionButton(_say("Open report"))
            self.show_report.clicked.connect(lambda: ways.open_report(report.pk))
            buttons.insert(1, self.show_report)
        best = _best(parked.reason, buttons)
        best.set_kind(Kind.PRIMARY)
        self.choices = QWidget()
        choices = label_row(*sorted(buttons, key=lambda each: each is not best))
        self.choices.setLayout(choices)
        self.body.addWidget(self.choices)
        self.question = self._question()
        self.body.addWidget(self.question)
        self.question.hide()

    def _question(self) -> QWidget:
        asked = QWidget()
        column = QVBoxLayout(asked)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        words = _say("It is never sent then. It stays in the history as withdrawn.")
        column.addWidget(Label(words, 12, 500).set_wrapped())
        self.yes = ActionButton(_say("Withdraw it"), "", Kind.DANGER)
        self.no = ActionButton(_say("Keep it"), "", Kind.GHOST)
        self.yes.clicked.connect(lambda: self.withdrawn.emit(self.op_id))
        self.no.clicked.connect(self._keep)
        column.addLayout(label_row(self.yes, self.no))
        return asked

    def _ask(self) -> None:
        self.choices.hide()
        self.question.show()
        self.no.setFocus()

    def _keep(self) -> None:
        self.question.hide()
        self.choices.show()
        self.withdraw.setFocus()


def _best(reason: str, buttons: list[ActionButton]) -> ActionButton:
    if reason in _RETRY_FIRST:
        return buttons[0]
    return buttons[-1] if reason in _WITHDRAW_FIRST else buttons[-2]


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{day(at, zone)}  {clock(at, zone)}"
