"""Desks that listen: alerts before the record, units that move, and lines that die in silence."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from tests.server.live_rooms.listening import Dispatcher
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.records import Position
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.store import incidents, unit_positions
from trafficdesk.sync import link
from trafficdesk.sync import live as lives
from trafficdesk.sync.access import Access
from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.engine import Engine, Listener
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.live import Ears, Live
from trafficdesk.sync.status import Phase, Status
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.live import UnitPosition

WAIT_S = 20.0
SHORT_S = 1.0


@dataclass
class Listening:
    """A desk whose whole sync runs, and what its screens were told."""

    desk: SyncedDesk
    url: str
    statuses: list[Status] = field(default_factory=list)
    moved: list[Position] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    engine: Engine = field(init=False)
    live: Live = field(init=False)

    def start(self) -> None:
        """Start both threads, on a road of their own."""
        session, address = self.desk.session, ServerAddress(self.url)
        told = (self.statuses.append, self.touched.append, lambda: None, self.moved.extend)
        sender = Access(Line(address), session.store, session.device)
        self.engine = Engine(sender, Listener(*told), lambda: to_ms(session.clock()))
        engine, access = self.engine, Access(Line(address), session.store, session.device)
        ears = Ears(engine.nudge, engine.note_live, engine.hear_incident, engine.hear_positions)
        at_once = Backoff(lambda: 0.0)
        self.live = Live(address, access.websocket_headers, self._cities, ears, at_once)
        self.engine.start()
        self.live.start()

    def _cities(self) -> dict[UUID, int | None]:
        with self.desk.session.store.reading() as connection:
            return link.find_cursors(connection)

    @property
    def is_told(self) -> bool:
        """Whether the server tells of changes by itself, and nothing is under way."""
        return self.engine._is_told and self.engine.status.phase is Phase.RESTING

    @property
    def alerts(self) -> set[UUID]:
        """Whatever was shown as an alert."""
        return {alert.id for status in self.statuses for alert in status.alerts}

    def knows(self, incident_id: UUID) -> bool:
        """Tell whether an incident is in the desk's store."""
        with self.desk.session.store.reading() as connection:
            return incidents.find(connection, incident_id) is not None

    def place_of(self, unit_id: UUID) -> Position | None:
        """Return where the desk's store has a unit."""
        with self.desk.session.store.reading() as connection:
            return unit_positions.find_all(connection).get(unit_id)


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    ends_at = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


@contextmanager
def listening(desk: SyncedDesk, url: str) -> Iterator[Listening]:
    """Let a desk listen until the block ends."""
    found = Listening(desk, url)
    found.start()
    try:
        wait_until(lambda: found.is_told)
        yield found
    finally:
        found.engine.stop(WAIT_S)
        found.live.stop(WAIT_S)


def test_a_critical_incident_is_an_alert_first_and_then_a_record(
    add_desk: AddDesk, world: World
) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        incident_id = writer.file_incident(severity=4)
        wait_until(lambda: desk.knows(incident_id))
        wait_until(lambda: not desk.engine.status.alerts)
    assert desk.alerts == {incident_id}


def test_an_alert_is_shown_while_the_desk_cannot_fetch(add_desk: AddDesk, world: World) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress("http://127.0.0.1:9"))
        incident_id = writer.file_incident(vehicle_count=9)
        wait_until(lambda: incident_id in desk.alerts)
        assert not desk.knows(incident_id)


def test_what_is_not_critical_comes_without_an_alert(add_desk: AddDesk, world: World) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        incident_id = writer.file_incident(severity=3)
        wait_until(lambda: desk.knows(incident_id))
    assert desk.alerts == set()


def enlisted(who: Dispatcher) -> UUID:
    return who.make("unit", "enlist", call_sign="P12", kind="patrol_car")


def test_a_unit_that_tells_where_it_is_is_seen_at_the_other_desk_and_kept_there(
    add_desk: AddDesk, world: World
) -> None:
    unit_id = enlisted(Dispatcher.at(world))
    with (
        listening(add_desk(Role.OFFICER), world.live.url) as patrol,
        listening(add_desk(Role.DISPATCHER), world.live.url) as desk,
    ):
        patrol.live.tell_position(
            UnitPosition(
                unit_id=unit_id, lon=76.98, lat=11.03, at_ms=to_ms(utc_now()), heading=90.0
            )
        )
        wait_until(lambda: any(each.unit_id == unit_id for each in desk.moved))
        wait_until(lambda: desk.place_of(unit_id) is not None)
    kept = desk.place_of(unit_id)
    assert kept is not None
    assert (kept.place, kept.heading) == ((76.98, 11.03), 90.0)
    assert any(Entity.UNIT in each.kinds for each in desk.touched)


def test_a_line_that_died_in_silence_is_noticed_and_made_anew(
    add_desk: AddDesk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "PING_S", SHORT_S)
    writer = Dispatcher.at(world)
    with Road(world.live.url) as road, listening(add_desk(Role.DISPATCHER), road.url) as desk:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress(world.live.url))
        road.set(Way.NOWHERE)
        wait_until(lambda: not desk.engine._is_told)
        assert road.lost.is_set()
        road.set(Way.OPEN)
        wait_until(lambda: desk.engine._is_told)
        incident_id = writer.file_incident(severity=4)
        wait_until(lambda: incident_id in desk.alerts)
