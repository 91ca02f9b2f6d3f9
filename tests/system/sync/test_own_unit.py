"""A patrol laptop with a real server: its call for help goes first, and is lost by nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from tests.services.dispatching import enlist
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.killing import reopened
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.vocabulary import Duty, Role
from trafficdesk.services import incidents, own_unit, units
from trafficdesk.store import incidents as incident_rows
from trafficdesk.store.rows import fetch_all

WAITING = 500
HERE = Place(76.9812, 11.0247)
_ROOT = Path(__file__).parents[3]


@pytest.fixture
def station(add_desk: AddDesk) -> SyncedDesk:
    """A dispatcher's desk, where P12 was enlisted."""
    desk = add_desk(Role.DISPATCHER, "Devi D")
    enlist(desk.session, "P12")
    desk.sync()
    return desk


@pytest.fixture
def patrol(add_desk: AddDesk, station: SyncedDesk) -> SyncedDesk:
    """The laptop in P12."""
    desk = add_desk(Role.OFFICER, "Meena K")
    desk.sync()
    (found,) = units.find_units(station.session)
    assert own_unit.choose(desk.session, found.unit.id) is None
    return desk


def _own_id(desk: SyncedDesk) -> UUID:
    found = own_unit.find(desk.session)
    assert found is not None
    return found.unit.id


def _calls(desk: SyncedDesk) -> list[tuple[UUID | None, Place]]:
    with desk.session.store.reading() as connection:
        return [(each.unit_id, each.place) for each in incident_rows.find_open(connection)]


def test_a_call_for_help_is_at_the_other_desk_before_all_that_waited(
    patrol: SyncedDesk, station: SyncedDesk
) -> None:
    unit_id = _own_id(patrol)
    for number in range(WAITING):
        duty = Duty.BUSY if number % 2 else Duty.OFF
        assert units.set_duty(patrol.session, unit_id, duty).is_done
    before = _fetch_duty(station, unit_id)
    own_unit.keep(patrol.session, [Position(unit_id, HERE, patrol.session.clock())], 7)
    assert incidents.call_for_help(patrol.session, unit_id).outcome.is_done
    assert patrol.counts().queued == WAITING + 1
    patrol.lose_an_answer()  # one push has reached the server, and no more
    station.sync()
    assert _calls(station) == [(unit_id, HERE)]
    assert _fetch_duty(station, unit_id) == before
    patrol.sync()
    station.sync()
    assert patrol.counts().queued == 0
    assert _fetch_duty(station, unit_id) != before
    assert len(_calls(station)) == 1


def _fetch_duty(desk: SyncedDesk, unit_id: UUID) -> object:
    """Return what a desk last heard of a crew's duty."""
    with desk.session.store.reading() as connection:
        query = "SELECT duty FROM units WHERE id = ?"
        return fetch_all(connection, query, (unit_id.bytes,))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_desk_killed_between_the_key_and_the_line_has_called_all_the_same(
    patrol: SyncedDesk, station: SyncedDesk
) -> None:
    unit_id = _own_id(patrol)
    given = {
        "folder": str(patrol.session.profile.folder),
        "key": patrol.session.key.hex(),
        "officer": str(patrol.session.officer.id),
    }
    patrol.session.store.close()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.system.sync.calling_child"],
        cwd=_ROOT,
        input=json.dumps(given),
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    station.sync()
    assert _calls(station) == []
    with _open_again(patrol) as again:
        again.sync()
        again.sync()
        assert again.counts().queued == 0
    station.sync()
    assert [each for each, _place in _calls(station)] == [unit_id]


@contextmanager
def _open_again(desk: SyncedDesk) -> Iterator[SyncedDesk]:
    again = reopened(desk)
    try:
        yield again
    finally:
        again.engine.stop()
        again.session.store.close()
