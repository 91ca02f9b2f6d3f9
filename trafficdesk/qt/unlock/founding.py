"""Setting up a desk that nobody has used yet: its keys, its store, its first officer."""

from dataclasses import dataclass

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, Officer, Place, Station
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.shredding import shred
from trafficdesk.security.unlock import Unlocked
from trafficdesk.services.desk import Home, create_store

# Until wards are imported or a map pack says better, a new desk looks at the whole country.
_CENTRE = Place(78.96, 22.59)
_BOUNDS = Bounds(68.1, 6.5, 97.4, 35.7)


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
class Founded:
    """The desk is ready and open for its first officer; the code is shown once."""

    unlocked: Unlocked
    recovery_code: str | None


def initials_of(name: str) -> str:
    """Return two or three capitals for a name: ``Revathi M`` → ``RM``, ``Kumar`` → ``KU``."""
    words = [word for word in name.split() if word[:1].isalpha()]
    letters = "".join(word[0] for word in words[:3])
    if len(letters) < 2:
        letters = "".join(c for c in name if c.isalpha())[:2]
    return letters.upper()


def found_desk(profile: Profile, wanted: NewDesk) -> Founded | PasswordRefused:
    """Make keys and store; if the store cannot be made, the keys are taken away again.

    Raises ``SecurityError``, ``StoreError`` or ``OSError``.
    """
    name = clean_line(wanted.officer, 60)
    holder = Holder(new_id(), name, initials_of(name), clean_line(wanted.rank, 40), Role.ADMIN)
    made = set_up(profile, holder, wanted.password)
    if isinstance(made, PasswordRefused):
        return made
    try:
        _create_store(profile, made, holder, wanted)
    except BaseException:
        shred(profile, made.key)
        raise
    return Founded(
        Unlocked(made.key, holder, must_change_password=False, revision=1), made.recovery_code
    )


def _create_store(profile: Profile, made: SetUp, holder: Holder, wanted: NewDesk) -> None:
    code = wanted.city_code.strip().upper()
    city = City(new_id(), code, clean_line(wanted.city, 60), wanted.time_zone, _CENTRE, _BOUNDS)
    station = Station(new_id(), city.id, clean_line(wanted.station, 60), _CENTRE)
    first = Officer(
        holder.officer_id, holder.name, holder.initials, holder.rank, holder.role, station.id
    )
    create_store(profile, made.key, Home(city, station, "D1"), first)
