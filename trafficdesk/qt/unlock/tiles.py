"""The officers of this desk as tiles with their keys."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from trafficdesk.qt.theme.fonts import REGULAR, SEMIBOLD, font
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    edge_round,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)
from trafficdesk.qt.words import role_word
from trafficdesk.security.key_slots import Holder

COLUMNS = 3
KEYS = "1234567890"


class OfficerTile(PaintedButton):
    """One officer: initials, name, rank, role; says so when they are locked out."""

    def __init__(self, holder: Holder, key: str) -> None:
        super().__init__(holder.name)
        self.holder = holder
        self._key = key
        self._lock_words = ""
        self._height_px = 84
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_lock("")

    def set_lock(self, words: str) -> None:
        """Show that the officer is locked out, "" that they are not."""
        self._lock_words = words
        said = (self.holder.name, self.holder.rank, role_word(self.holder.role), words)
        self.setAccessibleName(", ".join(filter(None, said)))
        self.update()

    def set_height(self, height_px: int) -> None:
        """Take the height of the screen's size."""
        self._height_px = height_px
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(self._height_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        fill_round(painter, box, colour("hover" if self.underMouse() else "surface"))
        if self.isChecked() and self._lock_words:
            edge_round(painter, box, colour("critical"), 6, 2.0)
        elif self.isChecked() or self.hasFocus():
            edge_round(painter, box, colour("accent"), 6, 2.0)
        else:
            edge_round(painter, box, colour("line"))
        if self.hasFocus() and self.isChecked():
            edge_round(painter, box.adjusted(3, 3, -3, -3), colour("accent"), 4, 1.0)
        side = px(40)
        disc = placed(self, QRect(px(14), (self.height() - side) // 2, side, side))
        is_lit = self.isChecked() and not self._lock_words
        fill_round(painter, QRectF(disc), colour("accent_weak" if is_lit else "surface2"), side / 2)
        painter.setFont(font(16, SEMIBOLD))
        painter.setPen(colour("accent" if is_lit else "text2"))
        painter.drawText(disc, CENTRED, self.holder.initials)
        self._paint_words(painter)
        if self._key:
            cap = keycap_size(self._key)
            x = self.width() - px(12) - cap.width()
            paint_keycap(
                painter, placed(self, QRect(x, px(10), cap.width(), cap.height())), self._key
            )

    def _paint_words(self, painter: QPainter) -> None:
        x = px(66)
        width = self.width() - x - px(12)
        top = (self.height() - px(54)) // 2
        painter.setFont(font(15, SEMIBOLD))
        painter.setPen(colour("text"))
        name = QRect(x, top, width - px(26), px(20))
        paint_line(painter, placed(self, name), self.holder.name)
        painter.setFont(font(12, REGULAR))
        painter.setPen(colour("text2"))
        rank = QRect(x, top + px(20), width, px(17))
        paint_line(painter, placed(self, rank), self.holder.rank)
        last = QRect(x, top + px(37), width, px(17))
        if self._lock_words:
            side = px(12)
            mark = QRect(x, top + px(39), side, side)
            paint_icon(painter, "lock", placed(self, mark), "critical")
            painter.setFont(font(12, SEMIBOLD))
            painter.setPen(colour("critical"))
            words = last.adjusted(px(17), 0, 0, 0)
            paint_line(painter, placed(self, words), self._lock_words)
        else:
            painter.setPen(colour("text3"))
            paint_line(painter, placed(self, last), role_word(self.holder.role))


class OfficerTiles(QWidget):
    """All officers, three to a row; arrows move, Enter or a digit takes one.

    ``chosen`` carries the ``Holder`` that was taken, ``typed`` what somebody types who goes
    straight on with their password.
    """

    chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, holders: tuple[Holder, ...]) -> None:
        super().__init__()
        self._tiles: list[OfficerTile] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        for index, holder in enumerate(holders):
            tile = OfficerTile(holder, KEYS[index] if index < len(KEYS) else "")
            tile.clicked.connect(lambda _checked=False, each=tile: self._take(each))
            grid.addWidget(tile, index // COLUMNS, index % COLUMNS)
            self._tiles.append(tile)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(grid.rowCount(), 1)

    def tiles(self) -> list[OfficerTile]:
        """Return the tiles in their order."""
        return self._tiles

    def mark(self, officer_id: UUID) -> None:
        """Show who is chosen without telling anybody."""
        for tile in self._tiles:
            tile.setChecked(tile.holder.officer_id == officer_id)

    def focus(self, officer_id: UUID) -> None:
        """Give the keyboard to an officer's tile."""
        for tile in self._tiles:
            if tile.holder.officer_id == officer_id:
                tile.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, index: int) -> None:
        """Choose the officer at a place, if there is one."""
        if index < len(self._tiles):
            self._take(self._tiles[index])

    def tell_locks(self, words_of: Callable[[UUID], str]) -> None:
        """Show who is locked out, in words."""
        for tile in self._tiles:
            tile.set_lock(words_of(tile.holder.officer_id))

    def set_height(self, height_px: int) -> None:
        """Give all tiles the height of the screen's size."""
        for tile in self._tiles:
            tile.set_height(height_px)

    def _take(self, tile: OfficerTile) -> None:
        self.mark(tile.holder.officer_id)
        self.chosen.emit(tile.holder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        side = -1 if self.isRightToLeft() else 1
        steps = {
            Qt.Key.Key_Right: side,
            Qt.Key.Key_Left: -side,
            Qt.Key.Key_Down: COLUMNS,
            Qt.Key.Key_Up: -COLUMNS,
        }
        focused = [i for i, tile in enumerate(self._tiles) if tile.hasFocus()]
        by = steps.get(Qt.Key(event.key())) if event.key() in steps else None
        if by is not None and focused:
            place = max(0, min(len(self._tiles) - 1, focused[0] + by))
            self._tiles[place].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and focused:
            self._take(self._tiles[focused[0]])
            return
        letters = event.text()
        if letters.isprintable() and letters.strip():
            self.typed.emit(letters)
            return
        super().keyPressEvent(event)
