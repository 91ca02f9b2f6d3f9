"""Rows of figures for Qt's views and for screen readers."""

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_TRAILING: Final = frozenset({Look.NUMBER, Look.DEVIATION})


class TableModel(QAbstractTableModel):
    """Holds rows as they are; ``show_rows`` tells views only what is different."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.rows: tuple[Row, ...] = ()

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Have other columns, and no rows until they are told."""
        if columns != self.columns:
            self.beginResetModel()
            self.columns, self.rows = columns, ()
            self.endResetModel()

    def show_rows(self, rows: tuple[Row, ...]) -> bool:
        """Hold other rows; False when they are the same."""
        if rows == self.rows:
            return False
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = rows
            last = self.index(len(rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return True
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; one that a short row has not got is a dash."""
        cells = self.rows[row].cells
        return cells[column] if column < len(cells) else NOTHING

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.cell(index.row(), index.column())
            return cell.told or cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            is_drawn = self.columns[index.column()].look is Look.SPARK
            tip = self.cell(index.row(), index.column()).text if is_drawn else ""
            return tip or self.rows[index.row()].tip or None
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.told or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if column.look in _TRAILING
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
