"""Where a report was, large, in the place of the photo it does not have."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPaintEvent

from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.fonts import SEMIBOLD, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.mini_map import FindPack, MiniMap
from trafficdesk.qt.widgets.painting import CENTRED, fill_round, painter_on, placed

_BARE_PX: Final = 136
_REST_MS: Final = 180


class PlaceView(MiniMap):
    """A map as large as the photo would be; it is drawn when the officer rests on a report."""

    def __init__(self, find_pack: FindPack, lanes: Lanes, height_for: Callable[[int], int]) -> None:
        super().__init__(find_pack, lanes, _REST_MS)
        self._photo_height_for = height_for
        self._words = self.tr("No photo was sent")
        self.setAccessibleName(self.tr("No photo was sent. Map around the report"))
        self.follow_width(self._height_at)
        self.hide()

    def _height_at(self, width: int) -> int:
        """Return the photo's height; without a base map there is little to show."""
        has_pack = self._find_pack() is not None
        return self._photo_height_for(width) if has_pack else px(_BARE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = painter_on(self)
        pad = px(8)
        box = QRect(pad, pad, text_width(self._words, 12, SEMIBOLD) + px(14), px(22))
        fill_round(painter, QRectF(placed(self, box)), colour("photo_label"), 4)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(colour("photo_label_text"))
        painter.drawText(placed(self, box), CENTRED, self._words)
