"""Units on the dispatch map: tags where there is room for them, else glyphs in its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from trafficdesk.domain.vocabulary import UnitStatus
from trafficdesk.maps.mercator import fraction_at
from trafficdesk.qt.dispatch.lines import UnitLine
from trafficdesk.qt.dispatch.map_base import MapBase, View
from trafficdesk.qt.dispatch.map_symbols import (
    REACH_PX,
    TAGS_AT_MOST,
    UNIT,
    Stamps,
    Symbol,
    TagLook,
    box_at,
)
from trafficdesk.qt.dispatch.map_tags import TagPictures
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.map_drawing import TILE_PX, MapPlan

_ROOM_PX: Final = 40  # beyond the edges, from where a symbol still reaches in


@dataclass(frozen=True, slots=True)
class Crowd:
    """Units with their places as fractions of the world's square map."""

    lines: Sequence[UnitLine] = ()
    xs: Sequence[float] = ()
    ys: Sequence[float] = ()
    by_id: Mapping[UUID, int] = field(default_factory=dict)

    def within(self, view: View) -> list[int]:
        """Return which of them are in a view, or reach into it."""
        world = TILE_PX * 2.0**view.zoom
        x, y = fraction_at(*view.centre)
        across = (view.size.width() / 2 + _ROOM_PX) / world
        down = (view.size.height() / 2 + _ROOM_PX) / world
        west, east, north, south = x - across, x + across, y - down, y + down
        ys = self.ys
        return [n for n, at in enumerate(self.xs) if west < at < east and north < ys[n] < south]

    def spots(self, view: View, numbers: Sequence[int]) -> list[QPointF]:
        """Return where some of them lie on the map."""
        world = TILE_PX * 2.0**view.zoom
        x, y = fraction_at(*view.centre)
        left, top = view.size.width() / 2 - x * world, view.size.height() / 2 - y * world
        xs, ys = self.xs, self.ys
        return [QPointF(left + xs[n] * world, top + ys[n] * world) for n in numbers]


def crowd_of(lines: Sequence[UnitLine]) -> Crowd:
    """Return the units whose place is known; for a thousand not on the GUI thread."""
    placed = [(line, fraction_at(*line.place)) for line in lines if line.place is not None]
    return Crowd(
        [line for line, _ in placed],
        [at[0] for _, at in placed],
        [at[1] for _, at in placed],
        {line.id: number for number, (line, _) in enumerate(placed)},
    )


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Draws a crowd into the map's picture, on any thread; ``stamps`` are images."""

    crowd: Crowd
    stamps: Mapping[UnitStatus, QImage]

    def draw(self, image: QImage, plan: MapPlan) -> None:
        """Draw each unit's glyph."""
        view = View(plan.centre, plan.zoom, plan.size)
        numbers, reach, lines = self.crowd.within(view), px(REACH_PX), self.crowd.lines
        painter = QPainter(image)
        for number, spot in zip(numbers, self.crowd.spots(view, numbers), strict=True):
            at = QPoint(round(spot.x()) - reach, round(spot.y()) - reach)
            painter.drawImage(at, self.stamps[lines[number].status])
        painter.end()


@dataclass(frozen=True, slots=True)
class TagsLook:
    """What tags depend on beside their units: the time, and which one is chosen."""

    now: datetime
    chosen: UUID | None


class UnitMarks(QObject):
    """Paints a few units with every frame; many are part of the picture of the streets.

    So a frame costs the same however many there are, and their moves are drawn off the GUI thread.
    """

    def __init__(self, base: MapBase, stamps: Stamps, lanes: Lanes) -> None:
        super().__init__(base)
        self._base = base
        self._stamps = stamps
        self._lanes = lanes.owned_by(self)
        self._crowd = Crowd()
        self._round = 0
        self._drawn: Crowd | None = None
        self._dpr = 1.0
        self._tags: list[Symbol] = []
        self._pictures = TagPictures()

    def tell(self, lines: Sequence[UnitLine]) -> None:
        """Show other units, or the same elsewhere."""
        if len(lines) <= TAGS_AT_MOST:
            self._take(crowd_of(lines))
        else:
            self._lanes.run(Lane.IO, lambda: crowd_of(lines), self._take, key="crowd")

    def _take(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._round += 1
        if self._drawn is not None:
            self._draw(crowd)  # it is shown when it is drawn
        else:
            self._base.drawn.emit()

    def _draw(self, crowd: Crowd | None) -> None:
        """Have the picture hold these glyphs; None for none."""
        self._drawn = crowd
        stamps = self._stamps.images(self._dpr)
        self._base.put_over(None if crowd is None else Glyphs(crowd, stamps))

    def restyle(self) -> None:
        """Draw everything anew in the look that holds now."""
        self._pictures.forget()
        if self._drawn is not None:
            self._draw(self._drawn)

    @property
    def tags(self) -> Sequence[Symbol]:
        """Where tags can be grasped: they lie over incidents."""
        return self._tags

    def dots(self, view: View) -> list[Symbol]:
        """Return where glyphs can be grasped: they lie under incidents."""
        if self._drawn is None:
            return []
        crowd, numbers = self._crowd, self._crowd.within(view)
        spots = zip(numbers, crowd.spots(view, numbers), strict=True)
        return [Symbol(UNIT, crowd.lines[n].id, box_at(spot)) for n, spot in spots]

    def paint_tags(
        self, painter: QPainter, view: View, look: TagsLook, taken: list[QRectF]
    ) -> None:
        """Paint the tags of those in view, or of the chosen one alone; they take their room."""
        self._dpr = painter.device().devicePixelRatioF()
        crowd, numbers = self._crowd, self._crowd.within(view)
        is_crowded = len(numbers) > TAGS_AT_MOST
        if is_crowded != (self._drawn is not None):
            self._draw(crowd if is_crowded else None)
        if is_crowded:
            chosen = None if look.chosen is None else crowd.by_id.get(look.chosen)
            numbers = [] if chosen is None else [chosen]
        self._tags = []
        self._pictures.lay_out_for((view.zoom, view.size.toTuple(), self._round, look, len(taken)))
        for number, spot in zip(numbers, crowd.spots(view, numbers), strict=True):
            line = crowd.lines[number]
            box = self._pictures.place(line, spot, taken)
            tag = TagLook(box, line.id == look.chosen)
            self._pictures.paint(painter, line, spot, tag, look.now)
            self._tags.append(Symbol(UNIT, line.id, box))
