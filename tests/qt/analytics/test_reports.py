"""The page of reports: one made now, one that comes round, and what became of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, qGray
from PySide6.QtWidgets import QWidget

from tests.qt.analytics.conftest import Desk, OpenDesk
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.reporting.language import Language
from trafficdesk.domain.schedules import About, Every, Rhythm
from trafficdesk.exports.documents.sheet import fonts_folder
from trafficdesk.languages import words_in
from trafficdesk.qt.analytics.paper_pages import PaperPage, read_page
from trafficdesk.qt.analytics.report_language import NAMES
from trafficdesk.qt.analytics.reports_page import ReportsPage
from trafficdesk.services import schedules
from trafficdesk.services.session import Session

KNOWN = ("Test City", "Coimbatore", "PDF", "HTML", "XLSX", "HH:MM", *NAMES.values())
Faults = Callable[..., list[str]]


class Files:
    """Answers what the system's dialogs would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def to_open(self, _parent: QWidget, _title: str, _kinds: str) -> Path | None:
        return None

    def to_save(self, _parent: QWidget, _title: str, name: str, _kinds: str = "") -> Path | None:
        self.asked.append(name)
        return self.folder / Path(name).with_suffix(".html")

    def to_use(self, _parent: QWidget, _title: str) -> Path | None:
        return self.folder


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk()


def page_of(desk: Desk, folder: Path) -> ReportsPage:
    desk.open("reports")
    page = desk.work.page
    assert isinstance(page, ReportsPage)
    page.files = Files(folder)
    page.form.folders = Files(folder)
    return page


def test_a_report_is_made_of_what_is_looked_at(desk: Desk, tmp_path: Path) -> None:
    page = page_of(desk, tmp_path)
    assert [row.key for row in page.offer.templates.facts.rows] == [each.id for each in TEMPLATES]
    assert page.offer.contents.text()
    desk.hit(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    desk.wait(lambda: desk.work.message.title() != "")
    (made,) = tmp_path.glob("*.html")
    assert made.name in desk.work.message.title()
    assert "Coimbatore" in made.read_text(encoding="utf-8")


def test_a_report_is_seen_before_it_goes_anywhere_in_its_own_script(
    desk: Desk, session: Session, tmp_path: Path
) -> None:
    page = page_of(desk, tmp_path)
    preview = page.preview
    page.offer.language.choose(Language.TAMIL)
    desk.hit(Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    desk.wait(lambda: preview.pages > 0)
    title = words_in(Language.TAMIL).say("Monthly station report")
    assert preview.title.text() == title
    assert "Coimbatore" in preview.paper.page.accessibleDescription()
    seen, (joined, apart) = title_width(read_page(preview._content, 0, 1190)), set_widths(title)
    assert abs(seen - joined) < 0.01 * joined
    assert abs(apart - joined) > 0.05 * joined  # where letters do not join, the line is another
    assert preview.pages > 1
    first = preview.told.text()
    desk.hit(Qt.Key.Key_End)
    desk.hit(Qt.Key.Key_PageDown)
    desk.wait(lambda: preview.told.text() != first)
    desk.hit(Qt.Key.Key_Escape)
    assert not preview.isVisible()
    assert preview.paper.page.pixmap().isNull()
    assert page.offer.templates.hasFocus()
    assert not list(session.profile.folder.glob("report-*"))
    assert not list(tmp_path.glob("*.pdf"))


def title_width(page: PaperPage) -> float:
    """Return how wide the title at the top of a page is, of a page twice as large as in points."""
    band = range(80, 128)
    inked = [
        x
        for x in range(60, page.picture.width())
        if any(qGray(page.picture.pixel(x, y)) < 128 for y in band)
    ]
    return inked[-1] - inked[0] + 1


def set_widths(title: str) -> tuple[float, float]:
    """Return how wide Qt sets a title in the letters of the paper: joined, and one by one."""
    added = QFontDatabase.addApplicationFont(str(fonts_folder() / "NotoSansTamil-SemiBold.ttf"))
    font = QFont(QFontDatabase.applicationFontFamilies(added)[0])
    font.setWeight(QFont.Weight.DemiBold)
    font.setPixelSize(40)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    joined = metrics.tightBoundingRect(title).width()
    return joined, sum(metrics.horizontalAdvance(letter) for letter in title)


def test_what_a_report_is_not_about_is_said_beforehand(desk: Desk, tmp_path: Path) -> None:
    page = page_of(desk, tmp_path)
    (row,) = (n for n, each in enumerate(TEMPLATES) if each.id == "officer-performance")
    page.offer.templates.setCurrentIndex(page.offer.templates.facts.index(row, 0))
    assert not page.offer.make_button.isEnabled()
    assert page.offer.about.text().startswith("This report is of: Officer")
    page.make()
    assert not list(tmp_path.glob("*.html"))


def test_a_report_comes_round_once_it_is_asked_for(
    desk: Desk, session: Session, tmp_path: Path
) -> None:
    page = page_of(desk, tmp_path)
    assert page.schedule_section.is_empty
    desk.hit(Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    form = page.form
    assert form.isVisible()
    form.begin_button.click()
    desk.wait(lambda: form.fault.text() != "")
    assert form.isVisible(), "it goes nowhere yet"
    form.time.set_text("25:00")
    form.begin_button.click()
    assert "HH:MM" in form.fault.text()
    form.time.set_text("07:30")
    form.browse.click()
    form.mail.set_text("boss@police.example, desk@police.example")
    form.language.choose(Language.HINDI)
    form.begin_button.click()
    desk.wait(lambda: len(page.scheduled.facts.rows) == 1)
    assert not form.isVisible()
    (found,) = schedules.find(session)
    assert found.wish.rhythm == Rhythm(Every.MONTH, 450, 1)
    assert (found.wish.about, found.wish.form) == (About.LAST_MONTH, Form.PDF)
    assert found.wish.language is Language.HINDI
    assert found.wish.folder == str(tmp_path)
    assert found.wish.addresses == ("boss@police.example", "desk@police.example")
    page.scheduled.setFocus()
    assert page.end_button.isEnabled()
    desk.hit(Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    desk.wait(lambda: schedules.find(session) == [])
    desk.wait(lambda: page.schedule_section.is_empty)


@pytest.mark.usefixtures("pseudo_locale")
def test_what_asks_for_a_report_is_translated_and_reached_by_tab(
    desk: Desk, tmp_path: Path, find_untranslated: Faults, find_unreachable: Faults
) -> None:
    page = page_of(desk, tmp_path)
    page.plan()
    for every in Every:
        page.form.every.choose(every)
        page.form.every.chosen.emit(str(every))
        assert find_untranslated(page.form, KNOWN) == []
        assert find_unreachable(page.form) == []


def test_escape_closes_what_asks_and_leaves_nothing(
    desk: Desk, session: Session, tmp_path: Path
) -> None:
    page = page_of(desk, tmp_path)
    page.offer.plan_button.click()
    assert page.form.isVisible()
    desk.hit(Qt.Key.Key_Escape)
    assert not page.form.isVisible()
    assert schedules.find(session) == []
