"""After a lock nothing of the officer's desk is left: no widget, and no text that was typed."""

import gc
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.running_desk import close, lock, start, unlock
from trafficdesk.profile import Profile
from trafficdesk.qt.admin.workspace import AdminWorkspace
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.furnishing import furnish
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.services.session import Session

TYPED = "a witness's name"


@pytest.fixture
def application(
    make_session: Callable[..., Session], profile: Profile, qtbot: QtBot
) -> Iterator[DeskApplication]:
    make_session()
    running = start(profile, furnish, qtbot)
    yield running
    close(running)


def _all_but_the_window(running: DeskApplication, known: list[QWidget]) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.accessibleName()!r}"
        for widget in QApplication.allWidgets()
        if widget not in known
        and widget is not running.window
        and not running.window.isAncestorOf(widget)
    ]


def _without_collecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", lambda _generation=2: 0)


def _text_in(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text()
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit | QTextEdit) else ""


# What the engine says where there is no GPU.
@pytest.mark.qt_log_ignore(
    "QRhiGles2: Failed", "Failed to create RHI", "GPUInfo not initialized", "propagateSizeHints"
)
@pytest.mark.parametrize("opened", ["review", "form", "filter", "map", "admin"])
def test_no_widget_of_a_desk_outlives_its_lock_whether_or_not_garbage_is_collected(
    application: DeskApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, opened: str
) -> None:
    assert not gc.isenabled(), "the desk decides when to collect"
    known = [w for w in QApplication.allWidgets() if not application.window.isAncestorOf(w)]
    _without_collecting(monkeypatch)
    unlock(application, qtbot)
    view = application.window.desk
    assert view is not None
    review = view.open_workspace("review")
    assert isinstance(review, ReviewWorkspace)
    if opened == "form":
        review.open_form()
        review.form.vehicle_text.edit.setText(TYPED)
        review.form.words.setPlainText(TYPED)
        assert any(TYPED in _text_in(w) for w in QApplication.allWidgets())
    elif opened == "filter":
        review.column.open_filter()
        QTest.keyClicks(review.column.filter.text, TYPED)
    elif opened == "admin":
        admin = view.open_workspace("admin")
        assert isinstance(admin, AdminWorkspace)
        for section in tuple(admin._factories):
            admin.open_section(section)
        del admin
    elif opened == "map":
        view.open_workspace("map")
    del view, review
    lock(application, qtbot)
    assert not [w for w in QApplication.allWidgets() if TYPED in _text_in(w)]
    assert _all_but_the_window(application, known) == []


def _are_gone(kept: Sequence[weakref.ref[Any]]) -> bool:
    """Tell whether nothing lasting holds these: the desk collects again when readings came home."""
    gc.collect()
    return all(each() is None for each in kept)


def test_what_was_typed_is_gone_when_the_desk_is_locked(
    application: DeskApplication, qtbot: QtBot
) -> None:
    for _ in range(2):
        unlock(application, qtbot)
        sitting, desk = application.sitting, application.window.desk
        assert sitting is not None
        assert desk is not None
        review = desk.find_made("review")
        assert isinstance(review, ReviewWorkspace)
        review.open_form()
        review.form.words.setPlainText(TYPED)
        kept = [weakref.ref(thing) for thing in (sitting, desk, review, review.form, review.column)]
        del sitting, desk, review
        lock(application, qtbot)
        qtbot.waitUntil(partial(_are_gone, kept))
