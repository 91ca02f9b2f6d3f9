"""Photos on their way stand in the panel until the server has them."""

from PySide6.QtWidgets import QWidget

from tests.qt.sync.conftest import OpenDesk, Window
from tests.system.sync.albums import photo
from tests.system.sync.fault_proxy import Road, Way
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.profile import Profile
from trafficdesk.qt.sync.lists import FileRow
from trafficdesk.qt.sync.panel import SyncPanel
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import intake
from trafficdesk.services.intake import Filed
from trafficdesk.store import facts


def _file_with_photo(window: Window) -> None:
    session = window.sitting.session
    with session.store.reading() as connection:
        city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
    at, done = session.clock(), list[Filed]()
    report = NewReport(
        (Violation.NO_HELMET,),
        Severity.MINOR,
        Place(76.97, 11.02),
        at,
        at,
        city_id,
        station_id,
        plate="TN37BZ4412",
    )
    lanes = window.application.lanes
    lanes.run(Lane.WRITER, lambda: intake.file_report(session, report, (photo(),)), done.append)
    window.wait(lambda: bool(done))
    window.application.equipment.changes.tell(done[0].outcome.changed)


def _rows(panel: SyncPanel) -> list[QWidget]:
    return [each for each in panel.findChildren(FileRow) if each.isVisible()]


def test_a_photo_that_waits_is_listed_until_it_was_sent(
    profile: Profile, road: Road, open_desk: OpenDesk
) -> None:
    window = open_desk(profile)
    window.unlock()
    window.wait_for_pill("Online, all sent")
    road.set(Way.CLOSED)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait(lambda: window.pill().startswith("Offline"))
    _file_with_photo(window)
    panel = window.panel()
    window.wait(lambda: len(_rows(panel)) == 1)
    told = _rows(panel)[0].accessibleName()
    assert " photo, Waits" in told
    assert told.endswith(" MB")
    road.set(Way.OPEN)
    window.sitting.sync.try_now()  # type: ignore[union-attr] # an enrolled desk has one
    window.wait(lambda: _rows(panel) == [] and not panel.files.isVisible())
