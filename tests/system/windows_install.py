"""The Windows installer run silently under wine: ``python -m tests.system.windows_install``.

What it installs is a stand-in with the names of the real thing: the program itself has to be frozen
on Windows. Needs nsis, wine and wine64; takes half a minute.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from installers.windows_installers import make_exe, make_msi
from sync_server.programs import run

_PLACE = r"C:\Program Files\TrafficDesk"
_REFUSED = 2


def stand_in(folder: Path, release: str) -> Path:
    """Return a bundle with the names of a real one and nothing in them."""
    bundle = folder / release / "trafficdesk"
    (bundle / "_internal" / "deep").mkdir(parents=True)
    (bundle / "about").mkdir()
    told = {
        "trafficdesk": f"{release}~dev20261122174500",
        "source_date": "2026-11-22T17:45:00+00:00",
    }
    (bundle / "about" / "versions.json").write_text(json.dumps(told), encoding="utf-8")
    for name in ("trafficdesk.exe", "_internal/mod_spatialite.dll", "_internal/deep/one.dll"):
        (bundle / name).write_bytes(b"MZ")
    return bundle


class Windows:
    """A wine of our own."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        self.place = prefix / "drive_c" / "Program Files" / "TrafficDesk"
        self._environment = os.environ | {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all"}
        self.run("wineboot", "-i")

    def run(self, *words: str) -> int:
        """Run a program of Windows to its end and return its exit code."""
        return run("wine", *words, environment=self._environment).code

    def end(self) -> None:
        """End what wine left running."""
        run("wineserver", "-k", environment=self._environment)


def check(words: str, *, holds: bool) -> bool:
    """Tell whether something holds."""
    sys.stdout.write(f"{'ok    ' if holds else 'FAILED'}  {words}\n")
    return holds


def try_exe(windows: Windows, folder: Path) -> list[bool]:
    """Install, upgrade, refuse to go back, remove; return what held."""
    newer = str(make_exe(stand_in(folder, "0.2.0"), folder))
    older = str(make_exe(stand_in(folder, "0.1.9"), folder))
    place, profile = windows.place, windows.prefix / "drive_c" / "profile" / "desk.db"
    profile.parent.mkdir()
    profile.write_text("kept", encoding="ascii")
    held = [check("exe /S installs", holds=windows.run(newer, "/S") == 0)]
    (place / "_internal" / "old.dll").write_bytes(b"")
    held.append(check("and again, over itself", holds=windows.run(newer, "/S") == 0))
    gone = not (place / "_internal" / "old.dll").exists()
    held.append(check("what only the previous one had is gone", holds=gone))
    refused = windows.run(older, "/S") == _REFUSED
    held.append(check("an older one is refused with 2", holds=refused))
    kept = "0.2.0" in (place / "about" / "versions.json").read_text(encoding="utf-8")
    held.append(check("and changes nothing", holds=kept))
    removed = windows.run(str(place / "uninstall.exe"), "/S", f"_?={_PLACE}") == 0
    held.append(check("uninstall.exe /S removes", holds=removed and not place.exists()))
    held.append(check("the profile is left", holds=profile.exists()))
    return held


def try_msi(windows: Windows, folder: Path) -> list[bool]:
    """Install and remove by msiexec; return what held."""
    msi = str(make_msi(stand_in(folder, "0.3.0"), folder))
    done = windows.run("msiexec", "/i", msi, "/qn", "/norestart") == 0
    there = (windows.place / "_internal" / "deep" / "one.dll").exists()
    held = [check("msiexec /i /qn installs", holds=done and there)]
    done = windows.run("msiexec", "/x", msi, "/qn", "/norestart") == 0
    gone = not (windows.place / "trafficdesk.exe").exists()
    return [*held, check("msiexec /x /qn removes", holds=done and gone)]


def main() -> int:
    """Try both, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="trafficdesk-wine-") as name:
        windows = Windows(Path(name) / "prefix")
        try:
            held = [*try_exe(windows, Path(name)), *try_msi(windows, Path(name))]
        finally:
            windows.end()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
