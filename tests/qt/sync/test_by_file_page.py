"""Exchanging by file on screen: a colleague's bundle is carried, and this desk's own work goes."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from tests.qt.sync.conftest import Window
from tests.system.sync.carrying import ask, take
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.sync.by_file_page import ByFilePage
from trafficdesk.qt.sync.carry_block import CarryBlock
from trafficdesk.qt.sync.carry_words import carry_words, has_words
from trafficdesk.qt.sync.own_file_words import own_file_words
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.services import auditing
from trafficdesk.store import reports
from trafficdesk.sync import carrying
from trafficdesk.sync.carrying import CarryError, CarryFault, Errand, carry_file
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.wire.bundles import BundleError, BundleFault
from trafficdesk.wire.codes import Code

_NEVER_OWN = {
    BundleFault.TOO_OLD,
    BundleFault.UNKNOWN_DEVICE,
    BundleFault.REVOKED,
    BundleFault.COPIED,
    BundleFault.NOTHING_TAKEN,
    BundleFault.NO_IT_KEY,
}
_NEVER_MET = {"not_enrolled", "no_server_key", "no_it_key", "nothing_taken", "replayed"}


@dataclass
class Chooser:
    """Stands where the system's dialogs would: chooses one file, or one folder."""

    path: Path | None

    def to_open(self, _parent: QWidget, _title: str, _kinds: str) -> Path | None:
        """Choose the file."""
        return self.path

    def to_save(self, _parent: QWidget, _title: str, name: str, _kinds: str = "") -> Path | None:
        """Choose the file; the proposed name is one of a bundle."""
        assert name.endswith(".tdbundle")
        return self.path

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


def open_page(window: Window) -> ByFilePage:
    """Open the page as an officer does, from the sync panel."""
    window.panel().by_file_button.click()
    page = window.sitting.view.overlays.current()
    assert isinstance(page, ByFilePage)
    return page


def open_carrying(window: Window, path: Path | None) -> CarryBlock:
    """Open the page, to choose a colleague's file on it."""
    block = open_page(window).carrying
    block.files = Chooser(path)
    return block


def carry(window: Window, page: CarryBlock) -> str:
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
    page = open_carrying(window, bundle)
    assert carry(window, page) == "The server has it. Its answer: patrol.answer.tdbundle"
    assert str(bundle.parent) in page.message.accessibleName()
    taken = take(other, (bundle.parent / "patrol.answer.tdbundle").read_bytes())
    assert taken.results == {"applied": 1}
    session = window.sitting.session
    with session.store.reading() as connection:
        told = [(each.action, each.entity_id) for each in auditing.entries(connection)]
    assert ("bundle.carried", "patrol.tdbundle") in told


def test_who_chooses_nothing_has_nothing_carried(window: Window) -> None:
    page = open_carrying(window, None)
    page.button.click()
    assert page.button.isEnabled()
    assert page.message.title() == ""


def test_without_contact_the_file_waits(window: Window, road: Road, bundle: Path) -> None:
    road.set(Way.CLOSED)
    page = open_carrying(window, bundle)
    said = carry(window, page)
    assert said in {"The server does not answer.", "The connection broke off."}
    assert "it counts once" in page.message.accessibleName()
    road.set(Way.OPEN)
    assert carry(window, page).startswith("The server has it.")


def test_a_file_that_is_none_is_said_to_be_none(window: Window, bundle: Path) -> None:
    bundle.write_bytes(b"a letter")
    assert carry(window, open_carrying(window, bundle)) == "This file is no bundle."


def test_where_the_answer_cannot_be_written_another_folder_is_asked_for(
    window: Window, other: SyncedDesk, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_place: Path, _content: bytes) -> None:
        raise OSError(28, os.strerror(28))

    page = open_carrying(window, bundle)
    with monkeypatch.context() as patch:
        patch.setattr(carrying, "write_durably", full)
        assert carry(window, page) == "The answer could not be written."
    page.folders = Chooser(tmp_path)
    page.message.acted.emit()
    window.wait(lambda: page.message.title().startswith("The server has it."))
    assert take(other, (tmp_path / "patrol.answer.tdbundle").read_bytes()).results == {"applied": 1}


