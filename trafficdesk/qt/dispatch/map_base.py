"""The streets under the dispatch map: which part is shown, drawn off the GUI thread, and kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.mercator import fraction_at, place_at
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import MEDIUM, font
from trafficdesk.qt.theme.palette import colour
from trafficdesk.qt.widgets.map_drawing import (
    TILE_PX,
    TOKENS,
    MapImage,
    MapPlan,
    draw_map,
    place_in,
)
from trafficdesk.qt.widgets.mini_map import FindPack

FARTHEST: Final = 8.0
CLOSEST: Final = 18.0
_REST_MS: Final = 120
_MARGIN_PX: Final = 160  # drawn beyond each edge, so that a short way can be gone at once
_METRES_AROUND: Final = 40_075_016.686


@dataclass(frozen=True, slots=True)
class View:
    """What part of the world a map shows."""

    centre: Place
    zoom: float
    size: QSize

    def spot_of(self, place: Place) -> QPointF:
        """Return where a place lies on the map."""
        return self.spots_of([place])[0]

    def spots_of(self, places: Sequence[Place]) -> list[QPointF]:
        """Return where places lie on the map."""
        world = TILE_PX * 2.0**self.zoom
        x, y = fraction_at(*self.centre)
        left, top = self.size.width() / 2 - x * world, self.size.height() / 2 - y * world
        found = (fraction_at(*place) for place in places)
        return [QPointF(left + east * world, top + south * world) for east, south in found]

    def place_at(self, spot: QPointF) -> Place:
        """Return the place under a point of the map."""
        world = TILE_PX * 2.0**self.zoom
        x, y = fraction_at(*self.centre)
        return place_at(
            x + (spot.x() - self.size.width() / 2) / world,
            y + (spot.y() - self.size.height() / 2) / world,
        )

    def metres_per_px(self) -> float:
        """Return how many metres one pixel is in the middle of the map."""
        around = _METRES_AROUND * math.cos(math.radians(self.centre.lat))
        world: float = TILE_PX * 2.0**self.zoom
        return around / world


def view_of(bounds: Bounds, size: QSize, closest: float = 15.5) -> View:
    """Return the view in which all of ``bounds`` is seen, with some room around it."""
    centre = Place((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)
    west, north = fraction_at(bounds.west, bounds.north)
    east, south = fraction_at(bounds.east, bounds.south)
    room = (max(40, size.width() - 120), max(40, size.height() - 120))
    across = max((east - west) * TILE_PX / room[0], (south - north) * TILE_PX / room[1], 1e-9)
    zoom = max(FARTHEST, min(closest, -math.log2(across)))
    return View(centre, zoom, size)


class Over(Protocol):
    """What is drawn over the streets, into the same picture."""

    def draw(self, image: QImage, plan: MapPlan) -> None:
        """Draw it; called on any thread."""


class MapBase(QObject):
    """Keeps one picture, somewhat larger than the map; ``drawn`` when a new one is there.

    What is put over the streets is drawn into it, off the GUI thread like them: to show it costs
    nothing more. It is painted as an image without transparency, which is copied fastest.
    """

    drawn = Signal()

    def __init__(self, find_pack: FindPack, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._find_pack = find_pack
        self._lanes = lanes.owned_by(self)
        self._streets: QImage | None = None
        self._picture: QImage | None = None
        self._over: Over | None = None
        self._plan: MapPlan | None = None
        self._wanted: tuple[View, float] | None = None
        self._rest = later(self, _REST_MS, self._draw)
        self.is_bare = False
        self.attribution = ""

    def drop(self) -> None:
        """Forget what was drawn: the colours are others."""
        self._streets = self._picture = self._plan = None

    def put_over(self, over: Over | None) -> None:
        """Draw something else over the streets, or nothing."""
        self._over = over
        plan, streets = self._plan, self._streets
        if plan is not None and streets is not None:
            self._lanes.run(
                Lane.IO,
                lambda: _composed(streets, over, plan),
                partial(self._take_composed, streets),
                key="over",
            )

    def _take_composed(self, streets: QImage, picture: QImage) -> None:
        if streets is self._streets:  # else newer ones are there, with the same over them
            self._picture = picture
            self.drawn.emit()

    @property
    def is_there(self) -> bool:
        """Tell whether there is a sharp picture of all that is wanted."""
        return self._wanted is not None and self._covers(self._wanted[0])

    def ask(self, view: View, dpr: float) -> None:
        """Have the streets of a view drawn, unless what is there still covers it sharply."""
        self._wanted = (view, dpr)
        if not self._covers(view):
            self._rest.start()

    def _covers(self, view: View) -> bool:
        plan = self._plan
        if plan is None or plan.zoom != view.zoom:
            return False
        spot = place_in(plan.centre, plan.zoom, plan.size, view.centre)
        half_w, half_h = view.size.width() / 2, view.size.height() / 2
        box = QRectF(spot.x() - half_w, spot.y() - half_h, 2 * half_w, 2 * half_h)
        return QRectF(0, 0, *plan.size.toTuple()).contains(box)

    def _draw(self) -> None:
        if self._wanted is None:
            return
        view, dpr = self._wanted
        plan = MapPlan(
            view.centre,
            view.zoom,
            view.size + QSize(2 * _MARGIN_PX, 2 * _MARGIN_PX),
            dpr,
            {token: QColor(colour(token)) for token in TOKENS},
            font(11, MEDIUM),
        )
        pack = self._find_pack()
        self.attribution = "" if pack is None else pack.facts.attribution
        over = self._over

        def draw() -> tuple[MapImage, QImage, QImage]:
            made = draw_map(pack, plan)
            streets = made.image.convertToFormat(QImage.Format.Format_RGB32)
            return made, streets, _composed(streets, over, plan)

        self._lanes.run(Lane.IO, draw, partial(self._take, plan, over), key="streets")

    def _take(
        self, plan: MapPlan, over: Over | None, drawn: tuple[MapImage, QImage, QImage]
    ) -> None:
        if plan.colours["map_land"] != colour("map_land"):  # drawn for another theme
            return
        made, self._streets, self._picture = drawn
        self._plan = plan
        self.is_bare = made.is_bare
        if over is not self._over:
            self.put_over(self._over)
        self.drawn.emit()

    def paint(self, painter: QPainter, view: View) -> None:
        """Paint what is there, moved and stretched to the view until the sharp one comes."""
        whole, plan, picture = QRectF(0, 0, *view.size.toTuple()), self._plan, self._picture
        if plan is None or picture is None:
            painter.fillRect(whole, colour("map_land"))
            return
        scale = 2.0 ** (view.zoom - plan.zoom)
        middle = view.spot_of(plan.centre)
        width, height = plan.size.width() * scale, plan.size.height() * scale
        target = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        if not target.contains(whole):
            painter.fillRect(whole, colour("map_land"))
        if scale == 1.0:
            painter.drawImage(target.topLeft().toPoint(), picture)
        else:
            painter.drawImage(target, picture, QRectF(picture.rect()))


def _composed(streets: QImage, over: Over | None, plan: MapPlan) -> QImage:
    if over is None:
        return streets
    picture = streets.copy()
    over.draw(picture, plan)
    return picture
