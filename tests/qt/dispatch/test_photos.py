"""Photos of incidents on the dispatch screen: filed with them, seen in full, added later."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt

from tests.qt.dispatch.conftest import CONTROL, HERE, Desk, FileIncident, OpenDesk
from trafficdesk.domain.vocabulary import IncidentType
from trafficdesk.services import incidents
from trafficdesk.services.dispatching import Target
from trafficdesk.services.media import find_of_incident
from trafficdesk.services.pictures import Examined, examine_file
from trafficdesk.services.session import Session


def jpeg(path: Path, tint: str = "#446688") -> Path:
    Image.new("RGB", (320, 240), tint).save(path, "JPEG")
    return path


def take(desk: Desk, *files: Path) -> None:
    """Put photos into the open form."""
    photos = desk.work.form.photos
    photos.take(files)
    desk.wait(lambda: len(photos.photos()) == len(files))


def test_an_incident_is_filed_with_its_photos_and_they_are_seen(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    desk = open_desk()
    desk.press("n")
    form = desk.work.form
    desk.wait(form.isVisible)
    take(desk, jpeg(tmp_path / "one.jpg"), jpeg(tmp_path / "two.jpg", "#884422"))
    form.type.choose({str(IncidentType.CAR_CRASH)})
    form.place.choose(HERE)
    form.words.edit.setFocus()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: len(desk.work.lines.incidents) == 1 and not form.isVisible())
    assert desk.work.lines.incidents[0].incident.photo_count == 2
    assert not form.photos.photos(), "the next incident has none of them"
    desk.press("o")
    viewer = desk.work.detail.viewer
    desk.wait(lambda: viewer.isVisible() and viewer.view.image() is not None)
    assert len(viewer.media()) == 2
    viewer.view.enlarged.emit()
    large = desk.work.showing.enlarged
    desk.wait(lambda: large.isVisible() and large.view.image() is not None)
    assert large.geometry() == desk.work.rect()
    desk.hit(Qt.Key.Key_Escape)
    assert not large.isVisible()
    assert desk.work.detail.isVisible(), "one Escape closes one thing"


def test_a_photo_that_comes_later_is_added(
    open_desk: OpenDesk, file_incident: FileIncident, session: Session, tmp_path: Path
) -> None:
    incident_id = file_incident()
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.press("o")
    desk.wait(desk.work.detail.isVisible)
    assert not desk.work.detail.viewer.isVisible()
    desk.press("e")
    desk.wait(desk.work.form.isVisible)
    take(desk, jpeg(tmp_path / "late.jpg"))
    desk.work.form.words.edit.setFocus()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(desk.work.detail.viewer.isVisible)
    assert len(find_of_incident(session, incident_id)) == 1


def test_the_photos_of_one_incident_are_never_shown_with_another(
    open_desk: OpenDesk, file_incident: FileIncident, session: Session, tmp_path: Path
) -> None:
    plain = file_incident()
    taken = examine_file(jpeg(tmp_path / "one.jpg"))
    assert isinstance(taken, Examined)
    with_photo = file_incident()
    target = Target(with_photo, 1)
    assert incidents.correct(session, target, {}, photos=(taken,)).is_done
    desk = open_desk()
    desk.wait(lambda: len(desk.work.lines.incidents) == 2)
    desk.work.show_incident(with_photo)
    desk.press("o")
    desk.wait(desk.work.detail.viewer.isVisible)
    desk.work.show_incident(plain)
    desk.wait(lambda: desk.work.detail.line is not None and desk.work.detail.line.id == plain)
    assert not desk.work.detail.viewer.isVisible()
