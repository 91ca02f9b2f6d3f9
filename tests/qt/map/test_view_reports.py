"""What the map shows goes out as data: exactly the reports in view, of its days and ticks."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.exports.read_back import read_rows
from tests.qt.map.conftest import CENTRE, FileAt, Hand, MakeMap
from tests.qt.picking import Picker
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.exports.writing import Format
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.services import auditing
from trafficdesk.services.session import Session
from trafficdesk.store import queues

LOOKS = [
    "Page that opens anywhere (HTML)",
    "Picture (PNG)",
    "Paper (PDF)",
    "Drawing (SVG)",
]
DATA = [
    "Comma-separated values (CSV)",
    "Workbook (XLSX)",
    "JSON",
    "GeoJSON",
    "GeoPackage (GPKG)",
    "Keyhole Markup (KML)",
    "Parquet",
]


def _menu(desk: MapWorkspace, hand: Hand) -> QMenu:
    """Press Ctrl+E and return the menu that opens."""
    desk.activateWindow()  # a menu that closes leaves the platform without a screen no window
    desk.view.setFocus()
    hand.bot.waitUntil(desk.view.hasFocus)
    QTest.keyClick(desk.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    hand.bot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _lines(menu: QMenu) -> dict[str, list[str]]:
    """Return a menu's lines under their headings."""
    found: dict[str, list[str]] = {}
    heading = ""
    for action in menu.actions():
        if action.isSeparator():
            heading = action.text()
            found[heading] = []
        else:
            found[heading].append(action.text())
    return found


def _export(desk: MapWorkspace, hand: Hand, line: str) -> str:
    """Choose a line below the reports, the last of that name, and return what came of it."""
    menu = _menu(desk, hand)
    action = [each for each in menu.actions() if each.text() == line][-1]
    menu.setActiveAction(action)
    with hand.bot.waitSignal(desk.exporter.told):
        QTest.keyClick(menu, Qt.Key.Key_Return)
    return desk.toast.text()


def _references(session: Session, *pks: int) -> set[str]:
    with session.store.reading() as connection:
        rows = queues.find_rows(connection, frozenset(pks))
    return {row.reference for row in rows.values()}


def test_data_holds_exactly_the_reports_in_view(
    make_map: MakeMap, session: Session, file_at: FileAt, tmp_path: Path, hand: Hand
) -> None:
    here = [file_at(CENTRE.lon + n * 1e-4, CENTRE.lat, Severity.SEVERE) for n in range(3)]
    minor = file_at(CENTRE.lon, CENTRE.lat, Severity.MINOR)
    file_at(77.2, 11.2, Severity.SEVERE)  # out of sight
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE, days_ago=60)  # before the days shown
    desk = make_map(session)
    hand.bot.waitUntil(lambda: desk.side.position.text() == "4")
    name = f"reports-{session.clock().date()}"

    assert _export(desk, hand, "GeoJSON") == f"Exported to {name}.geojson"
    told = json.loads((tmp_path / f"{name}.geojson").read_bytes())
    features = told["features"]
    assert len(features) == int(desk.side.position.text())
    written = {feature["properties"]["reference"] for feature in features}
    assert written == _references(session, *here, minor)
    asked, as_of = told["notes"]
    assert "Happened: " in asked
    assert "In the map's view" in asked
    assert as_of.startswith("As of 20")

    desk.layers.severities[Severity.MINOR].click()
    hand.bot.waitUntil(lambda: desk.side.position.text() == "3")
    _export(desk, hand, "Comma-separated values (CSV)")
    rows = read_rows(tmp_path / f"{name}.csv")
    references = [row["reference"] for row in rows]
    assert len(references) == int(desk.side.position.text())
    assert set(references) == _references(session, *here)

    with session.store.reading() as connection:
        actions = [entry.action for entry in auditing.entries(connection)]
    assert actions.count("report.export") == 2
    assert "map.export" not in actions


def test_a_view_with_nothing_in_it_is_an_empty_list(
    make_map: MakeMap, session: Session, file_at: FileAt, tmp_path: Path, hand: Hand
) -> None:
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    desk = make_map(session)
    for check in desk.layers.severities.values():
        check.click()
    told = _export(desk, hand, "Comma-separated values (CSV)")
    name = f"reports-{session.clock().date()}.csv"
    assert told == f"Exported to {name}"
    assert read_rows(tmp_path / name) == []


def test_the_menu_says_what_is_a_look_and_what_is_data(
    make_map: MakeMap, session: Session, hand: Hand
) -> None:
    desk = make_map(session)
    hand.bot.waitUntil(lambda: desk.taken() is not None)
    menu = _menu(desk, hand)
    lines = _lines(menu)
    menu.close()
    assert list(lines) == ["The map as it looks now", "Reports in view, as data"]
    assert lines["The map as it looks now"] == LOOKS
    assert lines["Reports in view, as data"] == DATA


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        (ExportRules(("png",)), {"The map as it looks now": ["Picture (PNG)"]}),
        (ExportRules(("gpkg",)), {"Reports in view, as data": ["GeoPackage (GPKG)"]}),
    ],
)
def test_only_what_policy_allows_is_offered(
    make_map: MakeMap, session: Session, hand: Hand, rules: ExportRules, lines: dict[str, list[str]]
) -> None:
    policy = Policy(exports=rules)
    profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    desk = make_map(replace(session, profile=profile))
    assert desk.layers.export_button.isEnabled()
    menu = _menu(desk, hand)
    assert _lines(menu) == lines
    menu.close()
    desk.exporter.export_reports(Format.CSV)
    assert desk.toast.text() == "Your agency's policy does not allow this export"


def test_who_may_not_read_of_people_gets_data_without_them(
    make_map: MakeMap,
    make_session: Callable[..., Session],
    file_at: FileAt,
    tmp_path: Path,
    hand: Hand,
) -> None:
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    session = make_session(Role.DISPATCHER)
    desk = make_map(session)
    hand.bot.waitUntil(lambda: desk.side.position.text() == "1")
    told = _export(desk, hand, "Comma-separated values (CSV)")
    assert told.endswith("; plates and words about people are masked")
    (row,) = read_rows(tmp_path / f"reports-{session.clock().date()}.csv")
    assert "4412" not in row["plate"]


def test_a_name_with_another_formats_ending_is_not_taken(
    make_map: MakeMap, session: Session, tmp_path: Path, hand: Hand
) -> None:
    desk = make_map(session)
    hand.bot.waitUntil(lambda: desk.taken() is not None)
    desk.exporter.reports.files = Picker(tmp_path, "view.csv")
    assert _export(desk, hand, "GeoJSON") == "Choose a name that ends in .geojson"
    assert not list(tmp_path.glob("view*"))
