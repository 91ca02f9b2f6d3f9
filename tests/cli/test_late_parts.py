"""The self-test uses what a package could lack unseen, and says which part does not work."""

import sys
from pathlib import Path

import pytest

import trafficdesk
from trafficdesk.cli.late_parts import PartError, load_modules, try_parts
from trafficdesk.qt import engine_check

# Charts are painted, which needs an application; a process has one, that of the tests of screens.
pytestmark = pytest.mark.usefixtures("qapp")


def test_every_part_that_is_loaded_late_is_used_once() -> None:
    assert try_parts() == "charts, photos, papers, misspelt names"


def test_a_library_that_a_package_lacks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(ImportError, match="rapidfuzz"):
        try_parts()


def test_a_chart_that_shows_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_check, "_PAINTED", "#000000")
    monkeypatch.setattr("trafficdesk.qt.analytics.plotting.Plot.set_line", lambda *_: None)
    with pytest.raises(PartError, match="charts"):
        try_parts()


def test_a_module_that_cannot_be_loaded_is_told_with_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whole.py").write_text("", encoding="utf-8")
    (tmp_path / "of_a_checkout.py").write_text("import osmium", encoding="utf-8")
    (tmp_path / "lacking.py").write_text("import trafficdesk.no_such_room", encoding="utf-8")
    monkeypatch.setattr(trafficdesk, "__path__", [str(tmp_path)])
    monkeypatch.setitem(sys.modules, "osmium", None)
    loaded, (told,) = load_modules()
    assert loaded == 1
    assert told.startswith("trafficdesk.lacking: ")
    assert "no_such_room" in told
