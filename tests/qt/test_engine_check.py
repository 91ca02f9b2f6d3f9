"""What the self-test looks at in Qt: the shipped fonts have the letters of the words it shows."""

import pytest

from trafficdesk.qt import engine_check


@pytest.mark.usefixtures("qtbot")
def test_the_shipped_fonts_have_their_letters() -> None:
    assert engine_check.missing_letters() == {}


@pytest.mark.usefixtures("qtbot")
def test_letters_that_a_font_lacks_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_check, "_WORDS", {"Inter-Regular.ttf": "aத"})
    assert engine_check.missing_letters() == {"Inter-Regular.ttf": "த"}
