"""A long fetch is stopped from the panel, says so everywhere, and goes on from there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync_server.sync import service
from tests.qt.sync.conftest import OpenDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Weather
from trafficdesk.profile import Profile
from trafficdesk.qt.widgets.buttons import ActionButton

MANY = 40


def test_a_first_sync_is_cancelled_and_gone_on_with(
    profile: Profile,
    road: Road,
    other: SyncedDesk,
    open_desk: OpenDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "MAX_RECORDS", 2)
    for _ in range(MANY):
        other.file()
    other.sync()
    road.weather = Weather(latency_s=0.1)
    window = open_desk(profile)
    window.unlock()
    window.wait_for_pill("Fetching")
    panel = window.panel()
    progress = panel.contact.progress
    window.wait(lambda: progress.isVisible() and bool(window.pks()))
    (cancel,) = progress.findChildren(ActionButton)
    assert (cancel.text(), cancel.isVisible()) == ("Cancel", True)
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert window.pill() == "Fetching stopped"
    assert not progress.isVisible()
    assert panel.contact.title.text() == "Online, fetching stopped here"
    assert "the rest comes when somebody fetches on" in panel.contact.advice.text()
    road.weather = Weather()
    window.qtbot.wait(1_500)
    assert len(window.pks()) < MANY
    assert panel.contact.button.text() == "Fetch on"
    panel.contact.button.click()
    window.wait(lambda: len(window.pks()) == MANY)
    window.wait_for_pill("Online, all sent")
    assert panel.contact.button.text() == "Try now"
