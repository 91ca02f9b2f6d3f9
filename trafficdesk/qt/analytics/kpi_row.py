"""The KPIs on top: five of them, chosen by what the officer's role is for."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.analytics.kpi_tile import KpiFace, KpiTile
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.panels import Panel

_OFFICER: Final = (
    MetricId.RECEIVED,
    MetricId.HANDLED,
    MetricId.DECISION_TIME,
    MetricId.BACKLOG,
    MetricId.APPROVED_SHARE,
)
_DISPATCHER: Final = (
    MetricId.INCIDENTS,
    MetricId.INJURY_CRASHES,
    MetricId.TO_DISPATCH,
    MetricId.TO_ARRIVAL,
    MetricId.TO_CLEAR,
)
_SUPERVISOR: Final = (
    MetricId.RECEIVED,
    MetricId.INJURY_CRASHES,
    MetricId.DECISION_TIME,
    MetricId.TO_ARRIVAL,
    MetricId.APPROVED_SHARE,
)
_ON_TOP: Final[Mapping[Role, tuple[MetricId, ...]]] = {
    Role.DISPATCHER: _DISPATCHER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: _SUPERVISOR,
}
COUNT: Final = 5


def on_top(role: Role) -> tuple[MetricId, ...]:
    """Return which KPIs a role sees first."""
    return _ON_TOP.get(role, _OFFICER)


class KpiRow(Panel):
    """``opened`` carries the face of a tile that was pressed; ``told`` a tile and its note."""

    opened = Signal(object)
    told = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("surface")
        self.tiles = tuple(KpiTile() for _ in range(COUNT))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, tile in enumerate(self.tiles):
            if number:
                row.addWidget(Hairline(Qt.Orientation.Vertical))
            row.addWidget(tile, 1)
            tile.clicked.connect(lambda _on=False, each=tile: self.opened.emit(each.face))
            tile.told.connect(lambda words, each=tile: self.told.emit(each, words))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_faces(self, faces: tuple[KpiFace, ...]) -> None:
        """Show these, the first five of them."""
        for tile, face in zip(self.tiles, faces, strict=False):
            tile.show_face(face)

    def set_large(self, is_large: bool) -> None:
        """Take the measures of a large window."""
        for tile in self.tiles:
            tile.set_large(is_large)
