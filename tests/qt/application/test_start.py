"""The unlock screen is painted before anything is loaded that it does not need."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.qt.application.program import run_program
from trafficdesk.profile import Profile
from trafficdesk.services.session import Session

ENDS_WITHIN_S = 120
# Each of them costs a good part of an empty window's whole start, or brings one that does.
HEAVY = (
    "PIL",
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineCore",
    "alembic",
    "apscheduler",
    "asyncio",
    "folium",
    "keyring.backends",
    "numpy",
    "rapidfuzz",
    "requests",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "typer",
    "trafficdesk.maps",
    "trafficdesk.qt.admin",
    "trafficdesk.qt.map.workspace",
    "trafficdesk.qt.review",
    "trafficdesk.qt.tour",
)
# The program as it is started, watched from inside: what is loaded when the screen is painted,
# then what else the GUI thread has to load until the first workspace is on screen.
_PROGRAM = """
import faulthandler, gc, json, sys, threading
faulthandler.dump_traceback_later(LIMIT, exit=True)
from trafficdesk import app, cli

class Watched(app.DeskApplication):
    told = None

    def __init__(self, *given):
        super().__init__(*given)
        self.painted.connect(self.look)
        self.unlocked.connect(self.end)

    def _load_supplies(self):
        if self.told is None:
            self.told = {"painted": sorted(sys.modules), "first": FIRST}
        super()._load_supplies()

    def look(self):
        sys.meta_path.insert(0, self)
        self.told["by_gui"] = []
        row = self.gate.screen_shown().password
        row.field.edit.setText(PASSWORD)
        row.submitted.emit(PASSWORD)

    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            self.told["by_gui"].append(name)

    def end(self, sitting):
        from PySide6.QtCore import QObject
        home = self.thread()
        self.told["strays"] = [repr(o) for o in gc.get_objects()
                               if isinstance(o, QObject) and o.thread() != home]
        print(json.dumps(self.told))
        self.window.close()

FIRST = next(n for n in sys.modules if "sqlite" in n.lower() or "sqlcipher" in n.lower())
app.DeskApplication = Watched
sys.argv = ["trafficdesk"]
cli.main()
"""


@pytest.fixture
def told(make_session: Callable[..., Session], profile: Profile) -> dict[str, Any]:
    make_session().close()
    found: dict[str, Any] = json.loads(run_program(_PROGRAM, profile, ENDS_WITHIN_S))
    return found


def test_the_unlock_screen_is_painted_first_and_the_rest_comes_off_the_guis_thread(
    told: dict[str, Any],
) -> None:
    early = [
        name
        for name in told["painted"]
        if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)
    ]
    assert not early, "loaded before the unlock screen is painted"
    assert told["first"].startswith("sqlcipher3"), "another SQLite was loaded before SQLCipher"
    assert not told["strays"], "Qt objects that live in a thread that will end"
    assert not told["by_gui"], "loaded by the GUI thread between password and first workspace"
