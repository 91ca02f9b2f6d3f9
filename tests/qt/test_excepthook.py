"""A bug reaches one place; what it writes down says nothing about anybody."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from trafficdesk.qt.excepthook import MOST_REPORTS, ExceptHook, crash_report, redacted


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[ExceptHook]:
    made = ExceptHook(tmp_path / "crash")
    made.install()
    yield made
    made.remove()


def _fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.parametrize(
    "secret",
    ["TN 37 BZ 4412", "TN37BZ4412", "ravi@example.org", "+91 98430 12345", "11.018312", "f3" * 32],
)
def test_what_could_name_a_person_or_a_place_is_taken_out(secret: str) -> None:
    assert secret not in redacted(f"cannot read {secret} of the report")
    assert "cannot read" in redacted(f"cannot read {secret} of the report")


def test_a_report_holds_places_in_the_code_but_no_values() -> None:
    password = "sesame-open-now"
    try:
        try:
            _fail(f"bad password '{password}'")
        except ValueError as error:
            raise RuntimeError("could not go on") from error
    except RuntimeError as error:
        report = crash_report(error)
    assert "RuntimeError: could not go on" in report
    assert "test_excepthook.py" in report
    assert "_fail" in report
    assert password not in report
    assert str(Path.home()) not in report


def test_a_bug_in_a_slot_is_written_down_and_the_desk_goes_on(
    tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_exceptions():
        hook = ExceptHook(tmp_path / "crash")
        hook.install()
        with qtbot.waitSignal(hook.caught) as caught:
            QTimer.singleShot(0, lambda: _fail("boom"))
        hook.remove()
    path = caught.args[0]
    assert path.parent == tmp_path / "crash"
    assert "ValueError: boom" in path.read_text()
    assert "ValueError: boom" in capsys.readouterr().err


def test_a_bug_in_a_thread_arrives_too(hook: ExceptHook, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hook.caught) as caught:
        thread = threading.Thread(target=_fail, args=("in a thread",))
        thread.start()
        thread.join()
    assert "in a thread" in caught.args[0].read_text()


def test_a_full_or_closed_folder_does_not_hide_the_bug(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "crash").write_text("a file in the folder's place")
    hook = ExceptHook(tmp_path / "crash")
    with qtbot.waitSignal(hook.caught) as caught:
        hook.take(ValueError("boom"))
    assert caught.args == [None]


def test_old_reports_make_room(tmp_path: Path, hook: ExceptHook) -> None:
    for number in range(MOST_REPORTS + 5):
        hook.take(ValueError(f"boom {number}"))
    kept = sorted((tmp_path / "crash").glob("*.txt"))
    assert len(kept) == MOST_REPORTS
    assert f"boom {MOST_REPORTS + 4}" in kept[-1].read_text()
