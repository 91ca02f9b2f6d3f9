"""What the unlock screen reads from the profile before anybody has said a password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security import key_slots
from trafficdesk.security.errors import KeySlotsMissing
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.unlock import find_lock, find_refusal
from trafficdesk.services import founding
from trafficdesk.services.demo.marker import find_mark

# Those who sit at the desk every day come first.
_ORDER = (
    Role.OFFICER,
    Role.SUPERVISOR,
    Role.DISPATCHER,
    Role.ADMIN,
    Role.SERVICE,
    Role.CITIZEN,
)


@dataclass(frozen=True, slots=True)
class UnlockState:
    """Who may open the desk, who is locked out until when, and a demo's password ("" if none).

    ``keyrings``: for whom the keyring of the system account opens it too.
    """

    holders: tuple[Holder, ...]
    locks: dict[UUID, datetime]
    demo_password: str
    keyrings: frozenset[UUID] = frozenset()

    @property
    def is_new(self) -> bool:
        """Tell whether nobody has set this desk up yet."""
        return not self.holders

    def find_helpers(self, whom: Holder) -> tuple[Holder, ...]:
        """Return those who may give an officer a new password, themselves left out."""
        return tuple(
            each
            for each in self.holders
            if each.officer_id != whom.officer_id and find_refusal(each, whom) is None
        )


def load_state(profile: Profile) -> UnlockState:
    """Read the profile; nothing of a desk in it is one that is not set up yet.

    A set-up that was killed while it gave the desk its place is brought to its end first.

    Raises ``SecurityError`` of several kinds and ``OSError``.
    """
    founding.settle(profile)
    try:
        slots = key_slots.load(profile).slots
    except KeySlotsMissing:
        if founding.has_remains(profile):
            raise
        return UnlockState((), {}, "")
    known = tuple(
        sorted((slot.holder for slot in slots.officers), key=lambda each: _ORDER.index(each.role))
    )
    is_allowed = profile.policy.lock.keyring
    keyrings = frozenset(slot.officer_id for slot in slots.keyrings) if is_allowed else ()
    now = utc_now()
    locks = {
        each.officer_id: found.until
        for each in known
        if (found := find_lock(profile, each.officer_id, now)) is not None
    }
    mark = find_mark(profile)
    password = mark.password if mark is not None else ""
    return UnlockState(known, locks, password, frozenset(keyrings))
