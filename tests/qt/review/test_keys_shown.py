"""Keys on the review's widgets are those that its commands have now."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.qt.review.conftest import OpenDesk
from trafficdesk.qt.review.review_hints import review_hints

FindStrayKeys = Callable[[QWidget], list[str]]


def test_every_key_shown_is_that_of_its_command(
    open_desk: OpenDesk, file_many: Callable[[int], object], find_stray_keys: FindStrayKeys
) -> None:
    file_many(2)
    desk = open_desk()
    assert find_stray_keys(desk.work) == []
    for number, command in enumerate(desk.commands.all()):
        desk.commands.remap(command.id, (f"Ctrl+Alt+{number // 10}, {number % 10}",))

    assert find_stray_keys(desk.work) == []
    assert desk.work.detail.side.map_key.key() == desk.commands.first_key("review.map")
    assert desk.work.detail.viewer.view.keys_label.startswith("Ctrl Alt ")


def test_a_key_that_was_changed_is_shown_wherever_it_stands(
    open_desk: OpenDesk, file_many: Callable[[int], object]
) -> None:
    file_many(1)
    desk = open_desk()
    hints = review_hints(desk.work)
    assert {command_id for command_id, _show in hints} <= {c.id for c in desk.commands.all()}

    desk.commands.remap("review.filter", ("Ctrl+F",))
    told = {w.accessibleName(): w.toolTip() for w in desk.work.column.bar.findChildren(QWidget)}
    assert told["Filter"] == "Filter the list  (Ctrl F)"

    desk.press("f", Qt.KeyboardModifier.ControlModifier)
    assert desk.work.column.is_filter_open()
