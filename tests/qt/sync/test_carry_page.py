"""Carrying a colleague's bundle on screen: chosen, handed in, its answer beside it."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from tests.qt.sync.conftest import Window
from tests.system.sync.carrying import ask, take
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.qt.sync.carry_page import CarryPage
from trafficdesk.qt.sync.carry_words import carry_words, has_words
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.services import auditing
from trafficdesk.sync import carrying
from trafficdesk.sync.carrying import CarryError, CarryFault
from trafficdesk.sync.errors import Fault
from trafficdesk.wire.bundles import BundleFault
from trafficdesk.wire.codes import Code

_NEVER_MET = {"not_enrolled", "no_server_key", "no_it_key", "nothing_taken", "replayed"}


@dataclass
class Chooser:
    """Stands where the system's dialogs would: chooses one file, or one folder."""

    path: Path | None

    def to_open(self, _parent: QWidget, _title: str, _kinds: str) -> Path | None:
        """Choose the file."""
        return self.path

    def to_save(self, _parent: QWidget, _title: str, _name: str, _kinds: str = "") -> None:
        """Choose nothing."""

    def to_use(self, _parent: QWidget, _title: str) -> Path | None:
        """Choose the folder."""
        return self.path


@pytest.fixture
def bundle(other: SyncedDesk, window: Window, tmp_path: Path) -> Path:
    """What a colleague's desk wrote, with one change in it."""
    assert window.pks()
    other.file()
    (tmp_path / "stick").mkdir()
    path = tmp_path / "stick" / "patrol.tdbundle"
    path.write_bytes(ask(other))
    return path


def open_page(window: Window, path: Path | None) -> CarryPage:
    """Open the page as an officer does, from the sync panel."""
    window.panel().carry_button.click()
    page = window.sitting.view.overlays.current()
    assert isinstance(page, CarryPage)
    page.files = Chooser(path)
    return page


def carry(window: Window, page: CarryPage) -> str:
    """Choose the file and return what is said then."""
    page.button.setFocus()
    page.button.click()
    window.wait(lambda: bool(page.message.title()))
    window.wait(page.button.isEnabled)
    assert page.button.hasFocus(), "who works by keys stays where they were"
    return page.message.title()


def test_a_bundle_is_carried_and_its_answer_lies_beside_it(
    window: Window, other: SyncedDesk, bundle: Path
) -> None:
    page = open_page(window, bundle)
    assert carry(window, page) == "The server has it. Its answer: patrol.answer.tdbundle"
    assert str(bundle.parent) in page.message.accessibleName()
    taken = take(other, (bundle.parent / "patrol.answer.tdbundle").read_bytes())
    assert taken.results == {"applied": 1}
    session = window.sitting.session
    with session.store.reading() as connection:
        told = [(each.action, each.entity_id) for each in auditing.entries(connection)]
    assert ("bundle.carried", "patrol.tdbundle") in told


def test_who_chooses_nothing_has_nothing_carried(window: Window) -> None:
    page = open_page(window, None)
    page.button.click()
    assert page.button.isEnabled()
    assert page.message.title() == ""


def test_without_contact_the_file_waits(window: Window, road: Road, bundle: Path) -> None:
    road.set(Way.CLOSED)
    page = open_page(window, bundle)
    said = carry(window, page)
    assert said in {"The server does not answer.", "The connection broke off."}
    assert "it counts once" in page.message.accessibleName()
    road.set(Way.OPEN)
    assert carry(window, page).startswith("The server has it.")


def test_a_file_that_is_none_is_said_to_be_none(window: Window, bundle: Path) -> None:
    bundle.write_bytes(b"a letter")
    assert carry(window, open_page(window, bundle)) == "This file is no bundle."


def test_where_the_answer_cannot_be_written_another_folder_is_asked_for(
    window: Window, other: SyncedDesk, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_place: Path, _content: bytes) -> None:
        raise OSError(28, os.strerror(28))

    page = open_page(window, bundle)
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "write_durably", full)
        assert carry(window, page) == "The answer could not be written."
    page.folders = Chooser(tmp_path)
    page.message.acted.emit()
    window.wait(lambda: page.message.title().startswith("The server has it."))
    assert take(other, (tmp_path / "patrol.answer.tdbundle").read_bytes()).results == {"applied": 1}


def test_every_fault_that_can_be_met_is_said_in_words_of_its_own() -> None:
    for fault in {str(each) for each in BundleFault} - _NEVER_MET:
        assert has_words(fault), fault
    assert not any(map(has_words, _NEVER_MET))
    data = {"detail": str(Fault.NO_ANSWER), "path": "x", "wait_s": 40}
    for each in (*CarryFault, *BundleFault):
        words = carry_words(CarryError(each, **data))
        assert words is not None
        assert all(words), each
        assert "{" not in "".join(words), each
    assert "40 s" in (carry_words(CarryError(CarryFault.BUSY, wait_s=40)) or ("", ""))[1]
    assert carry_words(ValueError()) is None


def test_what_the_courier_must_do_itself_is_said_as_the_panel_says_it() -> None:
    revoked = CarryError(CarryFault.REFUSED, detail=str(Code.DEVICE_REVOKED))
    assert carry_words(revoked) == contact_words(Code.DEVICE_REVOKED)
    signed_out = carry_words(CarryError(CarryFault.SIGN_IN_NEEDED))
    assert signed_out is not None
    assert "Sign in" in signed_out[1]
