"""A desk in Barcelona whose reports are the city's real road accidents."""

from collections.abc import Callable
from pathlib import Path

from trafficdesk.domain.records import Bounds
from trafficdesk.profile import Profile
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services import city_limits, desk, founding
from trafficdesk.services.importing.files import Imported, Watch, import_reports
from trafficdesk.services.importing.mapping import load_mapping
from trafficdesk.services.session import Session

ROOT = Path(__file__).parents[2]
ACCIDENTS = ROOT.parent / "shared" / "data" / "accidents" / "barcelona_2010_2018.csv.gz"
ROWS = 86_467
MAPPING = ROOT / "resources" / "mappings" / "barcelona_accidents.toml"
PASSWORD = "rambla-lamp-42"
_LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)


def found_desk(profile: Profile) -> Session:
    """Set a desk up as its first start does, say where its city lies, and open it."""
    wanted = founding.NewDesk(
        officer="Montserrat Puig",
        rank="Inspector",
        station="Eixample",
        city="Barcelona",
        city_code="BCN",
        time_zone="Europe/Madrid",
        password=PASSWORD,
    )
    profile.folder.mkdir(parents=True, exist_ok=True)
    made = founding.prepare(profile, wanted, _LIGHT)
    assert isinstance(made, founding.Prepared), made
    founding.publish(profile)
    session = desk.open_session(profile, made.unlocked.key, made.unlocked.holder)
    city_limits.change_city(session, "Barcelona", Bounds(2.05, 41.30, 2.25, 41.48))
    return session


def import_accidents(
    session: Session, table: Path, tell: Callable[[int, int], None] = lambda _done, _all: None
) -> Imported:
    """Import the accidents, or a part of them, by the shipped mapping."""
    done = import_reports(session, table, load_mapping(MAPPING), Watch(tell))
    assert isinstance(done, Imported), done
    return done
