"""The hand-over sheet on paper: one page that says it all, then everything, in every script."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.qt.dispatch_papers.conftest import NAME, ReadPdf
from tests.qt.review.conftest import ZONE
from tests.services.dispatching import confirm_all, crash, file
from trafficdesk.domain.shifts import Span
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.dispatch_papers.handover_document import handover_paper
from trafficdesk.qt.dispatch_papers.paper import pdf_of
from trafficdesk.services.session import Session
from trafficdesk.services.shift_log import ShiftLog, read_log

pytestmark = pytest.mark.usefixtures("qapp")


def log_of(session: Session, *, is_alone: bool = True) -> ShiftLog:
    now = session.clock()
    span = Span(to_ms(now - timedelta(hours=1)), to_ms(now + timedelta(hours=1)))
    return replace(read_log(session, span), is_alone=is_alone)


def test_the_first_page_says_it_all_and_pages_are_numbered(
    shift: Session, tmp_path: Path, read_pdf: ReadPdf
) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf_of(handover_paper(log_of(shift), ZONE, "அடுத்த பணி")))
    first, *rest = read_pdf(path)
    for words in (NAME, "Gandhipuram", "P1 called for help", "ambulance 1", "P2 on scene"):
        assert words in first
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in rest[-1]
    for words in ("Incident filed", "Unit enlisted", NAME, "Not sent", "INC-2"):
        assert words in rest[0]
    assert b"NotoSansTamil" in path.read_bytes()


def test_many_incidents_leave_the_first_page_one_page(
    shift: Session, tmp_path: Path, read_pdf: ReadPdf
) -> None:
    for _ in range(30):
        file(shift, replace(crash(shift), address="A very long name of a road " * 3))
    log = log_of(shift)
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf_of(handover_paper(log, ZONE, "words for the next shift " * 80)))
    pages = read_pdf(path)
    assert "more on the next page." in pages[0]
    assert "This note stands on this sheet alone" in pages[0]
    assert "For the next shift, in full" in pages[1]
    assert "Handed over open, all" in "".join(pages[1:])
    told = "".join(pages[1:])
    assert all(each.incident.reference in told for each in log.handed_over)
    assert all(f"Page {n + 1} of {len(pages)}" in page for n, page in enumerate(pages))


def test_what_is_not_confirmed_and_how_old_it_is_is_said_plainly(
    shift: Session, tmp_path: Path, read_pdf: ReadPdf
) -> None:
    confirm_all(shift)
    for _ in range(2):
        file(shift)
    log = log_of(shift, is_alone=False)
    settled = tuple(each for each in log.deeds if each.mark is SyncState.CONFIRMED)
    path = tmp_path / "sheet.pdf"
    for told, words in (
        (replace(log, heard_at=log.made_at - timedelta(hours=3)), "3 h 00 before this was made"),
        (replace(log, heard_at=None), "When the server was last heard of is not known"),
        (log, "2 lines of the log are not confirmed by the server: Not sent 2"),
        (replace(log, deeds=settled), "The server has confirmed every line of the log."),
    ):
        path.write_bytes(pdf_of(handover_paper(told, ZONE)))
        assert words in read_pdf(path)[0].replace("\n", " ")


def test_dark_screens_print_black_on_white(shift: Session, qapp: QApplication) -> None:
    before = qapp.palette()
    dark = qapp.palette()
    dark.setColor(dark.ColorRole.Text, "#FFFFFF")
    log = log_of(shift)
    light_paper = pdf_of(handover_paper(log, ZONE))
    qapp.setPalette(dark)
    try:
        dark_paper = pdf_of(handover_paper(log, ZONE))
    finally:
        qapp.setPalette(before)
    assert abs(len(light_paper) - len(dark_paper)) < 64


def test_a_long_sheet_is_set_on_a_thread_without_a_word_of_qt(shift: Session) -> None:
    """Qt's warnings fail a test: it sets long documents from a timer."""
    log = log_of(shift)
    long = replace(log, deeds=log.deeds * 60)
    made: list[bytes] = []
    setting = threading.Thread(target=lambda: made.append(pdf_of(handover_paper(long, ZONE))))
    setting.start()
    setting.join()
    assert made[0].startswith(b"%PDF")
