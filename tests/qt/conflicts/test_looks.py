"""The conflict desk as it looks and reads: names, the made-up language, large text, both sizes."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.qt.conflicts.conftest import Desk, FileReport, MakeConflict, OpenDesk
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.services.session import Session

DATA = (
    *("Kumar S", "Meena K", "TN", "BC", "BZ", "CBE", "Cross Cut Road", "Bus stand gate"),
    *("Gandhipuram", "Owner rang, no answer", "Two clear frames", "seen on camera", "Nov"),
)
Faults = Callable[..., list[str]]
MINE: dict[str, object] = {
    "severity": int(Severity.CRITICAL),
    "plate": "TN38BC1207",
    "status": "approved",
    "lon": 76.9674,
    "lat": 11.0183,
    "decision_note": "Two clear frames",
}
THEIRS: dict[str, object] = {
    "severity": int(Severity.MODERATE),
    "plate": "TN38BC1201",
    "status": "needs_info",
    "lon": 76.9681,
    "lat": 11.0186,
    "decision_note": "Owner rang, no answer",
}


def photo() -> Examined:
    picture = Image.new("RGB", (1280, 720), (120, 130, 140))
    ImageDraw.Draw(picture).rectangle((500, 420, 800, 500), fill=(240, 240, 235))
    content = io.BytesIO()
    picture.save(content, "JPEG")
    found = examine(content.getvalue())
    assert isinstance(found, Examined)
    return found


@pytest.fixture
def filled(
    conflict: MakeConflict, file: FileReport, session: Session, open_desk: OpenDesk
) -> Callable[..., Desk]:
    """Open a desk with a conflict of every kind."""

    def make(size: QSize = QSize(1216, 672), **options: object) -> Desk:  # noqa: B008 - a constant
        now = session.clock()
        older = now - timedelta(hours=30)
        conflict(MINE, THEIRS, file((photo(),)), action="approve", at=older)
        deleted = file((photo(),), violations=(Violation.NO_HELMET,), address="Cross Cut Road")
        conflict(
            {"deleted_ms": None},
            {"deleted_ms": 5},
            deleted,
            action="approve",
            beside={"status": "approved", "decision_note": "Two clear frames"},
            at=now - timedelta(hours=26),
        )
        for number in range(9):
            report = file(violations=(list(Violation)[number % 8],))
            conflict(
                {"plate": f"TN1{number}"},
                {"plate": f"TN2{number}"},
                report,
                at=now - timedelta(hours=number),
            )
        return open_desk(size=size, **options)

    return make


def _go_to(desk: Desk, place: int) -> None:
    desk.work.column.list.go_to(place)
    QTest.qWait(250)


def test_everything_has_a_name_and_is_reached_by_tab(
    filled: Callable[..., Desk], find_unnamed: Faults, find_unreachable: Faults
) -> None:
    desk = filled()
    for place in (0, 1, 2):
        _go_to(desk, place)
        assert find_unnamed(desk.work) == []
        assert find_unreachable(desk.work) == []


@pytest.mark.usefixtures("pseudo_locale")
def test_every_word_passes_translation(
    filled: Callable[..., Desk], find_untranslated: Faults
) -> None:
    desk = filled()
    for place in (0, 1, 2):
        _go_to(desk, place)
        assert find_untranslated(desk.work, DATA) == []
    for tab in ("settled", "parked"):
        desk.work.open_tab(tab)
        assert find_untranslated(desk.work, DATA) == []


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("size", [QSize(1216, 672), QSize(1856, 1032)])
def test_nothing_is_cut_off(
    filled: Callable[..., Desk],
    find_cut_off: Faults,
    appearance: Appearance,
    percent: int,
    size: QSize,
) -> None:
    desk = filled(size)
    appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
    desk.work.resize(size)
    for place in (0, 1, 2):
        _go_to(desk, place)
        assert find_cut_off(desk.work) == []
        assert desk.work.size() == size


@pytest.mark.usefixtures("pseudo_locale")
def test_longer_words_are_not_cut_off(filled: Callable[..., Desk], find_cut_off: Faults) -> None:
    desk = filled()
    for place in (0, 1, 2):
        _go_to(desk, place)
        assert find_cut_off(desk.work) == []
    for tab in ("settled", "parked"):
        desk.work.open_tab(tab)
        assert find_cut_off(desk.work) == []


def test_both_looks_can_be_painted(
    filled: Callable[..., Desk], screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    desk = filled()
    for place, name in ((0, "merge"), (1, "deletion")):
        _go_to(desk, place)
        if place == 0:
            desk.press("1")
        pictures = screenshots(desk.work, name)
        assert len(pictures) == 4


def test_settled_and_set_aside_can_be_painted(
    filled: Callable[..., Desk], screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    desk = filled()
    desk.press("q")
    assert len(screenshots(desk.work, "chosen")) == 4
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(10)
    desk.work.open_tab("settled")
    QTest.qWait(250)
    assert len(screenshots(desk.work, "settled")) == 4


def test_large_text_can_be_painted(
    filled: Callable[..., Desk], appearance: Appearance, tmp_path: Path
) -> None:
    desk = filled()
    appearance.apply(ThemeChoice.DARK, 150, Density.COMFORTABLE)
    for place, name in ((0, "merge"), (1, "deletion")):
        _go_to(desk, place)
        assert desk.work.grab().save(str(tmp_path / f"{name}-150.png"))
