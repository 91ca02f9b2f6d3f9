"""Makes a deb or an rpm of the frozen desk: ``python -m installers.linux_package deb``.

nfpm writes it from one description. What it depends on is read from the bundle itself: the
libraries it links and does not hold, and the data that libraries in it read.
"""

import argparse
import gzip
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from installers.bundle import BUILD, DIST, BundleError
from installers.elf import Asked, asked_of_the_system
from installers.icons import write_pngs
from installers.man_page import man_page
from installers.page_assets import ROOT
from installers.source import Version
from sync_server.programs import run

PLACE = "/usr/lib/trafficdesk"
LINUX = ROOT / "installers" / "linux"
_UNITS = "/usr/lib/systemd/system"
# By Debian's names; where a release has another one, the newer comes first.
DEBIAN_NAMES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libasound.so.2": "libasound2t64 | libasound2",
    "libgbm.so.1": "libgbm1",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxcb.so.1": "libxcb1",
}
# Which libstdc++ first had a version of its symbols (GCC's manual, "ABI Policy and Guidelines").
_GCC_OF = {"3.4.30": "12", "3.4.31": "13.1", "3.4.32": "13.2", "3.4.33": "14", "3.4.34": "15"}
# Read by libraries in the bundle: keyboard layouts, where fonts lie, a font for every other script.
_DEBIAN_DATA = ("fontconfig-config", "fonts-dejavu-core", "xkb-data")
_RPM_DATA = ("fontconfig", "xkeyboard-config")
_RPM_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


def architecture() -> str:
    """Return this machine's kind by Debian's name; a bundle is made for its own alone."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def debian_depends(asked: Asked) -> list[str]:
    """Return the packages a bundle needs on Debian.

    Raises:
        BundleError: it links a library of the system that is not known here.
    """
    unknown = [name for name in asked.sonames if name not in DEBIAN_NAMES]
    if unknown:
        raise BundleError(f"Neither in the bundle nor left to the system: {', '.join(unknown)}.")
    names = {DEBIAN_NAMES[soname] for soname in asked.sonames} - {"libstdc++6"}
    least = _GCC_OF.get(asked.glibcxx, "12")
    return sorted([*names, *_DEBIAN_DATA, f"libc6 (>= {asked.glibc})", f"libstdc++6 (>= {least})"])


def rpm_depends(asked: Asked) -> list[str]:
    """Return what a bundle needs by the names that every distribution with rpm gives libraries."""
    versions = (f"libc.so.6(GLIBC_{asked.glibc})", f"libstdc++.so.6(GLIBCXX_{asked.glibcxx})")
    sonames = [f"{soname}()" for soname in asked.sonames]
    return sorted([*(f"{name}(64bit)" for name in (*versions, *sonames)), *_RPM_DATA])


def made_from(bundle: Path) -> tuple[Version, int]:
    """Return the version of a bundle and the time of its source, in seconds of the epoch."""
    told = json.loads((bundle / "about" / "versions.json").read_text(encoding="utf-8"))
    at = int(datetime.fromisoformat(told["source_date"]).timestamp())
    return Version(*told["trafficdesk"].split("~")), at


def description(bundle: Path, parts: Path, kind: str) -> dict[str, Any]:
    """Return what nfpm is told; ``parts`` holds what was made for the package."""
    asked = asked_of_the_system(bundle)
    version, _ = made_from(bundle)
    return {
        "name": "trafficdesk",
        "arch": architecture(),
        "platform": "linux",
        "version": version.release,
        "prerelease": version.on_the_way,
        "release": "1",
        "section": "misc",
        "priority": "optional",
        "maintainer": "TrafficDesk maintainers",
        "description": "Desk of a traffic police station\n"
        "Review citizen reports, dispatch units, settle conflicts; for days without a network.",
        "depends": debian_depends(asked) if kind == "deb" else rpm_depends(asked),
        "recommends": ["dbus"],
        "scripts": {"postremove": str(LINUX / "deb-postrm")} if kind == "deb" else {},
        "contents": [*_tree(bundle), *_own_files(parts)],
        "deb": {"compression": "zstd"},
        "rpm": {
            "compression": "zstd",
            "group": "Applications/Productivity",
            "buildhost": "trafficdesk",
        },
    }


def _tree(bundle: Path) -> Iterable[dict[str, Any]]:
    """Yield each folder, file and link; what root installs, nobody else may change."""
    yield _folder(PLACE)
    for path in sorted(bundle.rglob("*")):
        place = f"{PLACE}/{path.relative_to(bundle).as_posix()}"
        if path.is_dir() and not path.is_symlink():
            yield _folder(place)
        elif path.is_symlink():
            yield {"src": str(path.readlink()), "dst": place, "type": "symlink"}
        elif path.is_file():
            mode = 0o755 if os.access(path, os.X_OK) else 0o644
            yield {"src": str(path), "dst": place, "file_info": {"mode": mode}}


def _folder(place: str) -> dict[str, Any]:
    """Return a folder of the package's own: rpm leaves those behind that it was not told of."""
    return {"dst": place, "type": "dir", "file_info": {"mode": 0o755}}


