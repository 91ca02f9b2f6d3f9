"""An officer files a report: errors in place, photos examined, nothing typed is lost."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import OpenDesk, reread
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Severity, Source, VehicleType, Violation
from trafficdesk.qt.review.place_field import read_coordinates
from trafficdesk.services.board import get_detail
from trafficdesk.services.session import Session

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("11.0183, 76.9674", Place(76.9674, 11.0183)),
        (" 11.0183 N, 76.9674 E ", Place(76.9674, 11.0183)),
        ("33.9 S; 18.4 E", Place(18.4, -33.9)),
        ("-12 -77", Place(-77.0, -12.0)),
        ("91.0, 10.0", None),
        ("Cross Cut Road", None),
        ("11.0183", None),
        ("", None),
    ],
)
def test_coordinates_are_read_as_people_copy_them(text: str, place: Place | None) -> None:
    assert read_coordinates(text) == place


def _jpeg(path: Path, tint: str = "#446688") -> Path:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), tint).save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path


def test_a_report_is_filed_with_its_photos_and_shown(
    open_desk: OpenDesk, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = open_desk()
    desk.press("n", CTRL)
    form = desk.work.form
    form.violations.choose({str(Violation.NO_HELMET), str(Violation.TRIPLE_RIDING)})
    form.severity.choose(str(int(Severity.CRITICAL)))
    desk.press("11.0183, 76.9674")
    form.plate.setFocus()
    desk.press("tn37bz4412")
    form.vehicle.pick(str(VehicleType.TWO_WHEELER))
    form.words.setPlainText("Three on one scooter.")
    form.photos.take((_jpeg(tmp_path / "one.jpg"),))
    qtbot.waitUntil(lambda: len(form.photos.photos()) == 1)
    desk.hit(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not form.isVisible())
    desk.settle()
    assert desk.toast == "Report filed"
    desk.wait_for(lambda: desk.work.detail.detail is not None)
    detail = desk.work.detail.detail
    assert detail is not None
    found = reread(session, detail.report.pk)
    assert found.violations == (Violation.NO_HELMET, Violation.TRIPLE_RIDING)
    assert (found.severity, found.source) == (Severity.CRITICAL, Source.OFFICER)
    assert (found.plate, found.vehicle_type) == ("TN37BZ4412", VehicleType.TWO_WHEELER)
    assert found.place == pytest.approx((76.9674, 11.0183))
    assert len(get_detail(session, found.pk).media) == 1


def test_what_is_missing_is_said_at_its_field(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.press("n", CTRL)
    form = desk.work.form
    form.time.set_text("yesterday")
    form.submit_button.click()
    assert form.what_error.text() == "Choose at least one violation"
    assert form.place.field.error.text() == "Choose a place, or write coordinates"
    assert form.time.error.text() == "Write the time as 2026-11-21 17:42"
    form.time.set_text("2999-01-01 00:00")
    form.submit_button.click()
    assert form.time.error.text() == "This time is still to come"
    assert form.isVisible()


def test_a_half_written_report_is_still_there_when_the_form_opens_again(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk()
    desk.press("n", CTRL)
    desk.work.form.words.setPlainText("half a sent")
    desk.hit(Qt.Key.Key_Escape)
    assert not desk.work.form.isVisible()
    desk.press("n", CTRL)
    assert desk.work.form.words.toPlainText() == "half a sent"


def test_files_that_are_no_photos_are_refused_by_name(
    open_desk: OpenDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = open_desk()
    desk.press("n", CTRL)
    photos = desk.work.form.photos
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in (text, _jpeg(tmp_path / "good.jpg"))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    photos.dropEvent(drop)
    qtbot.waitUntil(lambda: len(photos.photos()) == 1 and bool(photos.error.text()))
    assert photos.error.text() == "notes.txt: Not a photo. JPEG, PNG and WebP are taken."


def test_the_same_photo_is_taken_once(open_desk: OpenDesk, tmp_path: Path, qtbot: QtBot) -> None:
    desk = open_desk()
    desk.press("n", CTRL)
    photos = desk.work.form.photos
    one = _jpeg(tmp_path / "one.jpg")
    photos.take((one, _jpeg(tmp_path / "copy.jpg"), _jpeg(tmp_path / "other.jpg", "#aa2222")))
    qtbot.waitUntil(lambda: len(photos.photos()) == 2)
    qtbot.wait(50)
    assert len(photos.photos()) == 2
