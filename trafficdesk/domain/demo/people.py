"""Invented people of the demo: officers, stations and citizens. Nobody of these exists."""

from dataclasses import dataclass

from trafficdesk.domain.demo.chance import dice
from trafficdesk.domain.records import CitizenIdentity, Place
from trafficdesk.domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class DemoStation:
    """A traffic station and where it stands."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """An officer; ``station`` is an index into ``STATIONS``."""

    name: str
    initials: str
    rank: str
    role: Role
    station: int

    @property
    def login(self) -> str:
        """What the officer signs in with at a server."""
        return self.name.partition(" ")[0].lower()


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """A citizen who reports, and how many of their earlier reports were right."""

    identity: CitizenIdentity
    pseudonym: str
    decided: int
    approved: int


PASSWORD = "desk-demo-2026"  # noqa: S105 - shown on the demo's unlock screen on purpose
STATIONS = (
    DemoStation("Gandhipuram Traffic", Place(76.9682, 11.0169)),
    DemoStation("Ukkadam Traffic", Place(76.9618, 10.9889)),
    DemoStation("Peelamedu Traffic", Place(77.0041, 11.0266)),
)
OFFICERS = (
    DemoOfficer("Revathi M", "RM", "SI", Role.OFFICER, 0),
    DemoOfficer("Kathir S", "KS", "HC", Role.OFFICER, 0),
    DemoOfficer("Dinesh P", "DP", "HC", Role.OFFICER, 1),
    DemoOfficer("Anbarasi T", "AT", "PC", Role.OFFICER, 1),
    DemoOfficer("Meena S", "MS", "SI", Role.OFFICER, 2),
    DemoOfficer("Yasmin R", "YR", "PC", Role.OFFICER, 2),
    DemoOfficer("Nallathambi V", "NV", "Inspector", Role.SUPERVISOR, 0),
    DemoOfficer("Kayalvizhi E", "KE", "Inspector", Role.SUPERVISOR, 2),
    DemoOfficer("Jothi A", "JA", "SI", Role.DISPATCHER, 0),
    DemoOfficer("Poongodi I", "PI", "ASI", Role.ADMIN, 0),
)
REVIEWERS = range(6)
SUPERVISORS = range(6, 8)
CITIZENS = 50

_FIRST = (
    "Arul", "Banu", "Chelvi", "Devan", "Elango", "Fathima", "Guna", "Hema", "Ilakkiya", "Jeeva",
    "Kannan", "Latha", "Mani", "Nila", "Oviya", "Pandi", "Qadir", "Rani", "Sekar", "Thenmozhi",
    "Uma", "Vasu", "Yazhini", "Zahir", "Amudha",
)  # fmt: skip
_LAST = (
    "Alagappan", "Boopathi", "Chinnasamy", "Durairaj", "Eswaran", "Govindan", "Ibrahim",
    "Jayaraman", "Kandasamy", "Loganathan", "Muthuvel", "Natarajan", "Ponnusamy", "Rangasamy",
)  # fmt: skip


def citizens() -> list[DemoCitizen]:
    """Return the citizens, the same in every run.

    No Indian number begins with 0 after the country code, and example.org belongs to nobody.
    """
    rng = dice("citizens")
    made = []
    for number in range(1, CITIZENS + 1):
        first = _FIRST[(number - 1) % len(_FIRST)]
        last = _LAST[(number * 5) % len(_LAST)]
        decided = rng.choice((0, 0, 1, 2, 3, 5, 8, 12, 20, 40))
        share = rng.choice((0.95, 0.9, 0.9, 0.8, 0.7, 0.4))
        identity = CitizenIdentity(
            name=f"{first} {last}",
            phone=f"+91 00000 {number:05d}",
            email=f"{first}.{last}{number}@example.org".lower(),
        )
        made.append(
            DemoCitizen(identity, f"Citizen {2000 + number * 37}", decided, round(decided * share))
        )
    return made
