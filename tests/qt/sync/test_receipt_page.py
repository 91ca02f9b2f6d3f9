"""The end-of-shift receipt on screen and on paper."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtPdf import QPdfDocument

from tests.qt.picking import Picker
from tests.qt.sync.conftest import OpenDesk, Window
from tests.server.world import Person, World
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.qt.sync.lists import ListRow
from trafficdesk.qt.sync.receipt_page import ReceiptPage


@pytest.fixture
def person(world: World) -> Person:
    """Somebody whose name is written in Tamil and Devanagari."""
    return world.person(Role.SUPERVISOR, "மீனா कुमार")


@pytest.fixture
def window(profile: Profile, other: SyncedDesk, open_desk: OpenDesk) -> Window:
    """The desk in its window, with one decision sent."""
    other.file()
    other.sync()
    opened = open_desk(profile)
    opened.unlock()
    opened.wait(lambda: len(opened.pks()) == 1)
    opened.wait_for_pill("Online, all sent")
    opened.step(opened.pks()[0], Move.APPROVE)
    opened.wait_until_sent()
    return opened


def open_page(window: Window, folder: Path) -> ReceiptPage:
    """Open the receipt as an officer does, from the sync panel."""
    window.panel().receipt_button.click()
    page = window.sitting.view.overlays.current()
    assert isinstance(page, ReceiptPage)
    page.files = Picker(folder)
    window.wait(lambda: bool(page.summary.text()))
    return page


def prove(window: Window, page: ReceiptPage) -> None:
    page.prove_button.click()
    window.wait(lambda: page.proof is not None)


def rows(page: ReceiptPage) -> list[str]:
    found = page.findChildren(ListRow)
    return [each.accessibleName() for each in found if each.isVisibleTo(page)]


def test_a_shift_is_proved_and_saved_for_people_and_for_programs(
    window: Window, tmp_path: Path
) -> None:
    page = open_page(window, tmp_path)
    assert page.summary.text() == "1 change of yours. Only the server can prove it."
    assert not page.pdf_button.isEnabled()
    prove(window, page)
    assert page.summary.text() == "With the server: 1 of 1."
    (row,) = rows(page)
    assert "Taken as version 2" in row
    page.json_button.click()
    window.wait(lambda: page.message.title() == "Saved receipt.json.")
    saved = json.loads((tmp_path / "receipt.json").read_bytes())
    assert saved["desk"]["officer"] == "மீனா कुमार"
    page.pdf_button.click()
    window.wait(lambda: page.message.title() == "Saved receipt.pdf.")
    paper = (tmp_path / "receipt.pdf").read_bytes()
    assert b"NotoSansTamil" in paper
    assert b"NotoSansDevanagari" in paper


def test_the_paper_says_what_the_screen_does(window: Window, tmp_path: Path) -> None:
    page = open_page(window, tmp_path)
    prove(window, page)
    page.pdf_button.click()
    window.wait(lambda: page.message.title() == "Saved receipt.pdf.")
    document = QPdfDocument()
    assert document.load(str(tmp_path / "receipt.pdf")) is QPdfDocument.Error.None_
    assert document.pageCount() == 1
    words = document.getAllText(0).text()
    assert "With the server: 1 of 1." in words
    assert "Taken as version 2" in words
    assert document.render(0, QSize(600, 850)).save(str(tmp_path / "receipt.png"))
    document.close()


def test_without_contact_it_says_what_would_be_proved(
    window: Window, road: Road, tmp_path: Path
) -> None:
    road.set(Way.CLOSED)
    window.step(window.pks()[0], Move.REOPEN)
    page = open_page(window, tmp_path)
    window.wait(lambda: page.summary.text().startswith("2 changes"))
    page.prove_button.click()
    window.wait(lambda: bool(page.message.title()))
    assert page.message.title() in {"The server does not answer.", "The connection broke off."}
    assert page.proof is None
    assert not page.json_button.isEnabled()
    assert page.prove_button.isEnabled()
    road.set(Way.OPEN)
    prove(window, page)
    assert page.message.title().startswith("Proved and kept at ")


def test_a_place_that_cannot_be_written_is_told(window: Window, tmp_path: Path) -> None:
    page = open_page(window, tmp_path / "nowhere" / "at all")
    prove(window, page)
    page.pdf_button.click()
    window.wait(lambda: page.message.title() == "receipt.pdf could not be written.")
