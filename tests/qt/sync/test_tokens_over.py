"""A desk whose tokens all ran out opens, works and keeps what was done; to send, it asks."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync_server.db.engine import Crossing
from tests.qt.sync.conftest import OpenDesk, Window
from tests.server.world import PASSWORD, Person, World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.profile import Profile


def let_tokens_run_out(world: World) -> None:
    """Let more than a week pass in which nobody of the agency called."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE sessions SET expires_at = now() - interval '1 day' WHERE tenant_id = %s",
            [world.tenant_id],
        )


def open_again(window: Window, open_desk: OpenDesk, profile: Profile) -> Window:
    """End the program and start it once more on the same desk."""
    window.close()
    again = open_desk(profile)
    again.unlock()
    return again


def test_it_asks_for_a_sign_in_only_to_send(
    window: Window,
    open_desk: OpenDesk,
    profile: Profile,
    world: World,
    person: Person,
    other: SyncedDesk,
) -> None:
    let_tokens_run_out(world)
    window = open_again(window, open_desk, profile)
    window.wait_for_pill("Sign in to send")
    (pk,) = window.pks()
    window.step(pk, Move.APPROVE)
    window.wait_for_pill("Sign in to send, 1 to send")
    window = open_again(window, open_desk, profile)
    window.wait_for_pill("Sign in to send, 1 to send")
    form = window.panel().sign_in
    assert form is not None
    QTest.keyClicks(form.login.edit, person.login)
    QTest.keyClicks(form.password.edit, PASSWORD)
    QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
    window.wait_until_sent()
    other.engine.access.sign_in(person.login, PASSWORD)
    other.sync()
    with other.session.store.reading() as connection:
        found = connection.exec_driver_sql("SELECT status FROM reports").scalars().all()
    assert found == [ReportStatus.APPROVED]