def _own_files(parts: Path) -> list[dict[str, Any]]:
    files = {
        LINUX / "trafficdesk.desktop": "/usr/share/applications/trafficdesk.desktop",
        LINUX / "trafficdesk-mime.xml": "/usr/share/mime/packages/trafficdesk.xml",
        parts / "trafficdesk.1.gz": "/usr/share/man/man1/trafficdesk.1.gz",
        parts / "copyright": "/usr/share/doc/trafficdesk/copyright",
        LINUX / "apparmor-trafficdesk": "/usr/share/doc/trafficdesk/apparmor-trafficdesk",
        LINUX / "trafficdesk-update.service": f"{_UNITS}/trafficdesk-update.service",
        LINUX / "trafficdesk-update.timer": f"{_UNITS}/trafficdesk-update.timer",
    }
    for png in sorted(parts.glob("trafficdesk-*.png")):
        side = png.stem.rpartition("-")[2]
        files[png] = f"/usr/share/icons/hicolor/{side}x{side}/apps/trafficdesk.png"
    links = {
        "/usr/bin/trafficdesk": f"{PLACE}/trafficdesk",
        "/usr/share/doc/trafficdesk/about": f"{PLACE}/about",
        # So the timer runs without a script of the package; IT ends it with systemctl mask.
        f"{_UNITS}/timers.target.wants/trafficdesk-update.timer": "../trafficdesk-update.timer",
    }
    return [
        *({"src": str(s), "dst": d, "file_info": {"mode": 0o644}} for s, d in files.items()),
        *({"src": target, "dst": link, "type": "symlink"} for link, target in links.items()),
        _folder("/usr/share/doc/trafficdesk"),
        _folder("/etc/trafficdesk"),
    ]


def _write_parts(parts: Path, version: Version, made_at: int) -> None:
    """Make the man page, the icons and the word on licences."""
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    page = man_page(str(version), made_at).encode()
    (parts / "trafficdesk.1.gz").write_bytes(gzip.compress(page, mtime=0))
    (parts / "copyright").write_text(
        f"What others wrote, with their licences: {PLACE}/about/licences\n", encoding="utf-8"
    )
    write_pngs(parts)


def make_package(bundle: Path, kind: str, to: Path) -> Path:
    """Write the package into a folder and return its place.

    Raises:
        BundleError: nfpm is not installed or refuses, or the bundle links what it must not.
    """
    nfpm = shutil.which("nfpm", path=str(Path(sys.executable).parent))
    if nfpm is None:
        raise BundleError("nfpm is not in this environment: install requirements.txt.")
    parts = BUILD / "package"
    version, made_at = made_from(bundle)
    _write_parts(parts, version, made_at)
    config = parts / "nfpm.json"  # JSON is YAML, too
    config.write_text(json.dumps(description(bundle, parts, kind), indent=1), encoding="utf-8")
    to.mkdir(parents=True, exist_ok=True)
    arch = _RPM_ARCHITECTURES.get(architecture(), "") if kind == "rpm" else architecture()
    target = to / f"trafficdesk_{version}_{arch}.{kind}"
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(made_at)}
    words = ("package", "--config", str(config), "--packager", kind, "--target", str(target))
    ended = run(nfpm, *words, environment=environment)
    if ended.code:
        raise BundleError(f"nfpm refused: {ended.err.strip()}")
    return target


def main() -> int:
    """Make the package, and return the exit code."""
    parser = argparse.ArgumentParser(description="Make a package of the frozen desk.")
    parser.add_argument("kind", choices=("deb", "rpm"))
    parser.add_argument("--bundle", type=Path, default=DIST / "trafficdesk")
    parser.add_argument("--to", type=Path, default=DIST)
    given = parser.parse_args()
    try:
        made = make_package(given.bundle.resolve(), given.kind, given.to.resolve())
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"The package is {made}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
