"""What IT installs on a server: the wheel's content, the units, the settings, the proxy."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from dotenv import dotenv_values

from installers.page_assets import ROOT
from installers.server_wheel import make_wheel
from sync_server.programs import run
from sync_server.settings import PREFIX, Settings

SERVER = ROOT / "installers" / "server"
UNITS = ("trafficdesk-server.service", "trafficdesk-backup.service", "trafficdesk-backup.timer")


def test_the_wheel_holds_both_programs_and_nothing_of_the_workshop(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entries,) = (name for name in names if name.endswith("entry_points.txt"))
        told = archive.read(entries).decode()
    assert "sync-server = sync_server.cli:main" in told
    own = {p.relative_to(ROOT).as_posix() for p in (ROOT / "sync_server").rglob("*.py")}
    assert own <= names
    assert "trafficdesk/exports/documents/fonts/NotoSansTamil-Regular.ttf" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"trafficdesk", "sync_server"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_the_units_are_understood_and_leave_little_open(tmp_path: Path) -> None:
    for name in UNITS:
        unit = (SERVER / name).read_text(encoding="utf-8")
        # The program is not installed here, and systemd looks whether it is.
        unit = unit.replace("/opt/trafficdesk/bin/sync-server", shutil.which("true") or "/bin/true")
        (tmp_path / name).write_text(unit, encoding="utf-8")
    verified = run("systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS))
    assert (verified.code, verified.err) == (0, "")
    for name in UNITS[:2]:
        words = ("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=25")
        told = run(*words, str(tmp_path / name))
        assert told.code == 0, told.out[-300:]


def test_the_settings_to_start_from_are_settings_and_suffice() -> None:
    told = dotenv_values(SERVER / "trafficdesk-server.env")
    named = {name.removeprefix(PREFIX).lower(): value for name, value in told.items()}
    made = Settings.model_validate(named)
    assert made.behind_tls_proxy
    assert made.trusted_proxies == ("127.0.0.1",)
    text = (SERVER / "trafficdesk-server.env").read_text(encoding="utf-8")
    commented = re.findall(r"^# (TRAFFICDESK_\w+)=", text, re.MULTILINE)
    assert {name.removeprefix(PREFIX).lower() for name in commented} <= set(Settings.model_fields)


def test_the_proxy_passes_what_devices_signed_and_what_the_server_needs_to_know() -> None:
    site = (SERVER / "nginx.conf").read_text(encoding="utf-8")
    assert site.count("{") == site.count("}")
    assert "proxy_pass http://127.0.0.1:8443;" in site  # without a path: it goes through unchanged
    assert "merge_slashes off;" in site
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "Upgrade", "Connection"):
        assert re.search(rf"proxy_set_header {header} \S+;", site)


def test_the_operators_are_told_of_every_file() -> None:
    told = (ROOT / "sync_server" / "OPERATIONS.md").read_text(encoding="utf-8")
    for name in (
        "trafficdesk-server.service",
        "trafficdesk-backup.",
        "trafficdesk-server.env",
        "nginx.conf",
    ):
        assert f"installers/server/{name}" in told
