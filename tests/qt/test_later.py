"""What is done a little later: once for many asks, and not never where asks do not end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from trafficdesk.qt.later import Soon

_OFTEN_MS = 5


@contextmanager
def asking(ask: Callable[[], object]) -> Iterator[None]:
    """Ask again and again, faster than anything waits."""
    timer = QTimer()
    timer.setInterval(_OFTEN_MS)
    timer.timeout.connect(ask)
    timer.start()
    yield
    timer.stop()


def test_who_never_stops_asking_is_answered_again_and_again(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    soon = Soon(owner, 40, lambda: done.append(1), rest_ms=60)
    with asking(soon.start):
        qtbot.waitUntil(lambda: len(done) >= 3)


def test_many_asks_at_once_are_answered_once_and_later_ones_once_more(qtbot: QtBot) -> None:
    owner, asked, seen = QObject(), list[int](), list[int]()
    soon = Soon(owner, 20, lambda: seen.append(len(asked)), rest_ms=50)
    for count in (10, 20):
        while len(asked) < count:
            asked.append(1)
            soon.start()
        qtbot.waitUntil(lambda: bool(seen) and seen[-1] == len(asked))
    assert seen == [10, 20]
