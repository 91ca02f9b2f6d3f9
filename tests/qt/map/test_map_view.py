"""The embedded page: it draws from the store, and nothing it tries leaves the machine."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.sources import StoreSources
from trafficdesk.qt.map.map_view import MapView, load_channel_script
from trafficdesk.qt.map.scheme import is_own
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services.session import Session

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


def test_a_desk_that_only_deletes_its_map_still_ends_well(
    session: Session, lanes: Lanes, qtbot: QtBot
) -> None:
    answers = MapAnswers((), StoreSources(session.store, session.clock), load_channel_script())
    view = MapView(answers, lanes)
    with qtbot.waitSignal(view.ready):
        view.show()
    page, profile = view.page, view.page.profile()

    shiboken6.delete(view)

    assert not shiboken6.isValid(page)
    assert not shiboken6.isValid(profile)


_WHOLE_RUN = """
import trafficdesk.store.driver
import sys
from pathlib import Path
from trafficdesk.qt.map.web_engine import prepare_web_engine
prepare_web_engine()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication([])
from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.sources import StoreSources
from trafficdesk.domain.times import utc_now
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.idle import IdleLock
from trafficdesk.qt.keyboard import Keyboard
from trafficdesk.qt.map.map_view import MapView, load_channel_script
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.tasks import Lanes
from trafficdesk.store.engine import Store
folder = Path(sys.argv[1])
store = Store.create(folder / "desk.db", "ab" * 32)
lanes = Lanes()
keyboard = Keyboard(Commands(SettingsFile(folder / "settings.json")))
keyboard.install()
idle = IdleLock(10)
idle.start()
view = MapView(MapAnswers((), StoreSources(store, utc_now), load_channel_script()), lanes)
def drawn(layer, count, total):
    view.tear_down()
    QTimer.singleShot(0, app.quit)
def begin():
    view.run("setBase", "world")
    view.run("setLayers", ["stations"])
view.ready.connect(begin)
view.channel.layer_shown.connect(drawn)
view.show()
QTimer.singleShot(60_000, lambda: app.exit(3))
code = app.exec()
idle.stop()
keyboard.remove()
lanes.shut_down()
store.close()
print("ended", code)
sys.exit(code)
"""


def test_a_whole_run_with_store_keys_and_map_exits_with_0(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WHOLE_RUN, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "ended 0"
