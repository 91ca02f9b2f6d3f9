"""What the review shows: every part of a report, honest gaps, names, keys, every look."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import Desk, FileReport, OpenDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import CitizenIdentity, Place, Report
from trafficdesk.domain.vocabulary import Role, Source
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services import people
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.services.session import Session
from trafficdesk.store import audit, citizens

FileMany = Callable[[int], list[Report]]
Walk = Callable[..., list[str]]


def _photo(tint: str = "#335577") -> Examined:
    image = Image.new("RGB", (640, 360), tint)
    ImageDraw.Draw(image).rectangle((200, 100, 440, 300), fill="#ddaa33")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    found = examine(buffer.getvalue())
    assert isinstance(found, Examined)
    return found


@pytest.fixture
def rich(session: Session, file: FileReport, file_many: FileMany) -> Report:
    """Reports with everything: photos, a citizen, earlier reports, a likely duplicate."""
    file_many(12)
    citizen_id = new_id()
    identity = CitizenIdentity("Latha R", "+91 98430 00000", "latha@example.org")
    sealed = people.seal_identity(session.data_key, citizen_id, identity)
    with session.store.writing() as connection:
        citizens.put(connection, citizens.CitizenRow(citizen_id, "Heron 12", sealed, 9, 8))
    file(plate="TN 37 BZ 4412")
    return file(
        photos=(_photo(), _photo("#773355")),
        reporter_id=citizen_id,
        source=Source.APP,
        accuracy_m=12.0,
    )


def test_a_report_shows_what_is_known_of_it(
    open_desk: OpenDesk, rich: Report, qtbot: QtBot
) -> None:
    desk = open_desk()
    detail = desk.work.detail
    qtbot.waitUntil(lambda: detail.detail is not None and detail.viewer.view.image() is not None)
    assert desk.current == rich.reference
    assert detail.head.title.text() == "Red-light jump"
    assert detail.facts.plate.accessibleName() == "TN 37 BZ 4412"
    assert detail.facts.reporter.value.text() == "8 of 9 right"
    assert detail.facts.accuracy.value.text() == "12 m"
    assert "1,000" in detail.facts.penalty.value.text()
    assert detail.evidence.score.text() == f"{rich.score} of 100"
    assert [row.title for row in detail.timeline.view.rows()] == ["Report filed"]
    assert detail.viewer.view.count_label == "1 of 2"
    desk.press("]")
    assert detail.viewer.open_index() == 1


def test_a_report_without_a_photo_shows_its_place_as_large(
    open_desk: OpenDesk, file: FileReport, qtbot: QtBot
) -> None:
    file(photos=(_photo(),))
    bare = file()
    desk = open_desk()
    detail = desk.work.detail
    places: list[Place] = []
    desk.work.map_wanted.connect(lambda place, _pk: places.append(place))
    assert desk.current == bare.reference
    qtbot.waitUntil(detail.place.isVisible)
    qtbot.waitUntil(lambda: detail.place.width() == detail.facts.width())
    assert not detail.viewer.isVisible()
    assert not detail.side.map.isVisible()  # one map is enough
    assert "No photo" in detail.place.accessibleName()
    detail.place.setFocus()
    desk.hit(Qt.Key.Key_Return)
    assert places == [bare.place]
    desk.press("j")
    qtbot.waitUntil(detail.viewer.isVisible)
    assert detail.side.map.isVisible()
    assert not detail.place.isVisible()


def test_who_reported_is_shown_only_on_request_and_the_reading_is_audited(
    open_desk: OpenDesk, rich: Report, session: Session, qtbot: QtBot
) -> None:
    desk = open_desk()
    text = desk.work.detail.text
    qtbot.waitUntil(text.reveal.isVisible)
    assert not text.identity.isVisible()
    before = _readings(session)
    desk.press("i")
    qtbot.waitUntil(text.identity.isVisible)
    assert "Latha R" in text.identity.text()
    assert text.audited.isVisible()
    assert _readings(session) == before + 1
    desk.press("jk")
    desk.settle()
    assert not text.identity.isVisible()
    assert desk.current == rich.reference


def _readings(session: Session) -> int:
    with session.store.reading() as connection:
        return sum(1 for e in audit.walk(connection) if "citizen.read_identity" in str(e))


def test_a_photo_that_is_missing_or_damaged_is_said_in_its_place(
    open_desk: OpenDesk, session: Session, file: FileReport, qtbot: QtBot
) -> None:
    file(photos=(_photo("#111111"),))
    damaged = file(photos=(_photo("#222222"),))
    missing = file(photos=(_photo("#444444"),))
    for report, act in ((missing, "remove"), (damaged, "damage")):
        sha = _sha(session, report)
        for path in session.profile.media.glob(f"*/{sha}*"):
            if act == "remove":
                path.unlink()
            else:
                content = bytearray(path.read_bytes())
                content[-20] ^= 0xFF
                path.write_bytes(content)
    desk = open_desk()
    view = desk.work.detail.viewer.view
    qtbot.waitUntil(lambda: view.failure_words()[0] == "This photo is not on this desk")
    desk.press("j")
    qtbot.waitUntil(lambda: view.failure_words()[0] == "This photo is damaged")
    assert desk.work.bar.offered()[0] == "review.approve"  # deciding goes on
    desk.press("j")
    qtbot.waitUntil(lambda: view.image() is not None)


def _sha(session: Session, report: Report) -> str:
    from trafficdesk.services.board import get_detail

    return get_detail(session, report.pk).media[0].sha256


def test_the_photo_is_enlarged_zoomed_and_turned_by_keys(
    open_desk: OpenDesk, rich: Report, qtbot: QtBot
) -> None:
    desk = open_desk()
    work = desk.work
    qtbot.waitUntil(lambda: work.detail.viewer.view.image() is not None)
    desk.hit(Qt.Key.Key_Space)
    assert work.enlarged.isVisible()
    desk.press("++")
    assert work.enlarged.view.zoom == pytest.approx(1.25**2)
    desk.press("t")
    image = work.enlarged.view.image()
    assert image is not None
    assert image.size() == QSize(360, 640)
    assert work.enlarged.view.zoom == 1
    desk.hit(Qt.Key.Key_Escape)
    assert not work.enlarged.isVisible()
    assert desk.current == rich.reference


def test_an_empty_queue_says_what_was_done_and_where_to_go_on(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    file_many(2)
    desk = open_desk()
    desk.press("e")
    desk.settle()
    desk.press("aa")
    work = desk.work
    qtbot.waitUntil(lambda: "2 reviewed since you signed in" in _labels(work.empty))
    assert work.pages.currentWidget() is work.empty
    words = _labels(work.empty)
    assert "Nothing left in Unassigned" in words
    assert "Every queue is empty." in words


def _labels(root: QWidget) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in root.findChildren(QLabel)]


def test_the_reference_goes_to_the_clipboard(open_desk: OpenDesk, file_many: FileMany) -> None:
    _, second = file_many(2)
    desk = open_desk()
    desk.press("c")
    assert QGuiApplication.clipboard().text() == second.reference


def test_the_map_is_asked_for_with_the_place(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    (only,) = file_many(1)
    desk = open_desk()
    qtbot.waitUntil(lambda: desk.work.detail.detail is not None)
    with qtbot.waitSignal(desk.work.map_wanted) as asked:
        desk.press("m")
    assert asked.args == [only.place, only.pk]


def test_a_painted_report_is_told_for_the_stopwatch(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    _, second, third = file_many(3)
    desk = open_desk()
    assert desk.current == third.reference
    with qtbot.waitSignal(desk.work.report_painted) as painted:
        desk.press("a")
    assert painted.args == [second.pk]


# names, keys, languages, looks


def test_everything_has_a_name_and_a_key_to_reach_it(
    open_desk: OpenDesk, rich: Report, find_unnamed: Walk, find_unreachable: Walk
) -> None:
    desk = open_desk()
    desk.settle()
    assert rich.reference == desk.current
    for keys in ("", "r", "\x1bn", "\x1bd", "\x1bp", "\x1bf"):
        _go(desk, keys)
        assert find_unnamed(desk.work) == [], keys
        assert find_unreachable(desk.work) == [], keys


def test_the_form_has_names_and_keys(
    open_desk: OpenDesk, rich: Report, find_unnamed: Walk, find_unreachable: Walk
) -> None:
    desk = open_desk()
    desk.press("n", Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.work.form.isVisible()
    assert find_unnamed(desk.work) == []
    assert find_unreachable(desk.work) == []
    assert rich.pk


def _go(desk: Desk, keys: str) -> None:
    for each in keys:
        if each == "\x1b":
            desk.hit(Qt.Key.Key_Escape)
        else:
            desk.press(each)
    desk.settle()


def test_every_sentence_passes_translation(
    pseudo_locale: object, open_desk: OpenDesk, rich: Report, find_untranslated: Walk
) -> None:
    desk = open_desk()
    desk.settle()
    data = _data(rich)
    assert pseudo_locale is not None
    for keys in ("", "r4", "\x1bn", "\x1bd", "\x1bp", "\x1bf", "\x1b"):
        _go(desk, keys)
        assert find_untranslated(desk.work, data) == [], keys
    desk.press("n", Qt.KeyboardModifier.ControlModifier)
    assert find_untranslated(desk.work, data) == []
    desk.hit(Qt.Key.Key_Escape)
    desk.press("gm")
    desk.settle()
    assert find_untranslated(desk.work, data) == []


def _data(rich: Report) -> tuple[str, ...]:
    return (
        "Gandhipuram",
        "Meena K",
        "Admin A",
        rich.description,
        "TN 37 BZ 4412",
        "TN37BZ4412",
        *(f"TN 37 AA {i:04d}" for i in range(12)),
        *(f"{rich.reference[:-5]}{i:05d}" for i in range(1, 20)),
        "IST",
        "YYYY-MM-DD",
        "IND",
    )


@pytest.mark.parametrize(("percent", "width"), [(100, 1216), (125, 1216), (150, 1184)])
def test_nothing_is_cut_off_at_any_text_size(
    appearance: Appearance,
    open_desk: OpenDesk,
    rich: Report,
    find_cut_off: Walk,
    percent: int,
    width: int,
) -> None:
    appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
    desk = open_desk(size=QSize(width, 648))
    desk.settle()
    assert desk.current == rich.reference
    for keys in ("", "r4", "\x1bn", "\x1bd", "\x1bp", "\x1bf", "\x1b"):
        _go(desk, keys)
        assert find_cut_off(desk.work) == [], keys
        assert desk.work.width() == width, keys
        content, viewport = desk.work.detail.page.widget(), desk.work.detail.page.viewport()
        assert content is not None
        assert content.width() <= viewport.width() + 1


def test_it_reads_from_right_to_left(qapp: QApplication, open_desk: OpenDesk, rich: Report) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    desk = open_desk()
    desk.settle()
    assert desk.current == rich.reference
    assert desk.work.column.x() > desk.work.detail.x()
    image = QImage(desk.work.size(), QImage.Format.Format_ARGB32)
    desk.work.render(image)
    bar = image.pixelColor(desk.work.width() - 1, desk.work.column.list.y() + 60)
    assert bar.isValid()


class _Windows(QObject):
    """Notes every widget that shows as a window of its own."""

    def __init__(self, expected: type) -> None:
        super().__init__()
        self._expected = expected
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        is_window = isinstance(watched, QWidget) and watched.isWindow()
        is_shown = is_window and event.type() == QEvent.Type.Show
        if is_shown and not isinstance(watched, self._expected):
            self.seen.append(type(watched).__name__)
        return False


def test_no_part_flashes_up_as_a_window_of_its_own(
    qapp: QApplication, open_desk: OpenDesk, rich: Report
) -> None:
    from trafficdesk.qt.review.workspace import ReviewWorkspace

    windows = _Windows(ReviewWorkspace)
    qapp.installEventFilter(windows)
    try:
        desk = open_desk()
        for keys in ("j", "r4", "\x1bn", "\x1bd", "\x1bp", "\x1bf", "\x1b", "v", "ga", "aa"):
            _go(desk, keys)
        desk.work.resize(1856, 1000)
        desk.settle()
    finally:
        qapp.removeEventFilter(windows)
    assert windows.seen == []
    assert rich.pk


def test_a_dispatcher_may_look_but_not_decide(
    open_desk: OpenDesk, file_many: FileMany, make_session: Callable[..., Session]
) -> None:
    file_many(1)
    desk = open_desk(make_session(Role.DISPATCHER, "Divya R"))
    assert desk.work.bar.offered() == []
    desk.press("a")
    assert desk.refused[-1][1] == "Your role may not do this"


# tables of words are whole
