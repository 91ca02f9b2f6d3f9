"""Works in the real desk on Barcelona's road accidents: ``python -m tests.system.accidents_walk``.

``DIR`` gets numbered pictures; ``--rows N`` takes the first accidents only. Needs the file of the
accidents beside the project and, off-screen, ``QT_QPA_PLATFORM=offscreen``
``QT_QUICK_BACKEND=software`` (and as root ``QTWEBENGINE_CHROMIUM_FLAGS=--no-sandbox``). Prints one
JSON line of what it found.
"""

import argparse
import gzip
import json
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication

from tests.system.accidents_desk import ACCIDENTS, PASSWORD, found_desk, import_accidents
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.profile import Profile
from trafficdesk.qt.application import DeskApplication, make_qt_application
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.qt.tour.page_hand import PageHand
from trafficdesk.qt.tour.stations import Tour, triage, undo, unlock
from trafficdesk.qt.tour.walk import Walk
from trafficdesk.qt.words import severity_word
from trafficdesk.services import desk as desks
from trafficdesk.store import tallies
from trafficdesk.store.upkeep import check

SMALL = QSize(1280, 720)


def main() -> None:
    """Import, work, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--rows", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    qt = make_qt_application()
    with tempfile.TemporaryDirectory(prefix="trafficdesk-accidents-") as scratch:
        profile = Profile(Path(scratch) / "desk")
        told = _fill(profile, _table(Path(scratch), asked.rows))
        told |= _work(qt, profile, asked.folder)
    sys.stdout.write(json.dumps(told) + "\n")


def _table(folder: Path, rows: int) -> Path:
    if not rows:
        return ACCIDENTS
    part = folder / "accidents.csv"
    with gzip.open(ACCIDENTS, "rt", encoding="utf-8") as whole:
        part.write_text("".join(islice(whole, rows + 1)), "utf-8")
    return part


def _fill(profile: Profile, table: Path) -> dict[str, object]:
    session = found_desk(profile)
    began = time.monotonic()
    done = import_accidents(session, table)
    seconds = time.monotonic() - began
    desks.close_session(session, "lock")
    return {"rows": done.rows, "warnings": done.warnings, "import_s": round(seconds, 1)}


def _work(qt: QApplication, profile: Profile, folder: Path) -> dict[str, object]:
    desk = DeskApplication(profile, furnish)
    walk = Walk(desk.window, folder)
    tour = Tour(desk, walk, PASSWORD)
    faults: list[BaseException] = []
    desk.lanes.failed.connect(faults.append)
    try:
        desk.equipment.settings.change(theme="light")
        desk.window.resize(SMALL)
        desk.start()
        walk.take_keyboard()
        unlock(tour)
        told: dict[str, object] = {"severe": _filter(tour), "found": _search(tour, "Diagonal")}
        triage(tour)
        undo(tour)
        told |= _look_at_map(tour)
        told |= _prove(tour)
    finally:
        desk.window.close()
        desk.shut_down()
        qt.processEvents()
    return told | {"faults": [repr(fault) for fault in faults], "lines": walk.lines}


def _filter(tour: Tour) -> int:
    walk, column = tour.walk, tour.review().column
    every = column.model.rowCount()
    walk.press("F")
    walk.settle()
    severe = next(
        chip
        for chip in column.filter.severities.findChildren(QAbstractButton)
        if chip.text() == severity_word(Severity.SEVERE)
    )
    walk.click(severe)
    walk.shoot("filter")
    walk.press("Esc")
    walk.wait(lambda: 0 < column.model.rowCount() < every, "the severe ones")
    walk.settle(1.0)
    count = column.model.rowCount()
    walk.press("Shift+F")
    walk.wait(lambda: column.model.rowCount() == every, "all reports again")
    return count


def _search(tour: Tour, words: str) -> int:
    walk, column = tour.walk, tour.review().column

    def found() -> int:
        return column.model.rowCount()

    every = found()
    walk.press("/")
    walk.type(words)
    walk.press("Return")
    walk.wait(lambda: 0 < found() < every, f"the reports of {words}")
    walk.settle(1.0)
    walk.shoot("searched")
    count = found()
    walk.press("/")
    walk.press("Ctrl+A")
    walk.press("Backspace")
    walk.press("Return")
    walk.wait(lambda: found() == every, "all reports again")
    return count


def _look_at_map(tour: Tour) -> dict[str, object]:
    walk = tour.walk
    walk.press("Ctrl+3")
    assert tour.desk.sitting is not None
    view = tour.desk.sitting.view
    walk.wait(lambda: view.find_made("map"), "the map to be loaded")
    found = view.find_made("map")
    assert isinstance(found, MapWorkspace)
    hand = PageHand(found.view, walk)
    walk.wait(lambda: found.view.is_ready, "the page of the map")
    walk.wait(lambda: hand.count(".count") > 0, "clusters on the map")
    walk.settle(4.0)
    walk.shoot("map")
    before = hand.count(".count")
    hand.click(".count")
    walk.settle(2.5)
    walk.shoot("map-cluster")
    return {"clusters": [before, hand.count(".count")]}


def _prove(tour: Tour) -> dict[str, object]:
    assert tour.desk.sitting is not None
    store = tour.desk.sitting.session.store
    with store.reading() as connection:
        by_status = tallies.count_by(connection, "status", ReportFilter())
    wrong = [finding.check for finding in check(store) if not finding.ok]
    return {"by_status": by_status, "wrong": wrong}


if __name__ == "__main__":
    main()
