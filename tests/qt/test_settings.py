"""What an officer chose survives; a damaged file costs nobody the desk."""

import stat
from pathlib import Path

import pytest

from trafficdesk.policy.schema import LockRules, Policy, PositionRules
from trafficdesk.position.policy import PositionPolicy, load_policy
from trafficdesk.profile import Profile
from trafficdesk.qt.settings import DeskSettings, SettingsFile
from trafficdesk.qt.tasks import Lanes

pytestmark = pytest.mark.usefixtures("qapp")


def test_what_was_chosen_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).change(theme="dark", text_percent=125, keys={"approve": ("Y",)})
    again = SettingsFile(path).values
    assert (again.theme, again.text_percent, again.keys) == ("dark", 125, {"approve": ("Y",)})


@pytest.mark.parametrize("content", [b"{", b"", b"\x00\xff", b'{"text_percent": "huge"}', b"[]"])
def test_a_damaged_file_is_kept_aside_and_defaults_serve(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = SettingsFile(path)
    assert settings.was_damaged
    assert settings.values == DeskSettings()
    assert (tmp_path / "settings.json.bad").read_bytes() == content
    settings.change(theme="dark")
    assert SettingsFile(path).values.theme == "dark"


def test_values_out_of_bounds_are_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"text_percent": 900, "lock_minutes": 600, "theme": "pink"}')
    values = SettingsFile(path).values
    assert (values.text_percent, values.lock_minutes, values.theme) == (150, 30, "system")


def test_a_setting_of_a_newer_desk_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "holograms": true}')
    assert SettingsFile(path).values.theme == "dark"


def test_the_policy_of_positions_outlives_what_an_officer_chooses(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"position": {"source": "gpsd", "keep_days": 30}}')
    SettingsFile(path).change(theme="dark")
    assert load_policy(Profile(tmp_path)) == PositionPolicy("gpsd", 30)
    assert SettingsFile(tmp_path / "none.json").values.position == PositionPolicy("off")


def test_the_machines_policy_goes_before_what_was_chosen_and_takes_nothing_of_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).change(lock_minutes=20)
    policy = Policy(lock=LockRules(idle_minutes=5), position=PositionRules("gpsd", 3))
    ruled = SettingsFile(path, policy=policy)
    assert ruled.values.lock_minutes == 5
    assert ruled.values.position == PositionPolicy("gpsd", 3)
    ruled.change(theme="dark")
    assert SettingsFile(path).values.lock_minutes == 20
    assert SettingsFile(path).values.position == PositionPolicy()
    ruled.change(lock_minutes=2)
    assert ruled.values.lock_minutes == 2


def test_saving_that_fails_is_told_and_the_choice_still_holds(tmp_path: Path) -> None:
    path = tmp_path / "file" / "settings.json"
    (tmp_path / "file").write_text("no folder")
    settings = SettingsFile(path)
    told: list[object] = []
    settings.save_failed.connect(told.append)
    settings.change(theme="dark")
    assert settings.values.theme == "dark"
    assert [isinstance(error, OSError) for error in told] == [True]


def test_the_file_is_the_users_own_and_holds_the_last_choice(tmp_path: Path) -> None:
    path, lanes = tmp_path / "settings.json", Lanes()
    settings = SettingsFile(path, lanes)
    for percent in (110, 120, 130, 140):
        settings.change(text_percent=percent)
    settings.change(workspace="map")
    lanes.shut_down()
    settings.flush()
    assert SettingsFile(path).values.text_percent == 140
    assert SettingsFile(path).values.workspace == "map"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_screens_memory_that_reads_oddly_is_its_default(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    settings.remember("review.sort", "newest")
    assert settings.recall("review.sort", str, "oldest") == "newest"
    assert settings.recall("review.sort", int, 3) == 3
    assert settings.recall("review.width", int, 380) == 380
