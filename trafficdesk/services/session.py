"""An officer at an unlocked desk: everything a service needs to act for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.records import Officer
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.security.device import Device
from trafficdesk.security.keys import SecretKey
from trafficdesk.store.engine import Store


@dataclass(slots=True, eq=False)
class Session:
    """One signed-in officer. Ends with ``close``: the store is shut and the keys wiped.

    ``officer`` changes with what an administrator changes of them, so that what they may do holds
    from that moment on. ``key`` opens the store; ``data_key``, kept inside it, is what fields and
    files are sealed with. ``skew`` is the server's clock less this desk's, as last heard.
    """

    profile: Profile
    store: Store
    key: SecretKey
    data_key: SecretKey
    device: Device
    officer: Officer
    started_at: datetime
    clock: Callable[[], datetime] = field(default=utc_now)
    skew: timedelta = timedelta()

    @property
    def device_id(self) -> UUID:
        """The id of this desk's device key."""
        return self.device.device_id

    def lease_clock(self) -> datetime:
        """Return the time by the server's clock: who holds a report is judged by that alone."""
        return self.clock() + self.skew

    def may(self, permission: Permission) -> bool:
        """Tell whether the officer holds a permission."""
        return may(self.officer.role, permission)

    def close(self) -> None:
        """Shut the store and wipe both keys; nothing can be read afterwards."""
        self.store.close()
        self.key.wipe()
        self.data_key.wipe()