def take_offline(window: Window, road: Road) -> None:
    road.set(Way.CLOSED)
    sync = window.sitting.sync
    assert sync is not None
    sync.try_now()
    window.wait(lambda: window.pill().startswith("Offline"))


def write(window: Window, page: ByFilePage, path: Path) -> str:
    """Write what waits, and return what is said then."""
    page.own.files = Chooser(path)
    page.own.write_button.click()
    window.wait(lambda: bool(page.own.message.title()))
    return page.own.message.title()


def take_in(window: Window, page: ByFilePage, path: Path) -> str:
    """Take an answer in, and return what is said then."""
    page.own.files = Chooser(path)
    page.own.take_button.setFocus()
    page.own.take_button.click()
    window.wait(lambda: bool(page.own.message.title()))
    window.wait(page.own.take_button.isEnabled)
    assert page.own.take_button.hasFocus()
    return page.own.message.title()


def test_without_a_line_work_goes_by_a_colleagues_desk_and_is_confirmed(
    window: Window, other: SyncedDesk, road: Road, tmp_path: Path
) -> None:
    take_offline(window, road)
    pk = window.pks()[0]
    window.step(pk, Move.APPROVE)
    other.file()
    other.sync()
    page, path = open_page(window), tmp_path / "mine.tdbundle"
    assert write(window, page, path) == "Wrote mine.tdbundle. Changes in it: 1."
    session = other.session
    back = carry_file(session.store, session.device, Errand(path), lambda _: None)
    said = take_in(window, page, back)
    assert said.startswith("Changes answered: 1. Records from others: "), said
    assert window.counts() == (0, 0, 0, 0)
    window.wait(lambda: len(window.pks()) == 2)
    with window.sitting.session.store.reading() as connection:
        assert reports.get(connection, pk).sync_state is SyncState.CONFIRMED
    assert take_in(window, page, back) == "This answer was taken in before."
    road.set(Way.OPEN)  # the line is used as before
    window.step(pk, Move.REOPEN)
    sync = window.sitting.sync
    assert sync is not None
    sync.try_now()
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")


def test_both_roads_may_be_used_at_once(window: Window, other: SyncedDesk, tmp_path: Path) -> None:
    page, path = open_page(window), tmp_path / "mine.tdbundle"
    window.step(window.pks()[0], Move.APPROVE)
    write(window, page, path)
    session = other.session
    back = carry_file(session.store, session.device, Errand(path), lambda _: None)
    take_in(window, page, back)
    window.step(window.pks()[0], Move.REOPEN)
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")


def test_a_file_that_is_no_answer_changes_nothing(
    window: Window, other: SyncedDesk, tmp_path: Path
) -> None:
    page = open_page(window)
    path = tmp_path / "theirs.tdbundle"
    path.write_bytes(ask(other))
    assert take_in(window, page, path) == "This bundle goes the other way."
    path.unlink()
    assert take_in(window, page, path) == "The file cannot be read or written."
    window.wait_for_pill("Online, all sent")


def test_a_place_that_cannot_be_written_is_told(window: Window, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = write(window, open_page(window), tmp_path / "file" / "mine.tdbundle")
    assert said == "The file cannot be read or written."


def test_a_desk_that_is_locked_while_an_answer_is_taken_in_loses_nothing(
    window: Window, other: SyncedDesk, road: Road, tmp_path: Path
) -> None:
    take_offline(window, road)
    window.step(window.pks()[0], Move.APPROVE)
    page, path = open_page(window), tmp_path / "mine.tdbundle"
    write(window, page, path)
    session = other.session
    back = carry_file(session.store, session.device, Errand(path), lambda _: None)
    page.own.files = Chooser(back)
    page.own.take_button.click()
    window.application.lock("lock")
    window.wait(lambda: isinstance(window.shown(), UnlockScreen))
    road.set(Way.OPEN)
    window.unlock()
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")


def test_every_fault_of_this_desks_own_files_has_words_of_its_own() -> None:
    for fault in set(BundleFault) - _NEVER_OWN:
        words = own_file_words(BundleError(fault))
        assert words is not None, fault
        assert all(words), fault
    for fault in _NEVER_OWN:
        assert own_file_words(BundleError(fault)) is None
    assert own_file_words(LineError(Fault.GARBLED)) == contact_words(Fault.GARBLED)


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
