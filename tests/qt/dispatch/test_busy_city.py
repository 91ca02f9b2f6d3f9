"""Where changes come faster than a screen waits for a pause, it shows them all the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer

from tests.qt.dispatch.conftest import HERE, Desk, EnlistUnit, FileIncident, OpenDesk
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed
from trafficdesk.store import unit_positions

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


def test_a_unit_stays_where_it_was_heard_of_last_though_the_store_does_not_know_yet(
    open_desk: OpenDesk, enlist: EnlistUnit, file_incident: FileIncident
) -> None:
    """The store is written every few seconds; the board may be read in between."""
    unit = enlist("P12", age=timedelta(minutes=1))
    desk = open_desk()
    before, after = desk.unit(unit).place, Place(HERE.lon + 0.01, HERE.lat)
    assert before is not None
    desk.work.take_positions([Position(unit, after, desk.session.lease_clock())])
    assert desk.unit(unit).place == after
    incident = file_incident()
    desk.work.load()
    desk.wait(lambda: incident in desk.work.lines.by_incident)
    assert desk.unit(unit).place == after
    # What the store heard of later goes before.
    later = Position(unit, before, desk.session.lease_clock() + timedelta(seconds=5))
    with desk.session.store.writing() as connection:
        unit_positions.put(connection, [later])
    desk.work.load()
    desk.wait(lambda: desk.unit(unit).place == before)
