"""The strip under the map: whom to send by 1, 2, 3; or a question that waits for its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.dispatch.lines import IncidentLine
from trafficdesk.qt.dispatch.suggestions import OFFERED, Suggested, Suggestion
from trafficdesk.qt.dispatch.words import basis_words, position_age, say, short_reference, travel
from trafficdesk.qt.incident_words import service_word
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.qt.widgets.painting import Painted, painter_on
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.services.dispatch_board import Group

HEIGHT_PX: Final = 80


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked once before it is done; ``command`` answers it."""

    title: str
    detail: str
    answer: str
    command: str
    key: str
    kind: Kind = Kind.PRIMARY


class _Mark(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.severity = Severity.MINOR
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(18), px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_severity(painter_on(self), self.severity, QPointF(px(9), px(9)), px(7))


class SuggestionStrip(Panel):
    """``picked`` carries the number of a suggestion; ``answered`` the command of a question."""

    picked = Signal(int)
    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.suggestion: Suggestion | None = None
        self.question: Question | None = None
        self._refusal = ""
        self._mark = _Mark()
        self.title = ElidedLabel("", 13, 600).hug()
        self.basis = ElidedLabel("", 12, 400, "text2").hug()
        self.note = ElidedLabel("", 12, 400, "text2")
        self.buttons = [
            ActionButton("", str(n), Kind.PRIMARY if n == 1 else Kind.PLAIN)
            for n in range(1, OFFERED + 1)
        ]
        self.choose = ActionButton(say("Choose a unit"), "A", Kind.GHOST)
        self.asked = ElidedLabel("", 13, 600)
        self.asked_more = ElidedLabel("", 12, 400, "text2")
        self.yes = ActionButton("", "", Kind.PRIMARY)
        self.no = ActionButton(say("Let it be"), "Esc", Kind.GHOST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)  # what has no room is left out, and widens no window
        self._lay_out()
        for number, button in enumerate(self.buttons):
            button.clicked.connect(self._picker(number))
        self.choose.clicked.connect(self._choose_unit)
        self.yes.clicked.connect(self._answer)
        self.no.clicked.connect(self._let_be)

    def _lay_out(self) -> None:
        offers = QWidget()
        first = QHBoxLayout()
        first.setSpacing(6)
        for widget in (self._mark, self.title):
            first.addWidget(widget)
        first.addStretch(1)
        first.addWidget(self.basis)
        second = QHBoxLayout()
        second.setSpacing(8)
        for button in self.buttons:
            second.addWidget(button)
        second.addWidget(self.choose)
        second.addWidget(self.note, 1)
        column = QVBoxLayout(offers)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(4)
        column.addLayout(first)
        column.addLayout(second)
        self.pages = StackedPage()
        self._offers, self._asks = offers, self._question_page()
        self.pages.keep(self._offers, self._asks)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self.restyle()

    def _question_page(self) -> QWidget:
        page = QWidget()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.asked)
        words.addWidget(self.asked_more)
        words.addStretch(1)
        row = QHBoxLayout(page)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        return page

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(HEIGHT_PX))
        super().restyle()

    # suggestions

    def show_nothing(self, words: str = "") -> None:
        """Offer nobody, and say why."""
        self.suggestion = None
        self._mark.hide()
        self.title.setText(words or say("Choose an incident"))
        self.basis.setText("")
        self.note.setText("")
        for button in (*self.buttons, self.choose):
            button.hide()

    def show_suggestion(self, line: IncidentLine, found: Suggestion, now: datetime) -> None:
        """Offer the units to send to an incident."""
        if line.group is Group.CLEARED:
            self.show_nothing(say("Cleared: nobody is to be sent"))
            return
        self.suggestion = found
        self._mark.show()
        self._mark.severity = line.incident.severity
        self._mark.update()
        reference = short_reference(line.incident.reference)
        is_more = bool(line.open_assignments) and not line.missing
        told = say("Send one more to {incident}") if is_more else say("Send to {incident}")
        self.title.setText(told.format(incident=reference))
        self.basis.setText(basis_words(found.basis, found.speed_km_h))
        self._fit()
        self.note.setText(_note(found, now))
        self.note.setAccessibleName(self.note.text())

    def refuse(self, reason: str) -> None:
        """Say why nobody can be sent from here; "" lets it be done."""
        self._refusal = reason
        for button in (*self.buttons, self.choose):
            button.set_refusal(reason)
        if reason:
            self.note.setText(reason)
            self.note.setAccessibleName(reason)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as many suggestions as have room; their keys hold for all of them."""
        found = self.suggestion
        if found is None:
            return
        self.choose.show()
        for is_long in (True, False):
            for button, option in zip(self.buttons, found.options, strict=False):
                self._show_option(button, option, is_long=is_long)
            if self._needed(len(found.options)) <= self.width():
                break
        shown = len(found.options)
        while shown > 1 and self._needed(shown) > self.width():
            shown -= 1
        self.choose.setVisible(self._needed(shown) <= self.width())
        for number, button in enumerate(self.buttons):
            button.setVisible(number < shown)

    def _needed(self, count: int) -> int:
        parts: list[QWidget] = [*self.buttons[:count], self.choose]
        if self._refusal:  # which is read whole, for nothing else can be done here
            parts.append(self.note)
        return sum(each.sizeHint().width() + 8 for each in parts) + 24

    def _show_option(self, button: ActionButton, option: Suggested, *, is_long: bool) -> None:
        found = self.suggestion
        is_mixed = found is not None and len({each.service for each in found.options}) > 1
        what = service_word(option.service) if is_mixed else say("free")
        words = f"{option.call_sign}  {travel(option.seconds)}"
        button.setText(f"{words} · {what}" if is_long else words)
        told = say("Send {unit}, {time}")
        time = f"{travel(option.seconds)}, {what}"
        button.setAccessibleName(told.format(unit=option.call_sign, time=time))
        button.restyle()

    def _picker(self, number: int) -> Callable[[], None]:
        def pick() -> None:
            self.picked.emit(number)

        return pick

    def _choose_unit(self) -> None:
        self.answered.emit("dispatch.choose_unit")

    # questions

    def ask(self, question: Question) -> None:
        """Ask something; the suggestions come back when it is answered or let be."""
        self.question = question
        self.asked.setText(question.title)
        self.asked_more.setText(question.detail)
        self.yes.setText(question.answer)
        self.yes.set_kind(question.kind)
        self.yes.set_key(question.key)
        self.yes.setAccessibleName(question.answer)
        self.yes.restyle()
        self.pages.show_page(self._asks)

    def close_question(self) -> bool:
        """Take the question away; False when none was asked."""
        was_asked, self.question = self.question is not None, None
        self.pages.show_page(self._offers)
        return was_asked

    def _answer(self) -> None:
        if self.question is not None:
            self.answered.emit(self.question.command)

    def _let_be(self) -> None:
        self.answered.emit("dispatch.close")


def _note(found: Suggestion, now: datetime) -> str:
    doubt = found.doubtful
    if doubt is not None:
        told = say("{unit} may be {time}, its position is {age} old")
        return told.format(
            unit=doubt.call_sign,
            time=travel(doubt.seconds),
            age=position_age(now - doubt.position_age, now),
        )
    return "" if found.options else say("No free unit offers what is needed")
