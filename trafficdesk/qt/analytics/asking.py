"""Asking services one question after the other, off the GUI's thread; to be stopped at any time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.calendar import DayTime
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.tasks import Lane, Lanes, Task
from trafficdesk.services.session import Session

_KEY: Final = "analytics"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked under a name; ``ask`` runs on a reader's thread."""

    id: str
    ask: Callable[[Session, Choice], object]


class Asking(QObject):
    """Asks in order, one at a time, so that other screens' readers are not held up.

    ``answered`` carries a question's id and its answer, ``failed`` its id and the fault;
    ``counted`` how many are done, and of how many; equal when nothing is asked any more.
    """

    answered = Signal(str, object)
    failed = Signal(str, object)
    counted = Signal(int, int)

    def __init__(self, session: Session, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._lanes = lanes.owned_by(self)
        self._waiting: list[Question] = []
        self._task: Task | None = None
        self._choice: Choice | None = None
        self._answers: dict[str, Choice] = {}
        self._forgotten = 0
        self._total = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being asked."""
        return self._task is not None

    def forget(self) -> None:
        """Take every answer for an old one, also what is being counted: something changed."""
        self._answers.clear()
        self._forgotten += 1

    def dated(self, choice: Choice, now: DayTime) -> Choice:
        """Return a choice as of now, or of when it was answered: what is shown is of one moment.

        With another day every answer is an old one: a desk may stay open for days.
        """
        answered = next((each.now for each in self._answers.values() if each == choice), now)
        if answered.day != now.day:
            self.forget()
            answered = now
        return replace(choice, now=answered)

    def ask(self, questions: tuple[Question, ...], choice: Choice) -> None:
        """Ask what was not answered yet for this choice; what was asked before is dropped."""
        self.stop()
        self._choice = choice
        self._waiting = [each for each in questions if self._answers.get(each.id) != choice]
        self._total = len(self._waiting)
        self._next()

    def stop(self) -> None:
        """Ask nothing more; what is being counted ends by itself, unheard."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._waiting = []
        self._total = 0

    def _next(self) -> None:
        self.counted.emit(self._total - len(self._waiting), self._total)
        if not self._waiting or self._choice is None:
            self._task = None
            return
        question, choice, known = self._waiting[0], self._choice, self._forgotten
        session = self._session
        self._task = self._lanes.run(
            Lane.READER,
            lambda: question.ask(session, choice),
            partial(self._take, question, choice, known),
            partial(self._take_fault, question),
            key=_KEY,
        )

    def _take(self, question: Question, choice: Choice, known: int, answer: object) -> None:
        if known == self._forgotten:
            self._answers[question.id] = choice
        self.answered.emit(question.id, answer)
        self._go_on(question)

    def _take_fault(self, question: Question, fault: Exception) -> None:
        self.failed.emit(question.id, fault)
        self._go_on(question)

    def _go_on(self, question: Question) -> None:
        if self._waiting and self._waiting[0] is question:
            self._waiting.pop(0)
            self._next()
