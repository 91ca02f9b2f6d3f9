"""A workspace is loaded by the writer's thread, while the GUI's answers keys."""

import json
import sys
from collections.abc import Callable

from tests.qt.application.program import run_program
from trafficdesk.profile import Profile
from trafficdesk.qt.supplies import Supplies
from trafficdesk.services.session import Session

ENDS_WITHIN_S = 180
WORKSPACES = ("conflicts", "dispatch", "map", "admin", "analytics")
# The program itself: unlocked, then each workspace opened for the first time. Told of each is what
# was loaded until it is on screen, by which thread.
_PROGRAM = """
import faulthandler, json, sys, threading
faulthandler.dump_traceback_later(LIMIT, exit=True)
from trafficdesk import app, cli

class Watched(app.DeskApplication):
    def __init__(self, *given):
        super().__init__(*given)
        self.told, self.by = {}, {}
        self.painted.connect(self.type)
        self.unlocked.connect(self.open_all)

    def type(self):
        row = self.gate.screen_shown().password
        row.field.edit.setText(PASSWORD)
        row.submitted.emit(PASSWORD)

    def open_all(self, sitting):
        from PySide6.QtCore import QTimer
        self.view, self.left = sitting.view, list(WORKSPACES)
        sys.meta_path.insert(0, self)
        self.tick = QTimer(self)
        self.tick.timeout.connect(self.look)
        self.tick.start(20)
        self.open_next()

    def find_spec(self, name, path=None, target=None):
        is_gui = threading.current_thread() is threading.main_thread()
        thread = "gui" if is_gui else threading.current_thread().name
        self.by.setdefault(thread, []).append(name)

    def open_next(self):
        self.by = {}
        self.view.open_workspace(self.left[0])

    def look(self):
        made = self.view.find_made(self.left[0])
        if made is None or self.view.pages.currentWidget() is not made:
            return
        self.told[self.left.pop(0)] = self.by
        if self.left:
            return self.open_next()
        self.tick.stop()
        print(json.dumps(self.told))
        self.window.close()

app.DeskApplication = Watched
sys.argv = ["trafficdesk"]
cli.main()
"""


def test_no_workspace_is_loaded_by_the_gui_thread(
    make_session: Callable[..., Session], profile: Profile
) -> None:
    make_session().close()
    program = _PROGRAM.replace("WORKSPACES", repr(WORKSPACES))
    printed = run_program(program, profile, ENDS_WITHIN_S)
    told: dict[str, dict[str, list[str]]] = json.loads(printed.splitlines()[-1])
    for name in WORKSPACES:
        by_gui = told[name].pop("gui", [])
        assert not by_gui, f"the GUI's thread loaded these of {name}"
        loaded = [module for each in told[name].values() for module in each]
        assert f"trafficdesk.qt.{name}.workspace" in loaded


# The program at its unlock screen, where nobody types for a while.
_WAITING = """
import faulthandler, json, sys, threading
faulthandler.dump_traceback_later(LIMIT, exit=True)
from trafficdesk import app, cli
from trafficdesk.qt.tasks import Lane

class Watched(app.DeskApplication):
    def __init__(self, *given):
        super().__init__(*given)
        self.by = {}
        self.painted.connect(self.wait)

    def find_spec(self, name, path=None, target=None):
        self.by[name] = threading.current_thread().name

    def wait(self):
        sys.meta_path.insert(0, self)
        self.lanes.run(Lane.WRITER, lambda: None, self.wait_on)

    def wait_on(self, _none):  # behind what is loaded first, whose end lets the rest begin
        self.lanes.run(Lane.WRITER, lambda: None, self.end)

    def end(self, _none):
        print(json.dumps([self.sitting is None, self.by]))
        self.window.close()

app.DeskApplication = Watched
sys.argv = ["trafficdesk"]
cli.main()
"""


def test_what_will_be_seen_first_is_loaded_behind_the_unlock_screen(
    make_session: Callable[..., Session], profile: Profile
) -> None:
    make_session().close()
    profile.settings.write_text('{"workspace": "conflicts"}', encoding="utf-8")
    is_locked, by = json.loads(run_program(_WAITING, profile, ENDS_WITHIN_S).splitlines()[-1])
    assert is_locked
    assert by["trafficdesk.qt.conflicts.workspace"].startswith("writer")
    assert "trafficdesk.qt.map.workspace" not in by


def test_whoever_typed_a_password_waits_for_no_workspace() -> None:
    supplies = Supplies()
    supplies.load_workspace("review")  # what it is made of is loaded in any case
    supplies.await_desk()
    loaded = set(sys.modules)
    for workspace in WORKSPACES:
        supplies.load_workspace(workspace)
    assert set(sys.modules) == loaded
