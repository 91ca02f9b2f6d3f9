"""A watch that ends with its test."""

from collections.abc import Callable, Iterator

import pytest

from tests.position.drives import QUICK, Notes, watch_of
from trafficdesk.position.receiving import Receiver
from trafficdesk.position.watch import Patience, PositionWatch

Listen = Callable[..., PositionWatch]


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def listen(notes: Notes) -> Iterator[Listen]:
    """Start a watch of a receiver, which tells ``notes``."""
    watches: list[PositionWatch] = []

    def start(receiver: Receiver, patience: Patience = QUICK) -> PositionWatch:
        watch = watch_of(receiver, notes, patience)
        watches.append(watch)
        watch.start()
        return watch

    yield start
    for watch in watches:
        watch.stop()
