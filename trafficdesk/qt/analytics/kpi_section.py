"""The tiles of a page as a part of it that can be taken out: their figures, or their picture."""

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.analytics.kpi_faces import figure_columns
from trafficdesk.qt.analytics.kpi_row import KpiRow
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.table_cells import Row
from trafficdesk.qt.analytics.table_model import TableModel
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.painting import placed


class KpiSection(Section):
    """Tiles from edge to edge: the title is for files alone, the button lies in a corner."""

    def __init__(self) -> None:
        self.kpis = KpiRow()
        self.kpis.setProperty("chart", True)
        super().__init__(QCoreApplication.translate("Analytics", "Key figures"), self.kpis)
        self.numbers = TableModel(figure_columns(), self)
        for label in (self.title, self.fact):
            label.hide()
        self.head.removeWidget(self.export_button)
        self.export_button.setParent(self)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._put_button()

    def show_figures(self, rows: tuple[Row, ...]) -> None:
        """Have other figures, those of the tiles."""
        if self.numbers is not None:
            self.numbers.show_rows(rows)

    @property
    def is_empty(self) -> bool:
        return self.numbers is None or not self.numbers.rows

    def restyle(self) -> None:
        super().restyle()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._put_button()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._put_button()

    def _put_button(self) -> None:
        size = self.export_button.sizeHint()
        corner = QPoint(self.width() - size.width() - px(16), px(4))
        self.export_button.setGeometry(placed(self, QRect(corner, size)))
        self.export_button.raise_()
