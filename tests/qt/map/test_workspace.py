"""The map workspace as an officer uses it: real clicks on the real page over the real store."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.qt.map.conftest import (
    CENTRE,
    FileAt,
    Hand,
    MakeMap,
)
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.exports.writing import Format
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.profile import Profile
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.map import exporting
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.qt.theme.palette import Density, ThemeChoice
from trafficdesk.services import areas, auditing
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

Key = Qt.Key


def _audited(session: Session) -> list[str]:
    with session.store.reading() as connection:
        return [entry.action for entry in auditing.entries(connection)]


def test_a_click_on_a_symbol_opens_its_card_and_review_finds_it_on_the_map(
    make_map: MakeMap,
    session: Session,
    file_at: FileAt,
    hand: Hand,
) -> None:
    here = file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    beside = file_at(CENTRE.lon + 0.0004, CENTRE.lat, Severity.MINOR, days_ago=3)
    far = file_at(77.03, 11.06, Severity.CRITICAL, days_ago=60)
    desk = make_map(session)
    desk.view.run("setView", CENTRE.lon, CENTRE.lat, 18)
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .severe').length > 0")

    with hand.bot.waitSignal(desk.report_chosen) as chosen:
        hand.click(desk.view, ".leaflet-marker-icon .shape.severe")
    assert chosen.args == [here]
    hand.bot.waitUntil(lambda: desk.side.card.pk == here)
    assert [near.row.pk for near in desk.side.card._facts.near] == [beside]  # type: ignore[union-attr]  # shown
    hand.wait(desk.view, "document.querySelectorAll('.ring').length === 1")

    with hand.bot.waitSignal(desk.report_opened) as opened:
        hand.press(Key.Key_O)
    assert opened.args == [here]

    desk.show_report(far)
    hand.bot.waitUntil(lambda: desk.side.card.pk == far)
    assert desk.time.span is None, "days that hide the report make way"
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .critical').length > 0")
    hand.press(Key.Key_Escape)
    assert desk.selection.is_idle
    hand.bot.waitUntil(lambda: [row.pk for row in desk.side.list.rows()] == [far])
    assert desk.view.guard.count == 0


def test_a_cluster_is_listed_and_stepped_through(
    make_map: MakeMap,
    session: Session,
    file_at: FileAt,
    hand: Hand,
) -> None:
    pks = [file_at(CENTRE.lon, CENTRE.lat, Severity.MINOR, days_ago=n) for n in range(3)]
    desk = make_map(session)
    hand.wait(desk.view, "document.querySelectorAll('.count').length === 1")

    hand.click(desk.view, ".count")
    hand.bot.waitUntil(lambda: desk.side.position.text() == "3" and desk.side.has_subject)
    assert [row.pk for row in desk.side.list.rows()] == pks

    hand.press(Key.Key_BracketRight)
    hand.bot.waitUntil(lambda: desk.side.card.pk == pks[0])
    assert desk.side.position.text() == "1 of 3"
    hand.press(Key.Key_BracketLeft)
    hand.bot.waitUntil(lambda: desk.side.card.pk == pks[2])


def click_corners(desk: MapWorkspace, hand: Hand, *corners: QPoint, before: int = 3) -> None:
    """Click corners one by one, each when the one before it is there."""
    for n, at in enumerate(corners, before + 1):
        QTest.mouseClick(
            desk.view.web_widget(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
        hand.wait(desk.view, f"document.querySelectorAll('.handle').length === {n}")


def give_it_another_shape(desk: MapWorkspace, hand: Hand) -> None:
    """Add a corner to the area on the card, and another one that is taken away again."""
    desk.side.thing.offers["reshape"].click()
    hand.wait(desk.view, "document.querySelectorAll('.handle').length === 3")
    click_corners(desk, hand, QPoint(300, 320), QPoint(360, 260))  # outside, then on the way
    hand.press(Key.Key_Backspace)
    hand.wait(desk.view, "document.querySelectorAll('.handle').length === 4")
    hand.press(Key.Key_Return)
    hand.wait(desk.view, "document.querySelectorAll('.handle').length === 0")


def test_an_area_is_drawn_by_mouse_named_renamed_and_removed(
    make_map: MakeMap, session: Session, hand: Hand
) -> None:
    desk = make_map(session)
    hand.press(Key.Key_P)
    hand.wait(desk.view, "DeskMap.toolRunning() === 'draw'")
    click_corners(desk, hand, QPoint(300, 200), QPoint(420, 200), QPoint(420, 320), before=0)
    hand.press(Key.Key_Return)
    hand.bot.waitUntil(desk.form.isVisible)

    desk.form.save_button.click()
    hand.bot.waitUntil(lambda: bool(desk.form.name.error.text()))
    desk.form.name.set_text("School run")
    desk.form.save_button.click()
    hand.bot.waitUntil(lambda: [area.name for area in areas.find_all(session)] == ["School run"])
    hand.wait(desk.view, "document.querySelector('.area-name')?.textContent === 'School run'")
    hand.bot.waitUntil(lambda: not desk.form.isVisible())

    area = areas.find_all(session)[0]
    corners = json.loads(area.geometry)["coordinates"][0]
    assert len(corners) == 4
    desk.drawing.show_area(str(area.id))
    hand.bot.waitUntil(lambda: "rename" in desk.side.thing.offers)
    desk.side.thing.offers["rename"].click()
    desk.form.name.set_text("School run, mornings")
    desk.form.save_button.click()
    hand.bot.waitUntil(lambda: areas.find_all(session)[0].name == "School run, mornings")
    hand.bot.waitUntil(lambda: desk.side.thing.title.text() == "School run, mornings")
    give_it_another_shape(desk, hand)
    hand.bot.waitUntil(lambda: desk.side.thing.facts.rows["Corners"].value.text() == "4")
    (after,) = areas.find_all(session)
    kept = json.loads(after.geometry)["coordinates"][0]
    assert len(kept) == 5
    assert {tuple(corner) for corner in corners} & {tuple(corner) for corner in kept}
    desk.side.thing.offers["remove"].click()
    desk.side.thing.offers["remove_now"].click()
    hand.bot.waitUntil(lambda: areas.find_all(session) == [])
    hand.wait(desk.view, "document.querySelector('.area-name') === null")


def test_an_export_opens_by_itself_holds_no_plate_and_is_audited(
    make_map: MakeMap,
    session: Session,
    file_at: FileAt,
    tmp_path: Path,
    hand: Hand,
) -> None:
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    file_at(CENTRE.lon, CENTRE.lat, Severity.MINOR)
    desk = make_map(session)
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon').length > 0")
    page_file = tmp_path / f"map-{session.clock().date()}.html"

    with hand.bot.waitSignal(desk.exporter.told):
        desk.exporter.export_page()
    with hand.bot.waitSignal(desk.exporter.told):
        desk.exporter.export_picture()

    html = page_file.read_text("utf-8")
    told = json.loads(html.split('id="carried">')[1].split("</script>")[0])
    (cluster,) = told["clusters"].values()
    assert cluster["lines"] == ["Reports: 2", "Severe: 1", "Minor: 1"]
    assert {point[0] for point in cluster["points"]} == told["details"]["reports"].keys()
    assert "Red-light jump" in html or "No helmet" in html
    assert "BZ" not in html
    assert page_file.with_suffix(".png").stat().st_size > 5_000
    for form in (Format.PDF, Format.SVG):
        with hand.bot.waitSignal(desk.exporter.told):
            desk.exporter.export_picture(form)
    assert page_file.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    drawn = page_file.with_suffix(".svg").read_text("utf-8")
    assert "<image" in drawn
    assert told["title"] in drawn
    assert _audited(session).count("map.export") == 4


def test_a_page_that_takes_long_shows_that_and_leaves_nothing_when_it_is_stopped(
    make_map: MakeMap, session: Session, tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_map(session)
    hand.bot.waitUntil(lambda: desk.taken() is not None)
    go_on = Event()

    def answer_slowly(*_asked: object) -> bytes:
        go_on.wait(20)
        return b'{"cells": [], "points": [], "total": 0, "oneIn": 1}'

    monkeypatch.setattr(exporting, "answer_layer", answer_slowly)
    strip = desk.exporter.writing.strip
    desk.exporter.export_page()
    hand.bot.waitUntil(strip.isVisible)
    assert desk.rect().contains(strip.geometry())
    assert desk.exporter.writing.row.words().startswith("Writing map-")
    desk.exporter.export_picture()
    assert desk.toast.text() == "A file is being written"
    desk.exporter.writing.row.cancelled.emit()
    with hand.bot.waitSignal(desk.exporter.told):
        go_on.set()
    assert desk.toast.text() == "Export stopped; nothing was written"
    assert not strip.isVisible()
    assert not list(tmp_path.glob("*map-*"))


def test_who_may_not_export_or_draw_is_told_so(
    make_map: MakeMap, make_session: Callable[..., Session], tmp_path: Path
) -> None:
    desk = make_map(make_session(Role.SERVICE))

    desk.exporter.export_page()
    desk.drawing.toggle("draw")

    assert not list(tmp_path.glob("map-*"))
    assert desk.drawing.tool == ""
    assert desk.toast.text() == "Your role may not draw areas"
    assert not desk.layers.export_button.isEnabled()


def test_what_the_machines_policy_does_not_allow_is_not_taken_out(
    make_map: MakeMap, session: Session, tmp_path: Path, hand: Hand
) -> None:
    policy = Policy(exports=ExportRules(("png",)))
    profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    desk = make_map(replace(session, profile=profile))
    assert desk.layers.export_button.isEnabled()

    desk.exporter.export_page()
    assert desk.toast.text() == "Your agency's policy does not allow this export"
    desk.exporter.export_picture()
    picture = tmp_path / f"map-{session.clock().date()}.png"
    hand.bot.waitUntil(picture.exists)
    assert not list(tmp_path.glob("*.html"))


def test_the_map_follows_changes_days_and_look_without_drawing_anew_what_stays(
    make_map: MakeMap,
    session: Session,
    equipment: Equipment,
    file_at: FileAt,
    hand: Hand,
) -> None:
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    file_at(CENTRE.lon + 0.004, CENTRE.lat, Severity.MINOR, days_ago=20)
    desk = make_map(session)
    symbols = (
        "document.querySelectorAll('.leaflet-marker-icon .severe, .leaflet-marker-icon .minor')"
    )
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .halo').length === 2")
    assert hand.ask(desk.view, f"({symbols}[0].closest('.leaflet-marker-icon').kept = true)")

    fresh = file_at(CENTRE.lon - 0.004, CENTRE.lat, Severity.CRITICAL)
    equipment.changes.tell(Changed(reports=frozenset({fresh})))
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .halo').length === 3")
    kept = "[...document.querySelectorAll('.leaflet-marker-icon')].filter(e => e.kept).length"
    assert hand.ask(desk.view, kept) == 1
    hand.bot.waitUntil(lambda: desk.layers.layers["reports"].count() == 3)

    desk.time.presets[7].click()
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .halo').length === 2")
    hand.bot.waitUntil(lambda: desk.time.counted.text() == "2 of 3 reports")
    hand.press(Key.Key_Comma)
    hand.bot.waitUntil(lambda: desk.time.span is not None and desk.time.span.days == 7)
    desk.layers.severities[Severity.CRITICAL].click()
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon .critical').length === 0")

    equipment.appearance.apply(ThemeChoice.DARK, 125, Density.COMFORTABLE)
    hand.wait(desk.view, "DeskMap.theme === 'dark'")
    assert hand.ask(desk.view, "document.documentElement.style.fontSize") == "20px"


def test_a_violation_chosen_by_keyboard_filters_map_list_and_counts_and_is_remembered(
    make_map: MakeMap, session: Session, file_at: FileAt, hand: Hand
) -> None:
    file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    desk = make_map(session)
    shown = "document.querySelectorAll('.leaflet-marker-icon .hit').length"
    hand.wait(desk.view, f"{shown} === 1")

    def choose(word: str) -> None:
        hand.bot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(each for each in menu.actions() if each.text() == word)
        menu.setActiveAction(action)
        QTest.keyClick(menu, Key.Key_Return)

    hand.press(Key.Key_V)
    choose("Illegal parking")
    hand.wait(desk.view, f"{shown} === 0")
    hand.bot.waitUntil(lambda: desk.time.counted.text() == "0 of 1 reports")
    assert desk.layers.types.button.text() == "Illegal parking"
    desk.layers.types.button.click()
    choose("No helmet")
    hand.wait(desk.view, f"{shown} === 1")
    hand.bot.waitUntil(lambda: desk.time.counted.text() == "1 of 1 reports")
    assert desk.layers.memory()["violations"] == ["illegal_parking", "no_helmet"]
    desk.layers.types.button.click()
    choose("All violations")
    hand.wait(desk.view, f"{shown} === 1")


def test_a_place_is_found_by_name_and_told_with_its_street(
    make_map: MakeMap, session: Session, profile: Profile, hand: Hand
) -> None:
    install_sketch(profile.packs)
    desk = make_map(session)
    assert desk.bases.name == "coimbatore"
    QTest.keyClicks(desk.search.field.edit, "ukkadam")
    hand.bot.waitUntil(lambda: desk.search.found_names()[:1] == ["Ukkadam"])

    QTest.keyClick(desk.search.field.edit, Key.Key_Return)
    hand.bot.waitUntil(lambda: "Street" in desk.side.thing.facts.rows)

    assert desk.selection.place is not None
    with hand.bot.waitSignal(desk.file_wanted) as wanted:
        desk.side.thing.offers["file"].click()
    assert wanted.args == [desk.selection.place]
    hand.wait(desk.view, "DeskMap.base.name === 'coimbatore'")
