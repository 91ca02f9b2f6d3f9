"""Tags of units as pictures that are drawn once, and where each stands beside its point."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from trafficdesk.qt.dispatch.lines import UnitLine
from trafficdesk.qt.dispatch.map_symbols import TagLook, paint_tag, tag_box, tag_size
from trafficdesk.qt.dispatch.words import is_stale

if TYPE_CHECKING:
    from uuid import UUID

_KEPT: Final = 256
_HALO_PX: Final = 6


class TagPictures:
    """Paints tags; a frame in which nothing changed but the view copies their pictures.

    While the map is dragged each keeps its place beside its point; it finds another when zoom,
    units or what is in the way are others.
    """

    def __init__(self) -> None:
        self._pictures: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._offsets: dict[UUID, QPointF] = {}
        self._laid_out_for: Hashable = None

    def forget(self) -> None:
        """Draw them anew: the look is another."""
        self._pictures.clear()
        self._laid_out_for = None

    def lay_out_for(self, what: Hashable) -> None:
        """Let each tag keep its place as long as it is for the same."""
        if what != self._laid_out_for:
            self._laid_out_for = what
            self._offsets.clear()

    def place(self, line: UnitLine, spot: QPointF, taken: list[QRectF]) -> QRectF:
        """Return where a unit's tag stands, and take its room."""
        size, offset = tag_size(line), self._offsets.get(line.id)
        if offset is None:
            box = tag_box(spot, size, taken)
            self._offsets[line.id] = box.topLeft() - spot
        else:
            box = QRectF(spot + offset, size)
        taken.append(box)
        return box

    def paint(
        self, painter: QPainter, line: UnitLine, spot: QPointF, look: TagLook, now: datetime
    ) -> None:
        """Paint a tag as ``paint_tag`` does, to the nearest pixel."""
        due, dpr = line.due_in(now), painter.device().devicePixelRatioF()
        is_late = due is not None and due < timedelta()
        to = (look.box.topLeft() - spot).toPoint()
        how = (line.status, is_stale(line, now), is_late, look.is_chosen, dpr)
        key = (line.unit.call_sign, to.x(), to.y(), how)
        whole = look.box.translated(-spot).united(QRectF(-1, -1, 2, 2))
        whole = QRectF(whole.adjusted(-_HALO_PX, -_HALO_PX, _HALO_PX, _HALO_PX).toAlignedRect())
        picture = self._pictures.get(key)
        if picture is None:
            picture = QPixmap((whole.size() * dpr).toSize())
            picture.setDevicePixelRatio(dpr)
            picture.fill(Qt.GlobalColor.transparent)
            brush = QPainter(picture)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setLayoutDirection(painter.layoutDirection())
            brush.translate(-whole.topLeft())
            own = TagLook(QRectF(QPointF(to), look.box.size()), look.is_chosen)
            paint_tag(brush, line, QPointF(0, 0), own, now)
            brush.end()
            self._pictures[key] = picture
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        at = QPoint(round(spot.x() + whole.x()), round(spot.y() + whole.y()))
        painter.drawPixmap(at, picture)
