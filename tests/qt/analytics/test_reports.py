"""The page of reports: one made now, one that comes round, and what became of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.qt.analytics.conftest import Desk, OpenDesk
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.catalogue import TEMPLATES
from trafficdesk.domain.schedules import About, Every, Rhythm
from trafficdesk.qt.analytics.reports_page import ReportsPage
from trafficdesk.services import schedules
from trafficdesk.services.session import Session

KNOWN = ("Test City", "Coimbatore", "PDF", "HTML", "XLSX", "HH:MM")
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
    assert [row.key for row in page.templates.facts.rows] == [each.id for each in TEMPLATES]
    assert page.contents.text()
    desk.hit(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    desk.wait(lambda: desk.work.message.title() != "")
    (made,) = tmp_path.glob("*.html")
    assert made.name in desk.work.message.title()
    assert "Coimbatore" in made.read_text(encoding="utf-8")


def test_what_a_report_is_not_about_is_said_beforehand(desk: Desk, tmp_path: Path) -> None:
    page = page_of(desk, tmp_path)
    (row,) = (n for n, each in enumerate(TEMPLATES) if each.id == "officer-performance")
    page.templates.setCurrentIndex(page.templates.facts.index(row, 0))
    assert not page.make_button.isEnabled()
    assert page.about.text().startswith("This report is of: Officer")
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
    form.begin_button.click()
    desk.wait(lambda: len(page.scheduled.facts.rows) == 1)
    assert not form.isVisible()
    (found,) = schedules.find(session)
    assert found.wish.rhythm == Rhythm(Every.MONTH, 450, 1)
    assert (found.wish.about, found.wish.form) == (About.LAST_MONTH, Form.PDF)
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
    page.plan_button.click()
    assert page.form.isVisible()
    desk.hit(Qt.Key.Key_Escape)
    assert not page.form.isVisible()
    assert schedules.find(session) == []
