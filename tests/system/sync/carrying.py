"""Bundles in place of the network, on a stick that is lost, forgotten and found again."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sync_server.bundles.answering import answer
from sync_server.bundles.service import import_request
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.times import utc_now
from trafficdesk.sync.bundling import make_request
from trafficdesk.sync.carrying import CarryError, CarryFault, hand_in
from trafficdesk.sync.taken import Touched
from trafficdesk.sync.unbundling import Taken, take_answer
from trafficdesk.wire.bundles import BundleError, BundleFault

_ROUNDS = 8
_KEPT = 4
# What may be said of a bundle that comes late or a second time; anything else is a fault of ours.
_LATE = frozenset(
    {
        BundleFault.OLDER,
        BundleFault.REPLAYED,
        BundleFault.OTHER_RECEIVER,
        BundleFault.NOTHING_TAKEN,
    }
)
# What may keep a courier from it; the file is still on the stick.
_HINDERED = frozenset({CarryFault.NO_CONTACT, CarryFault.BUSY, CarryFault.SIGN_IN_NEEDED})


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


def _ignore(_touched: Touched) -> None:
    return


def take(desk: SyncedDesk, bundle: bytes, tell: Callable[[Touched], None] = _ignore) -> Taken:
    """Take an answer in."""
    return take_answer(desk.session.store, bundle, now_ms(), tell)


def carry(world: World, desk: SyncedDesk) -> None:
    """Exchange bundles until nothing is left to exchange."""
    for _ in range(_ROUNDS):
        taken = take(desk, respond(world, desk, ask(desk)))
        if not taken.unread and sum(desk.counts()[:2]) == 0:
            return


@dataclass
class Stick:
    """The stick of one desk, with bundles on it that may come late, twice or never."""

    requests: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def ask(self, desk: SyncedDesk) -> None:
        """Write a request; the oldest is lost."""
        self.requests = [*self.requests, ask(desk)][-_KEPT:]

    def hand_in(self, world: World, desk: SyncedDesk, draw: random.Random) -> None:
        """Take some request of those on the stick in, and some answer along."""
        server = world.live.server
        if self.requests:
            self._try(lambda: import_request(server, _some(self.requests, draw)))
        self._try(lambda: self._take_along(answer(server, desk.session.device_id).content))

    def go_by(self, courier: SyncedDesk, draw: random.Random) -> None:
        """Have a colleague's desk carry some request, and take the answer along if one comes."""
        if not self.requests:
            return
        try:
            self._take_along(hand_in(courier.engine.access, _some(self.requests, draw)))
        except CarryError as error:
            if error.fault not in _LATE | _HINDERED:
                raise
            self.refused[str(error.fault)] += 1

    def _take_along(self, content: bytes) -> None:
        self.answers = [*self.answers, content][-_KEPT:]

    def bring(self, desk: SyncedDesk, draw: random.Random, tell: Callable[[Touched], None]) -> None:
        """Take some answer of those on the stick in."""
        if self.answers:
            self._try(lambda: take(desk, _some(self.answers, draw), tell))

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except BundleError as error:
            if error.fault not in _LATE:
                raise
            self.refused[str(error.fault)] += 1


def _some(bundles: list[bytes], draw: random.Random) -> bytes:
    """Return one of them, mostly the newest; it may stay on the stick."""
    index = len(bundles) - 1 if draw.random() < 0.6 else draw.randrange(len(bundles))
    return bundles[index] if draw.random() < 0.4 else bundles.pop(index)
