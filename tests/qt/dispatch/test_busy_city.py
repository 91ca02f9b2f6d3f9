"""Where changes come faster than a screen waits for a pause, it shows them all the same."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer

from tests.qt.dispatch.conftest import Desk, FileIncident, OpenDesk
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed

_EVERY_MS = 10


@pytest.fixture
def desk(open_desk: OpenDesk) -> Iterator[Desk]:
    """Dispatch of a city in which some unit is heard of a hundred times a second."""
    desk, stream = open_desk(), QTimer()
    stream.setInterval(_EVERY_MS)
    changed = Changed(kinds=frozenset({Entity.UNIT}))
    stream.timeout.connect(lambda: desk.changes.tell(changed))
    stream.start()
    yield desk
    stream.stop()


def test_the_board_shows_what_came(desk: Desk, file_incident: FileIncident) -> None:
    incident = file_incident()
    desk.wait(lambda: incident in desk.work.lines.by_incident)
    another = file_incident()
    desk.wait(lambda: another in desk.work.lines.by_incident)
