"""A desk that its server takes for a copy is enrolled anew from the panel, and its work is sent."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync_server.db.engine import Crossing
from tests.qt.sync.conftest import Window
from tests.server.world import PASSWORD, Person, World
from trafficdesk.domain.lifecycle import Move
from trafficdesk.qt.sync.anew_form import AnewForm
from trafficdesk.store import reports


def push_elsewhere(world: World, window: Window) -> None:
    """Let a clone of the desk have pushed: its turn went on without this one."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE devices SET turn = 'another', last_turn = 'other' WHERE id = %s",
            [window.sitting.session.device_id],
        )


def test_a_copied_desk_is_enrolled_anew_while_work_goes_on(
    window: Window, world: World, person: Person
) -> None:
    before = window.sitting.session.device_id
    push_elsewhere(world, window)
    pk = window.pks()[0]
    window.step(pk, Move.APPROVE)
    window.wait(lambda: "enrol anew" in window.pill())
    panel = window.panel()
    form = panel.sign_in
    assert isinstance(form, AnewForm)
    assert not panel.contact.button.isVisible()
    token = world.token()
    for field, text in ((form.token, "AAAA"), (form.login, person.login)):
        QTest.keyClicks(field.edit, text)
    QTest.keyClicks(form.password.edit, PASSWORD)
    QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
    window.wait(form.token.error.isVisible)
    assert "does not take this token" in form.token.error.text()
    form.token.clear()
    QTest.keyClicks(form.token.edit, token)
    form.password.clear()
    QTest.keyClicks(form.password.edit, PASSWORD)
    form.button.click()
    window.wait_until_sent()
    window.wait_for_pill("Online, all sent")
    assert panel.sign_in is None
    session = window.sitting.session
    assert session.device_id != before
    with session.store.reading() as connection:
        assert reports.get(connection, pk).status == "approved"
        assert reports.get(connection, pk).version == 2
