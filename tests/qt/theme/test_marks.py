"""Marks differ by shape, so that they are told apart without colour."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.theme.marks import paint_severity, paint_sync


def _inked(paint: str, which: Severity | SyncState) -> frozenset[tuple[int, int]]:
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    black, centre = QColor("#000000"), QPointF(16, 16)
    if paint == "severity":
        paint_severity(painter, Severity(which), centre, 12, black)
    else:
        paint_sync(painter, SyncState(which), centre, 12, black)
    painter.end()
    return frozenset(
        (x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).lightness() < 200
    )


def test_every_severity_has_a_shape_of_its_own() -> None:
    shapes = {severity: _inked("severity", severity) for severity in Severity}
    assert len(set(shapes.values())) == len(Severity)
    assert (16, 16) not in shapes[Severity.MINOR], "minor is a ring"
    assert (16, 16) in shapes[Severity.MODERATE], "moderate is a disc"
    tops = {severity: min(y for _, y in shape) for severity, shape in shapes.items()}
    assert tops[Severity.CRITICAL] < tops[Severity.MODERATE]


def test_every_sync_state_has_a_shape_of_its_own() -> None:
    shapes = {state: _inked("sync", state) for state in SyncState}
    assert len(set(shapes.values())) == len(SyncState)
    not_sent, sent = shapes[SyncState.NOT_SENT], shapes[SyncState.SENT]
    assert (10, 16) not in not_sent, "not sent is hollow"
    assert (10, 16) in sent, "sent is filled on one side"
    assert (22, 16) not in sent, "and hollow on the other"


def test_a_conflict_keeps_its_violet() -> None:
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_sync(painter, SyncState.CONFLICT, QPointF(16, 16), 12, QColor("#000000"))
    painter.end()
    assert image.pixelColor(10, 16).name() == "#6d3bd1"
