"""The tour: unlock, triage, undo, map, file a report, lock — on a copy of a demo profile."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.tour.stations import STATIONS, Tour
from trafficdesk.qt.tour.walk import TourFault, Walk
from trafficdesk.security.durable_file import write_durably
from trafficdesk.services.demo.marker import DemoMark, find_mark

SMALL: Final = QSize(1280, 720)
SUMMARY: Final = "summary.md"
_NO_DEMO: Final = "The tour needs a demo desk: make one with `trafficdesk demo`."
_DONE, _FAILED, _REFUSED = 0, 1, 1


def guide(qt: QApplication, profile: Profile, folder: Path) -> int:
    """Drive a copy of the demo desk; leave pictures and ``summary.md`` in ``folder``.

    Returns 0 when every station was reached, else says on stderr what was in the way.

    The profile itself is not touched, so the tour can be taken as often as wanted. One that joined
    a server is driven itself, for the server would take a copy for a thief; only how its screens
    were left is as before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = find_mark(profile)
    if mark is None or not mark.complete:
        write_summary(folder, [], _NO_DEMO)
        sys.stderr.write(f"{_NO_DEMO}\n")
        return _REFUSED
    if mark.joined:
        with _settings_aside(profile):
            return _drive(qt, profile, folder, mark)
    with tempfile.TemporaryDirectory(prefix="trafficdesk-tour-") as scratch:
        copy = Profile(Path(scratch) / "desk")
        shutil.copytree(profile.folder, copy.folder, ignore=shutil.ignore_patterns("*.lock"))
        copy.settings.unlink(missing_ok=True)
        return _drive(qt, copy, folder, mark)


@contextmanager
def _settings_aside(profile: Profile) -> Iterator[None]:
    """Have a desk begin as a new one does, not where its screens were left; put that back after."""
    kept = profile.settings.read_bytes() if profile.settings.exists() else None
    profile.settings.unlink(missing_ok=True)
    try:
        yield
    finally:
        if kept is not None:
            write_durably(profile.settings, kept)


def _drive(qt: QApplication, profile: Profile, folder: Path, mark: DemoMark) -> int:
    for old in folder.glob("[0-9][0-9]-*.png"):
        old.unlink()
    desk = DeskApplication(profile, furnish)
    walk = Walk(desk.window, folder)
    faults: list[BaseException] = []
    desk.lanes.failed.connect(faults.append)
    tour = Tour(desk, walk, mark.password)
    fault = ""
    try:
        desk.equipment.settings.change(theme="light")
        desk.window.resize(SMALL)
        desk.start()
        walk.take_keyboard()
        for station in STATIONS:
            station(tour)
        fault = f"the desk met a fault: {faults[0]!r}" if faults else ""
    except TourFault as error:
        fault = str(error)
        walk.shoot("where-the-tour-stopped")
    finally:
        desk.window.close()
        desk.shut_down()
        qt.processEvents()
    write_summary(folder, walk.lines, fault, walk.shots)
    if not fault:
        return _DONE
    sys.stderr.write(f"The tour stopped: {fault}. How far it came: {folder / SUMMARY}\n")
    return _FAILED


def write_summary(
    folder: Path, lines: list[str], fault: str, shots: list[Path] | None = None
) -> None:
    """Write the page that says what the tour did, and where it stopped if it did."""
    text = ["# A tour of TrafficDesk", ""]
    text += [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    text += ["", f"**Stopped: {fault}**" if fault else "Every station was reached.", ""]
    text += [f"![{shot.stem}]({shot.name})" for shot in shots or []]
    (folder / SUMMARY).write_text("\n".join(text) + "\n", "utf-8")
