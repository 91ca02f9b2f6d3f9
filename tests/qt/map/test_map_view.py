"""The embedded page: it draws from the store, and nothing it tries leaves the machine."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.map.map_view import MapView
from trafficdesk.qt.map.scheme import is_own

FileAt = Callable[..., int]
AskPage = Callable[[MapView, str], Any]
WaitPage = Callable[[MapView, str], None]
ClickPage = Callable[..., None]


def test_clusters_from_the_store_come_apart_when_clicked_and_nothing_leaves_the_machine(
    map_view: MapView,
    file_at: FileAt,
    ask_page: AskPage,
    wait_page: WaitPage,
    click_page: ClickPage,
    qtbot: QtBot,
) -> None:
    for step in range(12):
        file_at(76.95 + step * 4e-4, 11.01, Severity.CRITICAL if step == 0 else Severity.MINOR)
    far = file_at(77.0, 11.05, Severity.SEVERE)
    picked: list[tuple[str, str]] = []
    map_view.channel.thing_picked.connect(lambda *what: picked.append(what))

    map_view.run("setLayers", ["reports"])
    wait_page(map_view, "document.querySelectorAll('.count').length === 1")
    assert ask_page(map_view, "document.querySelector('.count').textContent") == "12"

    click_page(map_view, ".leaflet-marker-icon .shape.severe")
    qtbot.waitUntil(lambda: picked == [("reports", str(far))])

    with qtbot.waitSignal(map_view.channel.cluster_picked) as clicked:
        click_page(map_view, ".count")
    assert clicked.args[1] == 12
    wait_page(map_view, "document.querySelectorAll('.leaflet-marker-icon').length > 3")
    assert map_view.guard.count == 0


def test_every_way_out_is_blocked_and_counted(
    map_view: MapView, ask_page: AskPage, qtbot: QtBot
) -> None:
    guard = map_view.guard

    ask_page(map_view, "fetch('https://example.org/secret').then(() => 1, () => 0) && 1")
    qtbot.waitUntil(lambda: guard.count == 1)
    ask_page(map_view, "(new Image().src = 'http://example.com/pixel.png') && 1")
    qtbot.waitUntil(lambda: guard.count == 2)
    ask_page(map_view, "(location.href = 'https://example.net/elsewhere') && 1")
    qtbot.waitUntil(lambda: guard.count == 3)

    assert guard.origins == ["https://example.org", "http://example.com", "https://example.net"]
    assert is_own(map_view.page.url())
    assert ask_page(map_view, "Boolean(window.DeskMap)")


def test_only_the_page_s_own_address_counts_as_its_own() -> None:
    assert is_own(QUrl("desk://map/layer/reports?bbox=1,2,3,4"))
    assert not is_own(QUrl("desk://elsewhere/"))
    assert not is_own(QUrl("https://map/"))
    assert not is_own(QUrl("file:///etc/hostname"))
