"""From a cut line to a settled conflict, as somebody at the desk does it who never saw one."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.qt.sync.conftest import OpenDesk, Window
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.profile import Profile
from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace
from trafficdesk.qt.sync.need_you import ConflictRow
from trafficdesk.qt.sync.panel import SyncPanel
from trafficdesk.services import board, conflicts
from trafficdesk.store.queues import PageRequest


def _press(window: Window, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window.application.window, key)


def _ids(desk: SyncedDesk) -> list[UUID]:
    found = board.find_page(desk.session, PageRequest(ReportFilter()))
    return [desk.id_of(row.pk) for row in found]


def _cut_off_and_disagree(window: Window, road: Road, other: SyncedDesk) -> None:
    """Approve every report here without a line, while the other desk rejects them."""
    road.set(Way.CLOSED)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait(lambda: window.pill().startswith("Offline"))
    for pk in window.pks():
        window.step(pk, Move.APPROVE)
    window.wait_for_pill("Offline, 2 to send")
    for report_id in _ids(other):
        other.step(report_id, Move.REJECT)
    other.sync()
    road.set(Way.OPEN)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait_for_pill("Online, all sent, 2 need you")


def test_a_conflict_is_found_compared_settled_and_sent(
    profile: Profile, road: Road, other: SyncedDesk, open_desk: OpenDesk
) -> None:
    for _ in range(2):
        other.file()
    other.sync()
    window = open_desk(profile)
    window.unlock()
    window.wait(lambda: len(window.pks()) == 2)
    window.wait_for_pill("Online, all sent")
    _cut_off_and_disagree(window, road, other)
    panel = window.panel()
    window.wait(lambda: len(_rows(panel)) == 2)
    rows = _rows(panel)
    rows[1].compare.click()
    work = window.sitting.view.find_made("conflicts")
    assert isinstance(work, ConflictsWorkspace)
    asked_for = rows[1].conflict_id
    window.wait(lambda: _shown(work) == asked_for)
    assert window.sitting.view.overlays.current() is None
    _press(window, Qt.Key.Key_1)
    _press(window, Qt.Key.Key_Return)
    window.wait(lambda: conflicts.count_open(window.sitting.session) == 1)
    window.wait_for_pill("Online, all sent, 1 needs you")
    other.sync()
    statuses = sorted(str(other.report(each).status) for each in _ids(other))
    assert statuses == ["approved", "rejected"]
    _press(window, Qt.Key.Key_Z)
    window.wait_for_pill("Online, all sent, 2 need you")


def _rows(panel: SyncPanel) -> list[ConflictRow]:
    return [each for each in panel.findChildren(ConflictRow) if each.isVisible()]


def _shown(work: ConflictsWorkspace) -> object:
    return None if work.page.view is None else work.page.view.detail.conflict.id
