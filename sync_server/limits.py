"""How much one caller may ask; counted in this process."""

import time
from ipaddress import IPv6Address, ip_address
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from sync_server.metrics import Metrics
from sync_server.problems import RefusedError
from sync_server.settings import Settings
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.codes import Code

_NETWORK_BITS = 64  # one customer's share of IPv6 addresses


class Limits:
    """How often in a minute: one address, one login at one address, one user or key, and so on."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._metrics = metrics
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._public = RateLimitItemPerMinute(settings.public_per_minute, namespace="public")
        self._user = RateLimitItemPerMinute(settings.user_per_minute, namespace="user")
        self._key = RateLimitItemPerMinute(settings.key_per_minute, namespace="key")
        self._filing = RateLimitItemPerMinute(settings.filings_per_minute, namespace="filing")
        self._positions = RateLimitItemPerMinute(
            settings.positions_per_minute, namespace="positions"
        )
        self._bundles = RateLimitItemPerMinute(settings.bundles_per_minute, namespace="bundles")
        self._updates = RateLimitItemPerMinute(settings.updates_per_minute, namespace="updates")
        self._sign_in = RateLimitItemPerMinute(settings.sign_ins_per_minute, namespace="sign_in")

    def count_public(self, address: str) -> None:
        """Count a request of nobody known. Raises ``RefusedError``, as all of these."""
        self._count("public", self._public, network_of(address))

    def count_sign_in(self, address: str, login: str) -> None:
        """Count a try to sign in."""
        self._count("sign_in", self._sign_in, network_of(address), login.casefold())

    def count_user(self, user_id: object, role: Role) -> None:
        """Count a request of a user, or of a key of another program."""
        if role is Role.SERVICE:
            self._count("key", self._key, str(user_id))
        else:
            self._count("user", self._user, str(user_id))

    def count_filing(self, user_id: object, role: Role) -> None:
        """Count what a citizen files; others file as much as they ask."""
        if role is Role.CITIZEN:
            self._count("filing", self._filing, str(user_id))

    def count_positions(self, sender_id: object) -> None:
        """Count a batch of positions of one desk."""
        self._count("positions", self._positions, str(sender_id))

    def count_bundles(self, courier_id: object) -> None:
        """Count a bundle that a desk carries for another; before its body is read, a session's."""
        self._count("bundles", self._bundles, str(courier_id))

    def count_updates(self, address: str) -> None:
        """Count a file of updates: a version is many files, and a station one address."""
        self._count("updates", self._updates, network_of(address))

    def _count(self, name: str, item: RateLimitItem, *keys: str) -> None:
        if self._window.hit(item, *keys):
            return
        self._metrics.limited.labels(name).inc()
        reset_s = self._window.get_window_stats(item, *keys).reset_time - time.time()
        raise RefusedError(
            Code.TOO_MANY_REQUESTS, "Too many requests.", retry_after_s=max(1, ceil(reset_s))
        )


def network_of(address: str) -> str:
    """Return what an address counts as: IPv4 itself, IPv6 its network of 64 bits."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(IPv6Address(int(ip) >> _NETWORK_BITS << _NETWORK_BITS))
    return address
