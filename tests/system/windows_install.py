"""The Windows installer run silently under wine: ``python -m tests.system.windows_install``.

What it installs is a stand-in with the names of the real thing: the program itself has to be frozen
on Windows. Needs nsis, wixl, wine and wine64; takes a minute.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from installers.windows_installers import make_exe, make_msi
from sync_server.programs import run, start

# It waits and tells, and cannot remove itself. In words of their own: quotes are not understood.
_IN_PLACE = (r"_?=C:\Program", r"Files\TrafficDesk")
_REFUSED = 2
_MSI_REFUSED = 1603 & 0xFF  # wine hands on the lowest eight bits
_LIMIT_S = 30.0
_LOOK_S = 0.2


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

    def uninstall(self, *words: str) -> int:
        """Run what the installer left to remove it, and return its exit code."""
        return self.run(str(self.place / "uninstall.exe"), "/S", *words)

    @contextmanager
    def with_open_desk(self) -> Iterator[None]:
        """Run a program under the desk's name for a while. Raises ``TimeoutError``."""
        program = self.place / "trafficdesk.exe"
        shutil.copy(self.prefix / "drive_c" / "windows" / "system32" / "cmd.exe", program)
        sign = self.place / "open"
        words = ("/c", "echo 1 > open && ping -n 300 127.0.0.1")
        command = ["env", "-C", str(self.place), "wine", str(program), *words]
        desk = start(command, environment=self._environment)
        try:
            if not comes_true(sign.exists):
                raise TimeoutError("The program that stands for a desk does not start.")
            yield
        finally:
            self.run("taskkill", "/f", "/im", "ping.exe")
            desk.wait()
            sign.unlink(missing_ok=True)


def check(words: str, *, holds: bool) -> bool:
    """Tell whether something holds."""
    sys.stdout.write(f"{'ok    ' if holds else 'FAILED'}  {words}\n")
    return holds


def comes_true(happened: Callable[[], bool]) -> bool:
    """Wait until something is so; tell whether it came to be."""
    until = time.monotonic() + _LIMIT_S
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_S)
    return True


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
    held += try_open(windows, newer)
    removed = windows.uninstall() == 0 and comes_true(lambda: not place.exists())
    held.append(check("uninstall.exe /S removes", holds=removed))
    held.append(check("the profile is left", holds=profile.exists()))
    return held


def try_open(windows: Windows, newer: str) -> list[bool]:
    """Neither replace nor remove a desk that is open; return what held."""
    deep = windows.place / "_internal" / "deep" / "one.dll"
    deep.write_bytes(b"as it was")
    with windows.with_open_desk():
        refused = windows.run(newer, "/S") == _REFUSED
        held = [check("while the desk is open it is refused with 2", holds=refused)]
        refused = windows.uninstall(*_IN_PLACE) == _REFUSED
        held.append(check("and so is its removal, where it waits", holds=refused))
        held.append(check("and changes nothing", holds=deep.read_bytes() == b"as it was"))
    return held


def try_msi(windows: Windows, folder: Path) -> list[bool]:
    """Install, upgrade, refuse to go back and remove by msiexec; return what held."""
    older, newer = (str(make_msi(stand_in(folder, v), folder)) for v in ("0.3.0", "0.3.1"))
    told = windows.place / "about" / "versions.json"
    quiet = ("/qn", "/norestart")
    done = windows.run("msiexec", "/i", older, *quiet) == 0
    there = (windows.place / "_internal" / "deep" / "one.dll").exists()
    held = [check("msiexec /i /qn installs", holds=done and there)]
    done = windows.run("msiexec", "/i", newer, *quiet) == 0 and "0.3.1" in told.read_text("utf-8")
    held.append(check("a newer one replaces it", holds=done))
    refused = windows.run("msiexec", "/i", older, *quiet) == _MSI_REFUSED
    kept = "0.3.1" in told.read_text("utf-8")
    held.append(check("an older one is refused with 1603", holds=refused and kept))
    done = windows.run("msiexec", "/x", newer, *quiet) == 0
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
