"""A desk whose whole sync runs, as its window runs it, and what its screens were told."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.records import Position
from trafficdesk.domain.times import to_ms
from trafficdesk.store import incidents, unit_positions
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.engine import Engine, Listener
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.live import Ears, Live
from trafficdesk.sync.status import Phase, Status
from trafficdesk.sync.taken import Touched

WAIT_S = 60.0


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

    def shows(self, incident_id: UUID) -> bool:
        """Tell whether an incident was shown as an alert."""
        return incident_id in self.alerts

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
