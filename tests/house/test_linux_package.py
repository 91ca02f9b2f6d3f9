"""What IT installs on Linux: the package's content and metadata, its man page, its dependencies."""

import configparser
import json
import shutil
from pathlib import Path

import pytest
import typer

from installers.bundle import BundleError
from installers.elf import Asked, asked_of_the_system
from installers.linux_package import (
    DEBIAN_NAMES,
    LINUX,
    PLACE,
    architecture,
    debian_depends,
    description,
    make_package,
    rpm_depends,
)
from installers.man_page import man_page
from sync_server.programs import run
from trafficdesk.cli.commands import app
from trafficdesk.updates.places import LINUX_FOLDER
from trafficdesk.wire.bundles import _MAGIC

# Painting icons needs an application, and a process has one: that of the tests of screens.
pytestmark = pytest.mark.usefixtures("qapp")

AT = 1_795_368_000
ASKED = Asked(("libGL.so.1", "libasound.so.2", "libstdc++.so.6"), "2.36", "3.4.30")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small bundle: a real program, a link, and what it tells of itself."""
    folder = tmp_path_factory.mktemp("frozen") / "trafficdesk"
    (folder / "about").mkdir(parents=True)
    told = {"trafficdesk": "0.2.0~dev20261122174500", "source_date": "2026-11-22T17:45:00+00:00"}
    (folder / "about" / "versions.json").write_text(json.dumps(told), encoding="utf-8")
    shutil.copy(shutil.which("true") or "/bin/true", folder / "trafficdesk")
    (folder / "_internal").mkdir()
    (folder / "_internal" / "libone.so.1").write_text("one", encoding="ascii")
    (folder / "_internal" / "libtwo.so").symlink_to("libone.so.1")
    return folder


@pytest.fixture(scope="module")
def deb(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_package(bundle, "deb", tmp_path_factory.mktemp("made"))


def test_the_deb_says_its_exact_version_and_runs_nothing_as_root_but_at_a_purge(
    deb: Path, tmp_path: Path
) -> None:
    assert deb.name == f"trafficdesk_0.2.0~dev20261122174500_{architecture()}.deb"
    fields = run("dpkg-deb", "--field", str(deb), "Package", "Version", "Architecture").out
    assert "Version: 0.2.0~dev20261122174500-1\n" in fields
    run("dpkg-deb", "--control", str(deb), str(tmp_path))
    scripts = {path.name for path in tmp_path.iterdir()} - {"control", "md5sums"}
    assert scripts == {"postrm"}
    folder = LINUX_FOLDER.parent
    purged = f'if [ "$1" = purge ]; then\n    rm -rf {folder}\nfi\n'
    assert (tmp_path / "postrm").read_text(encoding="ascii").endswith(f"set -e\n{purged}")


def test_the_deb_puts_everything_in_its_place_and_nobody_but_root_may_change_it(deb: Path) -> None:
    places = {}
    for line in run("dpkg-deb", "--contents", str(deb)).out.splitlines():
        mode, owner, _, _, _, place = line.split(None, 5)
        places[place.removeprefix(".")] = mode
        assert owner == "root/root"
        assert mode.startswith("l") or mode[8] == "-", place
    assert places[f"{PLACE}/trafficdesk"].startswith("-rwxr-xr-x")
    assert f"/usr/bin/trafficdesk -> {PLACE}/trafficdesk" in places
    assert f"{PLACE}/_internal/libtwo.so -> libone.so.1" in places
    timer = "trafficdesk-update.timer"
    wanted = f"/usr/lib/systemd/system/timers.target.wants/{timer} -> ../{timer}"
    assert wanted in places, "it runs without a script that starts it"
    assert "/usr/share/icons/hicolor/256x256/apps/trafficdesk.png" in places
    for place in (
        "/usr/share/applications/trafficdesk.desktop",
        "/usr/share/mime/packages/trafficdesk.xml",
        "/usr/share/man/man1/trafficdesk.1.gz",
        "/usr/share/doc/trafficdesk/copyright",
        "/usr/share/doc/trafficdesk/apparmor-trafficdesk",
        "/usr/lib/systemd/system/trafficdesk-update.service",
        "/etc/trafficdesk/",
    ):
        assert place in places
    assert not [place for place in places if place.startswith(("/home", "/root", "/var"))]


def test_the_same_bundle_gives_the_same_deb_and_an_rpm(bundle: Path, deb: Path) -> None:
    again = make_package(bundle, "deb", deb.parent / "again")
    assert again.read_bytes() == deb.read_bytes()
    rpm = make_package(bundle, "rpm", deb.parent)
    assert rpm.read_bytes().startswith(b"\xed\xab\xee\xdb")
    assert make_package(bundle, "rpm", deb.parent / "again").read_bytes() == rpm.read_bytes()


def test_every_folder_is_the_packages_own_so_that_its_removal_leaves_none(
    bundle: Path, tmp_path: Path
) -> None:
    """Removing a deb takes empty folders away by itself, an rpm only those it was told of."""
    own = {
        entry["dst"]
        for entry in description(bundle, tmp_path, "rpm")["contents"]
        if entry.get("type") == "dir"
    }
    folders = {path.relative_to(bundle) for path in bundle.rglob("*") if path.is_dir()}
    assert own >= {PLACE, *(f"{PLACE}/{folder}" for folder in folders)}
    assert own >= {"/usr/share/doc/trafficdesk", "/etc/trafficdesk"}


def test_a_deb_asks_for_what_the_libraries_in_it_link() -> None:
    assert debian_depends(ASKED) == [
        "fontconfig-config",
        "fonts-dejavu-core",
        "libasound2t64 | libasound2",
        "libc6 (>= 2.36)",
        "libgl1",
        "libstdc++6 (>= 12)",
        "xkb-data",
    ]
    assert "libGL.so.1()(64bit)" in rpm_depends(ASKED)
    with pytest.raises(BundleError, match=r"libnew\.so\.1"):
        debian_depends(Asked(("libnew.so.1",), "2.36", "3.4.30"))


def test_what_a_program_links_is_read_from_it(bundle: Path) -> None:
    assert asked_of_the_system(bundle).sonames == ()
    glibc = tuple(map(int, asked_of_the_system(bundle).glibc.split(".")))
    assert glibc >= (2, 2)


def test_what_the_package_asks_for_is_what_a_checkout_installs() -> None:
    text = (LINUX / "debian-packages.txt").read_text(encoding="utf-8")
    listed = {name for line in text.splitlines() for name in line.split("|")}
    # These come with what is listed there.
    implied = {"libgcc-s1", "libstdc++6", "libx11-6", "libxcb-dri3-0", "libxcb1"}
    implied |= {f"libwayland-{part}" for part in ("client0", "cursor0", "egl1")}
    asked = {name for names in DEBIAN_NAMES.values() for name in names.split(" | ")}
    assert asked - implied <= listed


def test_the_man_page_names_every_command_and_option_and_no_hidden_one() -> None:
    page = man_page("0.2.0", AT)
    root = typer.main.get_command(app)
    waiting = [("", root)]
    seen = 0
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", {})
        waiting += [(f"{name} {each}".strip(), inner[each]) for each in inner]
        if not inner:
            assert f".SS \\fB{name}\\fR" in page
        for parameter in command.params:
            for option in (o for o in parameter.opts if o.startswith("--")):
                seen += 1
                shown = "\\fB" + option.replace("-", "\\-") + "\\fR"
                assert (shown in page) is not getattr(parameter, "hidden", False), option
    assert seen > 20
    assert '"2026\\-' not in page
    assert page == man_page("0.2.0", AT)


def test_the_desktop_entry_and_the_kind_of_file_are_those_of_the_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / "trafficdesk.desktop", encoding="utf-8")
    assert entry["Desktop Entry"]["Exec"] == "trafficdesk"
    kinds = (LINUX / "trafficdesk-mime.xml").read_text(encoding="utf-8")
    assert f'<match type="string" offset="0" value="{_MAGIC.decode()}"/>' in kinds


def test_the_timer_starts_a_service_that_writes_where_versions_lie_and_nowhere_else() -> None:
    timer, service = configparser.ConfigParser(), configparser.ConfigParser()
    for unit, name in ((timer, "timer"), (service, "service")):
        unit.read(LINUX / f"trafficdesk-update.{name}", encoding="utf-8")
    assert timer["Timer"]["Persistent"] == "yes"
    run_as = service["Service"]
    assert run_as["ExecStart"] == "/usr/bin/trafficdesk update apply"
    assert f"/var/lib/{run_as['StateDirectory']}" == str(LINUX_FOLDER)
    assert run_as["ProtectSystem"] == "strict"
    condition = service["Unit"]["ConditionPathExists"]
    assert condition == f"{PLACE}/_internal/resources/updates/root.json"
