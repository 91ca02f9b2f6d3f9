"""Setting up a desk that nobody has used yet: keys, store and first officer, whole or not at all.

Everything is made in a folder of its own inside the profile, where nothing looks for a desk. When
the recovery code was said to be kept, one rename says that the desk exists; what it holds then goes
to its places, the key slots last. A kill before the rename leaves a folder that the next set-up
removes, a kill after it one that the next start brings to its end.
"""

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, Officer, Place, Station
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import sync_folder
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.errors import AlreadySetUp, DatabaseOrphaned, KeySlotsMissing
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.shredding import shred
from trafficdesk.security.unlock import Unlocked

if TYPE_CHECKING:
    from trafficdesk.services.desk import Home, Joined

# Until wards are imported or a map pack says better, a new desk looks at the whole country.
_CENTRE = Place(78.96, 22.59)
_BOUNDS = Bounds(68.1, 6.5, 97.4, 35.7)
_LEAST_INITIALS: Final = 2


@dataclass(frozen=True, slots=True)
class NewDesk:
    """What is asked when a desk is set up; ``time_zone`` is an IANA name."""

    officer: str
    rank: str
    station: str
    city: str
    city_code: str
    time_zone: str
    password: str


@dataclass(frozen=True, slots=True)
class JoinedDesk:
    """A desk as its server knows it, and the officer who enrolled it with their own password."""

    officer: Officer
    password: str
    home: "Home"
    joined: "Joined"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The desk is made but not in its place; ``publish`` when the recovery code is kept.

    Whoever holds it wipes the key of ``unlocked``.
    """

    unlocked: Unlocked
    recovery_code: str | None


def initials_of(name: str) -> str:
    """Return two or three capitals for a name: ``Revathi M`` → ``RM``, ``Kumar`` → ``KU``."""
    words = [word for word in name.split() if word[:1].isalpha()]
    letters = "".join(word[0] for word in words[:3])
    if len(letters) < _LEAST_INITIALS:
        letters = "".join(c for c in name if c.isalpha())[:_LEAST_INITIALS]
    return letters.upper()


def has_remains(profile: Profile) -> bool:
    """Tell whether a desk without its key slots lies here: its data may still be worth a backup."""
    files = (profile.database, profile.device, profile.audit_anchor)
    has_photos = profile.media.is_dir() and any(p.is_file() for p in profile.media.rglob("*"))
    return has_photos or any(file.exists() for file in files)


def require_empty(profile: Profile) -> None:
    """Make sure that a desk may be founded here. Raises ``SecurityError``: one of its kinds."""
    if profile.key_slots.exists():
        raise AlreadySetUp(profile.key_slots)
    if profile.database.exists():
        raise DatabaseOrphaned(profile.database)
    if has_remains(profile):
        raise KeySlotsMissing(profile.key_slots)


def prepare(
    profile: Profile, wanted: NewDesk | JoinedDesk, kdf: KdfParameters | None = None
) -> Prepared | PasswordRefused:
    """Make keys and store beside the place of the desk; what an earlier attempt left goes away.

    ``kdf``: measured here if not given. Raises ``SecurityError``, ``StoreError`` or ``OSError``;
    nothing is left then.
    """
    settle(profile)
    require_empty(profile)
    staged = profile.at(profile.founding)
    _discard(staged)
    holder = _holder(wanted)
    made = set_up(staged, holder, wanted.password, kdf=kdf)
    if isinstance(made, PasswordRefused):
        return made
    try:
        _create_store(staged, made, holder, wanted)
    except BaseException:
        made.key.wipe()
        _discard(staged)
        raise
    return Prepared(
        Unlocked(made.key, holder, must_change_password=False, revision=1), made.recovery_code
    )


def publish(profile: Profile) -> None:
    """Put the prepared desk in its place; from the one rename on it exists.

    Raises ``SecurityError`` when something of another desk lies there, or ``OSError``.
    """
    require_empty(profile)
    profile.founding.rename(profile.founded)
    sync_folder(profile.folder)
    settle(profile)


def abandon(profile: Profile) -> None:
    """Remove a prepared desk whose recovery code nobody kept. Raises ``OSError``."""
    _discard(profile.at(profile.founding))


def settle(profile: Profile) -> None:
    """Bring a publishing that was killed to its end; call before looking for a desk.

    Nothing that lies in the profile is ever replaced. Raises ``AlreadySetUp`` or ``OSError``.
    """
    if not profile.founded.is_dir():
        return
    staged = profile.at(profile.founded)
    if staged.tries.exists():
        staged.tries.replace(profile.tries)  # a counter without slots counts for nobody
    for source, target in (
        (staged.database, profile.database),
        (staged.device, profile.device),
        # Last: a desk is there from the moment on that its slots are.
        (staged.key_slots, profile.key_slots),
    ):
        if source.exists():
            if target.exists():
                raise AlreadySetUp(target)
            source.rename(target)
    sync_folder(profile.folder)
    shutil.rmtree(profile.founded)


def _discard(staged: Profile) -> None:
    """Remove a desk that was never in its place: nobody has worked at it. Raises ``OSError``."""
    if staged.folder.exists():
        shred(staged)
        shutil.rmtree(staged.folder)


def _holder(wanted: NewDesk | JoinedDesk) -> Holder:
    if isinstance(wanted, JoinedDesk):
        first = wanted.officer
        return Holder(first.id, first.name, first.initials, first.rank, first.role)
    name = clean_line(wanted.officer, 60)
    return Holder(new_id(), name, initials_of(name), clean_line(wanted.rank, 40), Role.ADMIN)


def _create_store(
    profile: Profile, made: SetUp, holder: Holder, wanted: NewDesk | JoinedDesk
) -> None:
    # The unlock screen asks this module for remains; the store it does not need yet.
    from trafficdesk.services.desk import Home, create_store

    if isinstance(wanted, JoinedDesk):
        create_store(profile, made.key, wanted.home, wanted.officer, wanted.joined)
        return
    code = wanted.city_code.strip().upper()
    city = City(new_id(), code, clean_line(wanted.city, 60), wanted.time_zone, _CENTRE, _BOUNDS)
    station = Station(new_id(), city.id, clean_line(wanted.station, 60), _CENTRE)
    first = Officer(
        holder.officer_id, holder.name, holder.initials, holder.rank, holder.role, station.id
    )
    create_store(profile, made.key, Home(city, station, "D1"), first)
