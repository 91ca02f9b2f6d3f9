"""A new desk joins its server from the first page, and opens online."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt.sync.conftest import OpenDesk, Window
from tests.server.world import PASSWORD, Person, World
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import EnrolmentRules, Policy, ServerRules
from trafficdesk.profile import Profile
from trafficdesk.qt.unlock.join_page import JoinPage
from trafficdesk.qt.unlock.set_up_page import RecoveryCodePage, SetUpPage
from trafficdesk.sync.errors import Fault

CLOSED_WITHIN_S = 5.0  # a request may hang for a minute


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "desk")


@pytest.fixture
def window(profile: Profile, open_desk: OpenDesk) -> Window:
    """The program on an empty profile, at the page that joins a server."""
    opened = open_desk(profile)
    set_up = opened.shown()
    assert isinstance(set_up, SetUpPage)
    set_up.join.click()
    return opened


def page_of(window: Window) -> JoinPage:
    page = window.shown()
    assert isinstance(page, JoinPage)
    return page


def fill_in(page: JoinPage, server: str, token: str, login: str, password: str) -> None:
    texts = {
        page.server: server,
        page.token: token,
        page.login: login,
        page.password: password,
    }
    for field, text in texts.items():
        field.clear()
        QTest.keyClicks(field.edit, text)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)


def test_a_desk_joins_its_server_though_the_password_was_mistyped_once(
    window: Window, world: World, person: Person, qtbot: QtBot
) -> None:
    page, token = page_of(window), world.token()
    fill_in(page, world.live.url, token, person.login, "not the right one")
    window.wait(lambda: page.password.error.text() != "")
    assert "does not take this login" in page.password.error.text()
    fill_in(page, world.live.url, token, person.login, PASSWORD)
    window.wait(lambda: isinstance(window.shown(), RecoveryCodePage))
    code = window.shown()
    assert isinstance(code, RecoveryCodePage)
    code.check.setChecked(True)
    with qtbot.waitSignal(window.application.unlocked):
        code.button.click()
    window.wait_for_pill("Online, all sent")
    assert window.sitting.session.officer.id == person.id


def test_mistakes_are_told_where_they_are_and_the_way_back_stays_open(
    window: Window, world: World, person: Person, profile: Profile
) -> None:
    page = page_of(window)
    page.button.click()
    assert page.server.error.text() == "Fill this in."
    fill_in(page, "sync.example.org", "ABCD", person.login, PASSWORD)
    window.wait(lambda: "https://" in page.server.error.text())
    fill_in(page, "http://sync.example.org", "ABCD", person.login, PASSWORD)
    window.wait(lambda: "in the clear" in page.server.error.text())
    fill_in(page, world.live.url, "ABCD", person.login, PASSWORD)
    window.wait(lambda: "does not take this token" in page.token.error.text())
    fill_in(page, world.live.url, world.token(), person.login, "short")
    window.wait(lambda: "8" in page.password.error.text())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    fill_in(page, f"http://127.0.0.1:{port}", "ABCD", person.login, PASSWORD)
    window.wait(page.message.isVisible)
    assert page.message.title() == "The server does not answer."
    page.authority.set_text("/nowhere/ca.pem")
    fill_in(page, world.live.url, "ABCD", person.login, PASSWORD)
    window.wait(page.back.isEnabled)
    assert "/nowhere/ca.pem" in page.message.accessibleName()
    page.back.click()
    assert isinstance(window.shown(), SetUpPage)
    assert not profile.key_slots.exists()


def test_the_window_closes_while_a_server_hangs(
    window: Window, world: World, person: Person, road: Road
) -> None:
    road.set(Way.NOWHERE)
    fill_in(page_of(window), road.url, world.token(), person.login, PASSWORD)
    window.wait(road.lost.is_set)
    began_s = time.monotonic()
    window.close()
    assert time.monotonic() - began_s < CLOSED_WITHIN_S


def test_every_fault_has_words(window: Window) -> None:
    page = page_of(window)
    for fault in Fault:
        page.tell_code(str(fault))
        assert page.message.title().endswith(".")


def test_the_page_is_named_reachable_and_whole(
    window: Window,
    find_unnamed: Callable[[QWidget], list[str]],
    find_unreachable: Callable[[QWidget], list[str]],
    find_cut_off: Callable[[QWidget], list[str]],
) -> None:
    page = page_of(window)
    assert find_unnamed(page) == []
    assert find_unreachable(page) == []
    assert find_cut_off(page) == []


@pytest.fixture
def ruled(tmp_path: Path, world: World) -> Policy:
    """A policy that names the server, and the file of a token that is good there."""
    file = tmp_path / "token"
    file.write_text(world.token() + "\n")
    return Policy(server=ServerRules(world.live.url), enrolment=EnrolmentRules(str(file)))


def test_a_machine_with_a_policy_asks_only_who_is_there(
    ruled: Policy,
    tmp_path: Path,
    open_desk: OpenDesk,
    person: Person,
    find_cut_off: Callable[[QWidget], list[str]],
) -> None:
    window = open_desk(Profile(tmp_path / "desk", MachinePolicy(ruled, "policies.json")))
    page = page_of(window)
    assert page.server.edit.isReadOnly()
    assert not any(f.isVisible() for f in (page.token, page.authority, page.proxy, page.back))
    assert find_cut_off(page) == []
    QTest.keyClicks(page.login.edit, person.login)
    QTest.keyClicks(page.password.edit, PASSWORD)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
    window.wait(lambda: isinstance(window.shown(), RecoveryCodePage))
    assert ruled.enrolment is not None
    assert not Path(ruled.enrolment.token_file).exists()


def test_a_token_that_was_spent_already_is_asked_for(
    ruled: Policy, tmp_path: Path, open_desk: OpenDesk, world: World, person: Person
) -> None:
    assert ruled.enrolment is not None
    Path(ruled.enrolment.token_file).unlink()
    window = open_desk(Profile(tmp_path / "desk", MachinePolicy(ruled, "policies.json")))
    page = page_of(window)
    QTest.keyClicks(page.login.edit, person.login)
    QTest.keyClicks(page.password.edit, PASSWORD)
    QTest.keyClick(page.password.edit, Qt.Key.Key_Return)
    window.wait(page.token.isVisible)
    assert "no token" in page.token.error.text()
    QTest.keyClicks(page.token.edit, world.token())
    QTest.keyClick(page.token.edit, Qt.Key.Key_Return)
    window.wait(lambda: isinstance(window.shown(), RecoveryCodePage))
