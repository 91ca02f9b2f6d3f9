"""The head of the table to choose from: who and when over each column, and where those lie."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.theme.fonts import REGULAR, SEMIBOLD, font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, paint_line, painter_on, placed

HEAD_PX: Final = 48
WIDE_FROM_PX: Final = 1100
_NARROW_TO_PX: Final = 640
BEFORE, MINE, THEIRS, RESULT = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands over the columns: two lines each, from the field's to the result's."""

    titles: tuple[str, str, str, str, str]
    facts: tuple[str, str, str, str, str]


def column_boxes(width: int, height: int) -> list[QRect]:
    """Return where the five columns lie, from the leading edge."""
    first = min(px(128 if width >= px(WIDE_FROM_PX) else 112), round(width * 0.15))
    before, side = (0.19, 0.225) if width >= px(_NARROW_TO_PX) else (0.165, 0.232)
    parts = [first, round(width * before), round(width * side), round(width * side)]
    boxes, x = [], 0
    for part in (*parts, max(0, width - sum(parts))):
        boxes.append(QRect(x, 0, part, height))
        x += part
    return boxes


class TableHead(Painted):
    """Who and when over each side."""

    def __init__(self) -> None:
        super().__init__()
        self._heads = Heads(("",) * 5, ("",) * 5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, heads: Heads) -> None:
        """Show other heads."""
        self._heads = heads
        pairs = zip(heads.titles, heads.facts, strict=True)
        self.setAccessibleName("; ".join(f"{one}, {other}" for one, other in pairs))
        self.setToolTip("\n".join(heads.facts[BEFORE:RESULT]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(HEAD_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        for column, box in enumerate(column_boxes(self.width(), self.height())):
            if column == RESULT:
                painter.fillRect(placed(self, box), colour("surface2"))
            inner = box.adjusted(px(12), px(6), -px(6), 0)
            first = QRect(inner.x(), inner.y(), inner.width(), px(18))
            tint = {MINE: "accent", THEIRS: "conflict"}.get(column, "text")
            painter.setFont(font(12, SEMIBOLD))
            painter.setPen(colour(tint))
            paint_line(painter, placed(self, first), self._heads.titles[column])
            painter.setFont(font(12, REGULAR))
            painter.setPen(colour("text2"))
            paint_line(
                painter, placed(self, first.translated(0, px(18))), self._heads.facts[column]
            )
        painter.fillRect(0, self.height() - 1, self.width(), 1, colour("line2"))
