"""What is made for Windows and macOS compiles, and does what a stand-in can show here."""

import plistlib
import re
import shutil
from pathlib import Path

import pytest

from installers.macos_app import MACOS, furnish, information
from installers.source import Version
from installers.windows_installers import WINDOWS, make_exe, make_msi
from sync_server.programs import run
from tests.system.windows_install import stand_in

# Painting icons needs an application, and a process has one: that of the tests of screens.
pytestmark = pytest.mark.usefixtures("qapp")

needs_makensis = pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not here")
needs_wixl = pytest.mark.skipif(shutil.which("wixl") is None, reason="wixl is not here")


@needs_wixl
def test_the_msi_compiles(tmp_path: Path) -> None:
    made = make_msi(stand_in(tmp_path, "0.2.0"), tmp_path)
    assert made.read_bytes().startswith(b"\xd0\xcf\x11\xe0")


@needs_makensis
def test_the_exe_compiles(tmp_path: Path) -> None:
    made = make_exe(stand_in(tmp_path, "0.2.0"), tmp_path)
    assert made.read_bytes().startswith(b"MZ")


def test_neither_installer_names_a_folder_of_users() -> None:
    for name in ("trafficdesk.nsi", "trafficdesk.wxs"):
        said = (WINDOWS / name).read_text(encoding="utf-8")
        said = re.sub(r"(?m)^;.*$|<!--.*?-->", "", said)
        assert not re.search(r"APPDATA|LocalAppData|PROFILE|DOCUMENTS", said, re.IGNORECASE)


def test_both_installers_refuse_to_go_back() -> None:
    words = "A newer TrafficDesk is installed; nothing was changed."
    for name in ("trafficdesk.nsi", "trafficdesk.wxs"):
        assert words in (WINDOWS / name).read_text(encoding="utf-8")


def test_the_app_says_its_version_and_has_an_icon(tmp_path: Path) -> None:
    about = tmp_path / "TrafficDesk.app" / "Contents" / "Resources" / "about"
    about.mkdir(parents=True)
    (about / "versions.json").write_text('{"trafficdesk": "0.2.0"}', encoding="utf-8")
    furnish(tmp_path / "TrafficDesk.app")
    told = plistlib.loads((about.parent.parent / "Info.plist").read_bytes())
    assert (told["CFBundleShortVersionString"], told["CFBundleVersion"]) == ("0.2.0", "0.2.0.65535")
    assert (about.parent / told["CFBundleIconFile"]).read_bytes().startswith(b"icns")
    assert b"@" not in information(Version("0.2.0"))


def test_the_app_keeps_the_hardened_runtime() -> None:
    allowed = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    assert not allowed["com.apple.security.cs.disable-library-validation"]
    assert "com.apple.security.get-task-allow" not in allowed
    script = (MACOS / "build.sh").read_text(encoding="utf-8")
    assert script.count("--options runtime") == 2
    assert run("bash", "-n", str(MACOS / "build.sh")).code == 0
