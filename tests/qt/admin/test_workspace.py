"""The administration as a whole: its sections, keys, names, languages and sizes."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.admin.officers import OfficersPage
from trafficdesk.qt.admin.parts import AdminPage
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services import administration
from trafficdesk.services.administration import OfficerDetails
from trafficdesk.services.session import Session

SECTIONS = (
    "account",
    "look",
    "keys",
    "locking",
    "officers",
    "types",
    "base_maps",
    "city",
    "imports",
    "audit",
    "desk",
)
Walk = Callable[..., list[str]]
MakeWorkspace = Callable[..., AdminWorkspace]


@pytest.fixture
def full_desk(admin: Session) -> Session:
    details = OfficerDetails("Ravi Chandran", "RC", "SI", Role.OFFICER)
    administration.add_officer(admin, details, "four plain words here")
    return admin


def open_full(workspace: AdminWorkspace, section: str, qtbot: QtBot) -> AdminPage:
    """Open a section with everything unfolded and wait until it has read what it shows."""
    page = workspace.open_section(section)
    if isinstance(page, OfficersPage):
        qtbot.waitUntil(lambda: len(page.rows) == 2)
        page.add_button.click()
        page.rows[1].click()
        assert page.panel is not None
        assert page.panel.leave is not None
        page.panel.leave.ask.click()
    qtbot.wait(120)
    return page


@pytest.mark.parametrize("section", SECTIONS)
def test_every_control_has_a_name_and_a_way_by_keyboard(
    section: str,
    full_desk: Session,
    make_workspace: MakeWorkspace,
    find_unnamed: Walk,
    find_unreachable: Walk,
    qtbot: QtBot,
) -> None:
    workspace = make_workspace(full_desk)
    open_full(workspace, section, qtbot)
    assert find_unnamed(workspace) == []
    assert find_unreachable(workspace) == []


@pytest.mark.usefixtures("pseudo_locale")
@pytest.mark.parametrize("section", SECTIONS)
def test_every_sentence_passes_translation(
    section: str,
    full_desk: Session,
    make_workspace: MakeWorkspace,
    find_untranslated: Walk,
    qtbot: QtBot,
) -> None:
    workspace = make_workspace(full_desk)
    page = open_full(workspace, section, qtbot)
    data = (
        *("Admin A", "Ravi Chandran", "Inspector", "SI", "AA", "RC", "TrafficDesk", "Python"),
        *("Qt", "Coimbatore", "Gandhipuram", "Asia/Kolkata", "MBTiles", "PMTiles", "KiB", "kB"),
        *(str(full_desk.profile.folder), str(full_desk.device_id), "min"),
    )
    assert find_untranslated(page, data) == []
    assert find_untranslated(workspace.sections) == []


class Setting(NamedTuple):
    """A reading direction, a text size, and the width beside the rail."""

    direction: Qt.LayoutDirection
    percent: int
    width: int


@pytest.mark.parametrize(
    "setting",
    [
        Setting(direction, percent, width)
        for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)
        for percent, width in ((100, 1216), (150, 1184), (150, 864))
    ],
    ids=str,
)
def test_nothing_is_cut_off_at_any_text_size(
    setting: Setting,
    full_desk: Session,
    make_workspace: MakeWorkspace,
    appearance: Appearance,
    find_cut_off: Walk,
    qtbot: QtBot,
) -> None:
    QApplication.setLayoutDirection(setting.direction)
    appearance.apply(ThemeChoice.DARK, setting.percent, Density.COMFORTABLE)
    workspace = make_workspace(full_desk, QSize(setting.width, 620))
    for section in SECTIONS:
        page = open_full(workspace, section, qtbot)
        workspace.grab()
        assert find_cut_off(page) == [], section
        content = page.widget()
        assert content is not None
        assert content.width() <= page.viewport().width(), section


def test_the_sections_are_walked_by_arrow_keys_and_opened_by_their_own(
    admin: Session, make_workspace: MakeWorkspace, equipment: Equipment, qtbot: QtBot
) -> None:
    workspace = make_workspace(admin)
    workspace.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)

    def press(key: Qt.Key) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    press(Qt.Key.Key_Down)
    assert workspace.sections.open_id() == "look"
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    assert workspace.sections.open_id() == "desk"
    QTest.keyClick(workspace, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert workspace.sections.open_id() == "officers"
    assert equipment.commands.find("admin.officers") is not None


def test_the_section_list_makes_room_in_a_narrow_window(
    admin: Session, make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    workspace = make_workspace(admin)
    wide = workspace.sections.width()
    workspace.resize(700, 600)
    qtbot.waitUntil(lambda: workspace.sections.width() < wide / 2)


def test_an_officer_is_offered_only_what_they_may_do_and_told_why(
    make_session: Callable[..., Session], make_workspace: MakeWorkspace, qtbot: QtBot
) -> None:
    workspace = make_workspace(make_session(Role.OFFICER))
    page = workspace.open_section("officers")
    assert isinstance(page, OfficersPage)
    assert not page.add_button.isEnabled()
    assert page.add_button.accessibleDescription()
    qtbot.waitUntil(lambda: len(page.rows) == 2)
    page.rows[0].click()
    assert page.panel is not None
    offered = [b for b in page.panel.findChildren(QPushButton) if b.isVisible()]
    assert offered == []
    for section in ("audit", "desk"):
        shown = workspace.open_section(section)
        words = [label.text() for label in shown.findChildren(Label) if label.isVisible()]
        assert any("Only" in each for each in words), section


def test_the_commands_go_with_the_workspace(
    admin: Session, equipment: Equipment, qtbot: QtBot
) -> None:
    desk = QWidget()
    qtbot.addWidget(desk)
    workspace = AdminWorkspace(admin, equipment)
    workspace.setParent(desk)
    assert equipment.commands.find("admin.audit") is not None
    workspace.deleteLater()
    qtbot.waitUntil(lambda: equipment.commands.find("admin.audit") is None)
