"""Keys on the conflict desk's widgets are those that its commands have now."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.qt.conflicts.conftest import MakeConflict, OpenDesk
from trafficdesk.qt.conflicts.conflict_hints import conflict_hints

FindStrayKeys = Callable[[QWidget], list[str]]


def test_every_key_shown_is_that_of_its_command(
    conflict: MakeConflict, open_desk: OpenDesk, find_stray_keys: FindStrayKeys
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    known = {each.id for each in desk.commands.all()}
    assert {command_id for command_id, _show in conflict_hints(desk.work)} <= known
    assert find_stray_keys(desk.work) == []
    for number, command in enumerate(desk.commands.all()):
        desk.commands.remap(command.id, (f"Ctrl+Alt+{number // 10}, {number % 10}",))
    assert find_stray_keys(desk.work) == []
    shown = desk.work.page.table.table.keys.values()
    assert all(each.startswith("Ctrl Alt ") for each in shown)


def test_a_key_that_was_changed_is_shown_and_acts(
    conflict: MakeConflict, open_desk: OpenDesk
) -> None:
    conflict({"plate": "TN1"}, {"plate": "TN2"})
    desk = open_desk()
    desk.commands.remap("conflicts.mine", ("Ctrl+F",))
    assert "Ctrl F" in desk.work.page.table.table.keys.values()
    desk.press("f", Qt.KeyboardModifier.ControlModifier)
    assert not desk.rows()["plate"].is_open
