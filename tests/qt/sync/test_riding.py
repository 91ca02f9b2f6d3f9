"""A desk in a car with its server: others see where it is, and its call for help, at once."""

from datetime import timedelta
from pathlib import Path

import msgspec

from tests.position.drives import START, rmc
from tests.qt.sync.conftest import OpenDesk
from tests.server.world import Client, World
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Role, UnitKind
from trafficdesk.position.policy import PositionPolicy
from trafficdesk.profile import Profile
from trafficdesk.qt.own_unit.riding import Riding
from trafficdesk.qt.settings import DeskSettings
from trafficdesk.services import units
from trafficdesk.services.units import NewUnit

BEGAN = Place(76.9660, 11.0180)
STEP = 12 / 109_200  # degrees a second, at 12 m/s


def _told(client: Client, path: str) -> list[dict[str, object]]:
    answer = client.get(path).json()["data"]
    assert isinstance(answer, list)
    return answer


def test_others_see_where_a_car_is_and_that_it_calls_for_help(
    world: World, profile: Profile, open_desk: OpenDesk, tmp_path: Path
) -> None:
    driven = [Place(BEGAN.lon + n * STEP, BEGAN.lat) for n in range(120)]
    drive = tmp_path / "drive.nmea"
    drive.write_bytes(
        b"".join(rmc(START + timedelta(seconds=n), at) for n, at in enumerate(driven))
    )
    policy = PositionPolicy(f"replay:{drive}")
    profile.settings.write_bytes(msgspec.json.encode(DeskSettings(position=policy)))
    window = open_desk(profile)
    session = window.unlock().session
    riding = window.sitting.findChild(Riding)
    assert isinstance(riding, Riding)
    window.act(lambda: units.enlist(session, NewUnit("P12", UnitKind.PATROL_CAR)).outcome)
    window.wait_until_sent()
    (found,) = units.find_units(session)
    riding.choose(found.unit.id)
    dispatcher = world.desk_of(Role.DISPATCHER)
    window.wait(lambda: bool(_told(dispatcher, "/units/positions")))
    (seen,) = _told(dispatcher, "/units/positions")
    assert seen["unit_id"] == str(found.unit.id)
    assert seen["lat"] == BEGAN.lat
    riding.call_for_help()
    window.wait(lambda: bool(_told(dispatcher, "/incidents")))
    (called,) = _told(dispatcher, "/incidents")
    assert called["unit_id"] == str(found.unit.id)
    assert "before anything else" in window.sitting.view.banner.message.accessibleName()
