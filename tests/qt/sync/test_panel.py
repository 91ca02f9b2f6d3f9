"""The panel: contact, what needs somebody, what waits, and signing in."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sync_server.db.engine import Crossing
from tests.qt.sync.conftest import OpenDesk, Window
from tests.server.world import PASSWORD, Person, World
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.profile import Profile
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.sync.need_you import ConflictRow, ParkedRow
from trafficdesk.qt.sync.panel import SyncPanel
from trafficdesk.store import reports


@pytest.fixture
def report(other: SyncedDesk) -> Report:
    """A report that the other desk has filed and sent."""
    filed = other.file()
    other.sync()
    return filed


@pytest.fixture
def window(profile: Profile, report: Report, open_desk: OpenDesk) -> Window:
    """The desk in its window, unlocked, with the report on it."""
    opened = open_desk(profile)
    assert report.pk
    opened.unlock()
    opened.wait(lambda: len(opened.pks()) == 1)
    opened.wait_for_pill("Online, all sent")
    return opened


def take_offline(window: Window, road: Road) -> None:
    road.set(Way.CLOSED)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait(lambda: window.pill().startswith("Offline"))


def rows(panel: SyncPanel, kind: type[QWidget]) -> list[QWidget]:
    return [each for each in panel.findChildren(kind) if each.isVisible()]


def claim_too_late(window: Window, road: Road, other: SyncedDesk, report: Report) -> None:
    """Claim a report here and there; the other's reaches the server first."""
    take_offline(window, road)
    window.step(window.pks()[0], Move.CLAIM)
    other.step(report.id, Move.CLAIM)
    other.sync()
    window.wait_for_pill("Offline, 1 to send")
    road.set(Way.OPEN)


def forget_actors(world: World) -> list[dict[str, object]]:
    """Let the server forget who signed in on which desk, and return what it knew."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        return connection.execute(
            "DELETE FROM device_users u USING devices d WHERE d.id = u.device_id "
            "AND d.tenant_id = %s RETURNING u.device_id, u.user_id",
            [world.tenant_id],
        ).fetchall()


def remember_actors(world: World, known: list[dict[str, object]]) -> None:
    """Let the server know again who signed in."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        for row in known:
            connection.execute(
                "INSERT INTO device_users (device_id, user_id) VALUES (%s, %s)",
                [row["device_id"], row["user_id"]],
            )


@pytest.fixture
def known(world: World, window: Window) -> list[dict[str, object]]:
    """Whom the server knew before it forgot that anybody signed in."""
    assert window.pks()
    return forget_actors(world)


@pytest.fixture
def needy(window: Window, known: list[dict[str, object]]) -> SyncPanel:
    """A panel in which something needs somebody."""
    assert known
    window.step(window.pks()[0], Move.APPROVE)
    panel = window.panel()
    panel.contact.button.click()
    window.wait(lambda: len(rows(panel, ParkedRow)) == 1)
    return panel


def test_offline_work_waits_and_goes_when_somebody_tries_now(
    window: Window, road: Road, report: Report
) -> None:
    take_offline(window, road)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait_for_pill("Offline, 1 to send")
    panel = window.panel()
    assert panel.contact.title.text() in {
        "The server does not answer",
        "The connection broke off",
    }
    assert "next try in" in panel.contact.times.text()
    assert "Approved, 1" in " ".join(w.accessibleName() for w in panel.findChildren(QWidget))
    road.set(Way.OPEN)
    panel.contact.button.click()
    window.wait_until_sent()
    window.wait(lambda: panel.contact.title.text() == "Online")
    window.wait(lambda: panel.overview is not None and panel.overview.confirmed_count == 1)
    assert panel.overview is not None
    assert panel.overview.confirmed[0].reference == report.reference


def test_what_the_server_would_not_take_is_retried_from_the_panel(
    window: Window, needy: SyncPanel, world: World, known: list[dict[str, object]]
) -> None:
    window.wait_for_pill("Online, all sent, 1 needs you")
    (row,) = rows(needy, ParkedRow)
    assert isinstance(row, ParkedRow)
    assert "never signed in to the server" in row.sentence.text()
    remember_actors(world, known)
    row.retry.click()
    window.wait_until_sent()
    window.wait(lambda: rows(needy, ParkedRow) == [])


def test_a_lost_claim_needs_nobody_but_is_told(
    window: Window, road: Road, other: SyncedDesk, report: Report
) -> None:
    claim_too_late(window, road, other, report)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")
    work = window.sitting.view.open_workspace("review")
    assert isinstance(work, ReviewWorkspace)
    window.wait(lambda: not work.column.model.count())  # it is nobody's to review any more
    assert work.column.toast.text() == "Somebody else was first with 1 report you took"


def test_what_the_server_would_not_take_is_withdrawn_after_one_question(
    window: Window, needy: SyncPanel
) -> None:
    (row,) = rows(needy, ParkedRow)
    assert isinstance(row, ParkedRow)
    row.withdraw.click()
    assert row.no.hasFocus()
    row.no.click()
    assert row.choices.isVisible()
    assert window.counts().parked == 1
    row.withdraw.click()
    row.yes.click()
    window.wait_until_sent()
    window.wait(lambda: rows(needy, ParkedRow) == [])
    window.wait_for_pill("Online, all sent")


def test_a_conflict_needs_somebody_and_leads_to_its_report(
    window: Window, road: Road, other: SyncedDesk, report: Report
) -> None:
    take_offline(window, road)
    window.step(window.pks()[0], Move.APPROVE)
    other.step(report.id, Move.REJECT, "a turban")
    other.sync()
    road.set(Way.OPEN)
    panel = window.panel()
    panel.contact.button.click()
    window.wait(lambda: len(rows(panel, ConflictRow)) == 1)
    window.wait_for_pill("Online, all sent, 1 needs you")
    (row,) = rows(panel, ConflictRow)
    assert isinstance(row, ConflictRow)
    assert report.reference in row.title.text()
    assert "Status" in row.sentence.text()


def sign_out(world: World, person: Person) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("UPDATE sessions SET ended_at = now() WHERE user_id = %s", [person.id])


def test_an_officer_signs_in_from_the_panel_while_work_goes_on(
    window: Window, world: World, person: Person
) -> None:
    sign_out(world, person)
    window.step(window.pks()[0], Move.APPROVE)
    window.wait_for_pill("Sign in to send, 1 to send")
    panel = window.panel()
    form = panel.sign_in
    assert form is not None
    QTest.keyClicks(form.login.edit, person.login)
    QTest.keyClicks(form.password.edit, "not the password")
    QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
    window.wait(form.password.error.isVisible)
    assert form.password.error.text() == "Login or password is wrong."
    form.password.clear()
    QTest.keyClicks(form.password.edit, PASSWORD)
    form.button.click()
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")
    assert panel.sign_in is None
    with window.sitting.session.store.reading() as connection:
        assert reports.get(connection, window.pks()[0]).status == "approved"


def test_the_panel_names_everything_for_the_ear_and_the_keyboard(
    needy: SyncPanel,
    find_unnamed: Callable[[QWidget], list[str]],
    find_unreachable: Callable[[QWidget], list[str]],
    find_cut_off: Callable[[QWidget], list[str]],
) -> None:
    assert find_unnamed(needy) == []
    assert find_unreachable(needy) == []
    assert find_cut_off(needy) == []
