"""Every sentence of the window passes translation."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import NAMES, ROWS, Shown
from trafficdesk.qt.shell.outbox import OutboxPanel

DATA = (
    *NAMES,
    "Offline",
    *(row.reason for row in ROWS),
    *(row.reference for row in ROWS),
    "Reject",
)


@pytest.fixture
def translated(pseudo_locale: object, request: pytest.FixtureRequest) -> Shown:
    assert pseudo_locale is not None
    shown: Shown = request.getfixturevalue("shown")
    return shown


@pytest.mark.parametrize("place", ["desk", "palette", "keys", "outbox"])
def test_every_sentence_is_translated(
    translated: Shown,
    find_untranslated: Callable[..., list[str]],
    qtbot: QtBot,
    place: str,
) -> None:
    if place != "desk":
        getattr(translated.desk, f"open_{place}")()
    panel = translated.desk.overlays.current()
    if isinstance(panel, OutboxPanel):
        qtbot.waitUntil(
            lambda: any("000123" in w.accessibleName() for w in panel.findChildren(QWidget))
        )
    assert find_untranslated(translated.window, data=DATA) == []
