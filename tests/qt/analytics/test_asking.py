"""What is asked in order, and what is taken for an old answer."""

import threading

from pytestqt.qtbot import QtBot

from trafficdesk.domain.analytics.periods import last_days
from trafficdesk.qt.analytics.asking import Asking, Question
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.services.session import Session

CHOICE = Choice(last_days(20_000, 7))


def test_what_changes_while_it_is_counted_is_counted_once_more(
    session: Session, lanes: Lanes, appearance: Appearance, qtbot: QtBot
) -> None:
    go_on, begun, answered = threading.Event(), list[int](), list[object]()

    def count(_session: Session, _choice: Choice) -> int:
        begun.append(len(begun))
        go_on.wait(20)
        return begun[-1]

    asking = Asking(session, lanes, appearance)
    asking.answered.connect(lambda _name, answer: answered.append(answer))
    questions = (Question("kpis", count),)
    asking.ask(questions, CHOICE)
    qtbot.waitUntil(lambda: begun == [0])
    asking.forget()
    go_on.set()
    qtbot.waitUntil(lambda: not asking.is_busy)
    asking.ask(questions, CHOICE)
    qtbot.waitUntil(lambda: answered == [0, 1])
    asking.ask(questions, CHOICE)
    assert not asking.is_busy, "nothing changed since"
