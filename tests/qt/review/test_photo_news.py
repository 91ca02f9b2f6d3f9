"""The viewer says of each photo whether it is here, coming or unsent; one may try again."""

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import Desk, FileReport, OpenDesk
from tests.qt.review.test_review_screen import _photo
from trafficdesk.domain.records import Report
from trafficdesk.qt.review import photo_news
from trafficdesk.qt.review.media_viewer import MediaViewer
from trafficdesk.security.photo_files import PURPOSE, PhotoFiles
from trafficdesk.services import whereabouts
from trafficdesk.services.changes import Changed
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session
from trafficdesk.services.whereabouts import Where, Whereabouts
from trafficdesk.store import facts, media_transfers, sync_marks
from trafficdesk.store.media_transfers import Transfer


@pytest.fixture
def photo(session: Session) -> Examined:
    """A photo; the desk belongs to a server."""
    with session.store.writing() as connection:
        facts.put(connection, sync_marks.LINK, "{}")
    return _photo()


def files_of(session: Session) -> PhotoFiles:
    return PhotoFiles(session.profile.media, session.data_key.derive(PURPOSE))


def standing(session: Session, photo: Examined) -> Transfer:
    with session.store.reading() as connection:
        (found,) = media_transfers.find_of(connection, [photo.sha256])
    return found


def came_to(session: Session, photo: Examined, state: str, done: int = 0) -> None:
    """Let the sync note where the photo stands."""
    found = standing(session, photo)
    with session.store.writing() as connection:
        media_transfers.note_progress(connection, found, state, done)


def leave_at_server(session: Session, photo: Examined) -> None:
    """Let the photo be at the server alone, as after it made room for others."""
    came_to(session, photo, "sent")
    files_of(session).drop(photo.sha256)


def viewer_of(desk: Desk) -> MediaViewer:
    return desk.work.detail.viewer


def test_a_photo_that_was_not_sent_yet_says_so(
    open_desk: OpenDesk, session: Session, file: FileReport, photo: Examined, qtbot: QtBot
) -> None:
    report = file(photos=(photo,))
    desk = open_desk()
    view = viewer_of(desk).view
    qtbot.waitUntil(lambda: view.news_label == "Waiting to be sent")
    assert view.image() is not None
    came_to(session, photo, "sending", len(photo.content) * 2 // 5 + 1)
    tell(desk, report)
    qtbot.waitUntil(lambda: view.news_label == "Sending 40 %")
    came_to(session, photo, "sent")
    qtbot.waitUntil(lambda: view.news_label == "")


def tell(desk: Desk, report: Report) -> None:
    """Tell the screens that the sync touched a report."""
    desk.work.gear.changes.tell(Changed(reports=frozenset({report.pk})))


def test_a_missing_photo_is_asked_for_and_shown_when_it_comes(
    open_desk: OpenDesk, session: Session, file: FileReport, photo: Examined, qtbot: QtBot
) -> None:
    report = file(photos=(photo,))
    leave_at_server(session, photo)
    desk = open_desk()
    view = viewer_of(desk).view
    qtbot.waitUntil(lambda: view.failure_words()[0] == "Not on this desk yet — fetching")
    assert standing(session, photo).state == "wanted"
    assert view.accessibleDescription() == "Not on this desk yet — fetching"
    assert desk.work.bar.offered()[0] == "review.approve"  # deciding goes on
    came_to(session, photo, "fetching", len(photo.content) // 2 + 1)
    tell(desk, report)
    qtbot.waitUntil(lambda: view.failure_words()[0] == "Not on this desk yet — fetching 50 %")
    files_of(session).keep(photo.sha256, photo.content)
    came_to(session, photo, "here")
    tell(desk, report)
    qtbot.waitUntil(lambda: view.image() is not None)
    qtbot.waitUntil(files_of(session).path(photo.sha256, ".thumb").exists)


def test_a_photo_that_could_not_be_fetched_can_be_tried_again(
    open_desk: OpenDesk, session: Session, file: FileReport, photo: Examined, qtbot: QtBot
) -> None:
    report = file(photos=(photo,))
    leave_at_server(session, photo)
    desk = open_desk()
    viewer = viewer_of(desk)
    qtbot.waitUntil(lambda: viewer.view.is_missing and standing(session, photo).state == "wanted")
    with session.store.writing() as connection:
        media_transfers.note_fault(connection, standing(session, photo), "wrong_hash", "failed")
    tell(desk, report)
    qtbot.waitUntil(viewer.retry.isVisible)
    words = viewer.view.failure_words()
    assert words[0] == "Could not be fetched: what came was another file"
    with qtbot.waitSignal(desk.work.gear.changes.changed):
        viewer.retry.click()
    assert not viewer.retry.isVisible()
    assert (standing(session, photo).state, standing(session, photo).tries) == ("wanted", 0)


def test_a_desk_without_a_server_asks_nobody(
    open_desk: OpenDesk, session: Session, file: FileReport, qtbot: QtBot
) -> None:
    photo = _photo()
    file(photos=(photo,))
    files_of(session).drop(photo.sha256)
    desk = open_desk()
    view = viewer_of(desk).view
    qtbot.waitUntil(lambda: view.failure_words()[0] == "This photo is not on this desk")
    desk.settle()
    assert standing(session, photo).state == "waiting"
    assert whereabouts.find(session, [photo.sha256])[photo.sha256].where is Where.AWAY


@pytest.mark.parametrize("where", list(Where))
def test_every_whereabouts_has_words_where_there_is_something_to_say(where: Where) -> None:
    news = Whereabouts(where, 40, "storage_full")
    label, words = photo_news.label_of(news), photo_news.words_of(news)
    says_nothing = {Where.HERE, Where.AWAY}
    assert bool(label or words) is (where not in says_nothing)
    assert not (label and words)
    for text in (label, *(words or ())):
        assert "{" not in text


def test_every_fault_of_the_sync_has_its_reason() -> None:
    reasons = {
        photo_news.reason_of(fault)
        for fault in ("no_answer", "wrong_hash", "disk_full", "storage_full", "missing", "other")
    }
    assert len(reasons) == 6
