"""A desk that has no line at all: all goes and comes by bundle, on a stick that gets lost."""

import random
from dataclasses import dataclass, field

from sync_server.bundles.answering import answer
from sync_server.bundles.service import import_request
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.times import utc_now
from trafficdesk.sync.bundling import make_request
from trafficdesk.sync.unbundling import Taken, take_answer
from trafficdesk.wire.bundles import BundleError

_ROUNDS = 8


def now_ms() -> int:
    """Return the time as tests show it."""
    return int(utc_now().timestamp() * 1000)


def ask(desk: SyncedDesk) -> bytes:
    """Write a request bundle."""
    return make_request(desk.session.store, desk.session.device, now_ms()).content


def respond(world: World, desk: SyncedDesk, request: bytes) -> bytes:
    """Take a request in at the server and write the answer."""
    server = world.live.server
    import_request(server, request)
    return answer(server, desk.session.device_id).content


def take(desk: SyncedDesk, bundle: bytes) -> Taken:
    """Take an answer in."""
    return take_answer(desk.session.store, bundle, now_ms(), lambda _touched: None)


@dataclass
class CarriedDesk(SyncedDesk):
    """A desk whose ``sync`` is a walk with a stick; ``mishaps`` is how often one goes wrong."""

    world: World | None = None
    draw: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - a seed
    mishaps: float = 0.0
    lost: list[bytes] = field(default_factory=list)
    refused: int = 0

    def sync(self) -> None:
        """Exchange bundles until nothing is left to exchange."""
        assert self.world is not None
        for _ in range(_ROUNDS):
            request = ask(self)
            if self._goes_wrong():
                return  # the request is lost
            reply = respond(self.world, self, request)
            if self._goes_wrong():
                self.lost.append(reply)  # found again some day
                return
            taken = take(self, reply)
            if self.lost and self.draw.random() < 0.5:
                self._take_found(self.lost.pop(0))
            if not taken.unread and sum(self.counts()[:2]) == 0:
                return

    def _goes_wrong(self) -> bool:
        return self.draw.random() < self.mishaps

    def _take_found(self, reply: bytes) -> None:
        try:
            take(self, reply)
        except BundleError:
            self.refused += 1
