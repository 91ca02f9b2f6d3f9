"""The hand-over sheet on screen: which shift, the note, what is saved, and how it looks."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt.dispatch_papers.conftest import NAME, ReadPdf
from tests.qt.picking import Picker
from tests.services.dispatching import file
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.dispatch_papers.handover_page import HandoverPage
from trafficdesk.qt.dispatch_papers.span_choice import LAST, OTHER
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

OpenPage = Callable[..., HandoverPage]
Faults = Callable[..., list[str]]
DATA = (NAME, "INC", "D1", "P1", "P2", "A1", "Mill Road", "Gandhipuram", "SI", "Nov")


@pytest.fixture
def open_page(qtbot: QtBot, gear: PapersGear, tmp_path: Path) -> Iterator[OpenPage]:
    """Open the page in a window, and wait until it has read the log."""
    opened: list[HandoverPage] = []

    def make(given: PapersGear = gear, size: QSize = QSize(1040, 632)) -> HandoverPage:  # noqa: B008 - a constant
        page = HandoverPage(given)
        page.files = Picker(tmp_path)
        opened.append(page)
        qtbot.addWidget(page)
        page.resize(size)
        page.show()
        qtbot.waitUntil(lambda: page.log is not None)
        return page

    yield make
    for page in opened:
        page.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def words(page: HandoverPage) -> str:
    return page.view.toPlainText()


def test_the_shift_stands_on_the_page(open_page: OpenPage) -> None:
    page = open_page()
    told = words(page)
    for each in (
        NAME,
        "Mill Road",
        "P1 called for help",
        "nobody has acknowledged it",
        "P2 on scene",
    ):
        assert each in told, each
    assert "This desk works without a server: it knows only what was done here." in told


def test_what_is_done_meanwhile_comes_onto_the_page(
    open_page: OpenPage, gear: PapersGear, qtbot: QtBot, shift: Session
) -> None:
    page = open_page()
    made = file(shift)
    assert made.reference not in words(page)
    gear.changes.tell(Changed(kinds=frozenset({Entity.INCIDENT})))
    qtbot.waitUntil(lambda: made.reference in words(page))


def test_of_a_long_log_the_screen_shows_the_latest_and_the_file_all(
    open_page: OpenPage, shift: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    made = [file(shift).reference for _ in range(45)]
    page = open_page()
    told = words(page)
    assert "No more than 40 lines of a list are on screen; the file has all." in told
    assert made[-1] in told
    assert told.count("Incident filed") < len(made)
    page.json_button.click()
    qtbot.waitUntil(lambda: page.message.title() == "Saved handover.json.")
    saved = json.loads((tmp_path / "handover.json").read_bytes())
    assert {each["incident"] for each in saved["log"]} >= set(made)


def test_last_shift_is_that_before_this_one(open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    this = page.log
    assert this is not None
    page.span.which.choose(LAST)
    page.span.which.chosen.emit(LAST)
    qtbot.waitUntil(lambda: page.log is not this)
    assert page.log is not None
    assert page.log.end == this.begin
    assert not page.log.deeds


def test_a_span_is_typed_and_what_cannot_be_read_is_told(open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    this = page.log
    assert this is not None
    page.span.which.choose(OTHER)
    page.span.which.chosen.emit(OTHER)
    begin, end = page.span.begin, page.span.end
    qtbot.waitUntil(begin.isVisible)
    for typed, why in (("yesterday", "Write it like"), ("2020-01-01 06:00", "31 days")):
        begin.set_text(typed)
        QTest.keyClick(begin.edit, Qt.Key.Key_Return)
        wrong = begin if why.startswith("Write") else end
        assert why in wrong.error.text()
    end.set_text("2020-01-01 05:00")
    QTest.keyClick(begin.edit, Qt.Key.Key_Return)
    assert end.error.text() == "This is not after the beginning"
    end.set_text("2020-01-02 06:00")
    QTest.keyClick(end.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.log is not None and not page.log.deeds)
    assert page.log is not None
    assert page.log.end - page.log.begin == timedelta(days=1)
    assert not end.error.text()


def test_it_is_saved_for_people_and_for_programs_with_the_note(
    open_page: OpenPage, qtbot: QtBot, tmp_path: Path, read_pdf: ReadPdf
) -> None:
    page = open_page()
    page.note.setPlainText("Signal at Lakshmi Mills is out.")
    page.pdf_button.click()
    qtbot.waitUntil(lambda: page.message.title() == "Saved handover.pdf.")
    first = read_pdf(tmp_path / "handover.pdf")[0]
    assert "Signal at Lakshmi Mills is out." in first
    assert "This note stands on this sheet alone, not in the log." in first
    page.json_button.click()
    qtbot.waitUntil(lambda: page.message.title() == "Saved handover.json.")
    saved = json.loads((tmp_path / "handover.json").read_bytes())
    assert saved["note"] == "Signal at Lakshmi Mills is out."
    assert saved["made_by"].endswith(NAME)
    assert [each["still_needed"] for each in saved["handed_over"]] == [
        {"police": 1},
        {"ambulance": 1},
    ]


def test_a_place_that_cannot_be_written_is_told_and_the_old_file_stays(
    open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page()
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    page.files = Picker(blocked)
    page.pdf_button.click()
    told = "handover.pdf could not be written."
    qtbot.waitUntil(lambda: page.message.title() == told)
    assert blocked.read_text() == "no folder"
    assert page.pdf_button.isEnabled()


@pytest.mark.parametrize("size", [QSize(1040, 632), QSize(1120, 992)])
def test_it_fits_with_large_text_and_everything_has_a_name(
    open_page: OpenPage,
    size: QSize,
    appearance: Appearance,
    find_cut_off: Faults,
    find_unnamed: Faults,
    find_unreachable: Faults,
) -> None:
    appearance.apply(ThemeChoice.DARK, 150, Density.COMFORTABLE)
    page = open_page(size=size)
    assert find_cut_off(page) == []
    assert find_unnamed(page) == []
    assert find_unreachable(page) == []


@pytest.mark.usefixtures("pseudo_locale")
def test_every_word_of_it_can_be_translated(open_page: OpenPage, find_untranslated: Faults) -> None:
    page = open_page()
    assert find_untranslated(page, DATA) == []


def test_it_looks_right(
    open_page: OpenPage, screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    page = open_page()
    for picture in screenshots(page, "handover"):
        assert picture.stat().st_size > 5_000
