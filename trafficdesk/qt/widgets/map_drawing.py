"""Draws a small map from a pack's vector tiles into an image, on any thread."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from trafficdesk.domain.records import Place
from trafficdesk.maps.faults import PackDamagedError
from trafficdesk.maps.mercator import fraction_at
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.schema import Schema, class_of, layer_of
from trafficdesk.maps.vector_tile import (
    Feature,
    GeometryKind,
    Layer,
    Part,
    TagValue,
    TileDamagedError,
    decode_tile,
)

TILE_PX: Final = 256
TOKENS: Final = (
    "map_land",
    "map_block",
    "map_road",
    "map_casing",
    "map_main_edge",
    "map_park",
    "map_water",
    "map_label",
)
# Widths in px at zoom 16; each zoom below halves what is over the hairline.
_ROAD_PX: Final = {
    "motorway": 11.0,
    "trunk": 10.0,
    "primary": 9.0,
    "secondary": 7.5,
    "tertiary": 6.0,
    "minor": 4.0,
    "service": 2.5,
}
_NAMED: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "minor"})
_MOST_LABELS: Final = 6
_LABEL_PX: Final = 11


@dataclass(frozen=True, slots=True)
class MapPlan:
    """What to draw: where, how close, how large, and in which colours (by token)."""

    centre: Place
    zoom: float
    size: QSize
    dpr: float
    colours: Mapping[str, QColor]
    label_font: QFont


@dataclass(frozen=True, slots=True)
class MapImage:
    """A drawn map; ``is_bare`` when no pack covers the place and only a grid could be drawn."""

    image: QImage
    is_bare: bool


class _Frame:
    """Where a tile's units lie in the image."""

    def __init__(self, plan: MapPlan, z: int) -> None:
        self.scale = TILE_PX * 2.0 ** (plan.zoom - z)
        self.z = z
        x, y = fraction_at(plan.centre.lon, plan.centre.lat)
        self.left = x * (1 << z) * self.scale - plan.size.width() / 2
        self.top = y * (1 << z) * self.scale - plan.size.height() / 2
        self.size = plan.size

    def tiles(self) -> Iterable[tuple[int, int]]:
        right, bottom = self.left + self.size.width(), self.top + self.size.height()
        for y in range(math.floor(self.top / self.scale), math.floor(bottom / self.scale) + 1):
            for x in range(math.floor(self.left / self.scale), math.floor(right / self.scale) + 1):
                yield x, y

    def points(self, x: int, y: int, extent: int, part: Part) -> list[QPointF]:
        unit = self.scale / extent
        left, top = x * self.scale - self.left, y * self.scale - self.top
        return [QPointF(left + px * unit, top + py * unit) for px, py in part]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A tile's layers by the part they play, with the tile's place."""

    x: int
    y: int
    layers: Mapping[str, Layer]


def draw_map(pack: Pack | None, plan: MapPlan) -> MapImage:
    """Return the map around a place; a plain grid where no pack covers it."""
    image = QImage(plan.size * plan.dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(plan.dpr)
    image.fill(plan.colours["map_land"])
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tiles, frame = _load(pack, plan)
    if pack is None or not tiles:
        _draw_grid(painter, plan)
    else:
        _Brush(painter, plan, frame, pack.facts.schema).draw(tiles)
    painter.end()
    return MapImage(image, not tiles)


def place_on_map(plan: MapPlan, place: Place) -> QPointF:
    """Return where a place lies in the drawn map, in px."""
    return place_in(plan.centre, plan.zoom, plan.size, place)


def place_in(centre: Place, zoom: float, size: QSize, place: Place) -> QPointF:
    """Return where a place lies on a map of this centre, zoom and size, in px."""
    world = TILE_PX * 2.0**zoom
    here, there = fraction_at(*centre), fraction_at(*place)
    return QPointF(
        size.width() / 2 + (there[0] - here[0]) * world,
        size.height() / 2 + (there[1] - here[1]) * world,
    )


def _load(pack: Pack | None, plan: MapPlan) -> tuple[list[_Drawn], _Frame]:
    z = round(plan.zoom)
    if pack is None:
        return [], _Frame(plan, z)
    z = max(pack.facts.min_zoom, min(pack.facts.max_zoom, z))
    frame = _Frame(plan, z)
    found = []
    for x, y in frame.tiles():
        try:
            tile = pack.tile(z, x, y)
            if tile:
                found.append(_Drawn(x, y, decode_tile(tile)))
        except (PackDamagedError, TileDamagedError):
            continue  # the map workspace tells about a damaged pack; this one is a help only
    return found, frame


def _draw_grid(painter: QPainter, plan: MapPlan) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(plan.colours["map_casing"], 1))
    width, height, step = plan.size.width(), plan.size.height(), 32
    for x in range(width // 2 % step, width, step):
        painter.drawLine(x, 0, x, height)
    for y in range(height // 2 % step, height, step):
        painter.drawLine(0, y, width, y)


class _Brush:
    """Paints tiles layer by layer: what is below first, names last."""

    def __init__(self, painter: QPainter, plan: MapPlan, frame: _Frame, schema: Schema) -> None:
        self._painter = painter
        self._plan = plan
        self._frame = frame
        self._schema = schema
        self._taken = [QPolygonF(_pin_box(plan.size))]
        self._named: set[str] = set()

    def draw(self, tiles: list[_Drawn]) -> None:
        for role, token in (("green", "map_park"), ("water", "map_water")):
            for tile in tiles:
                self._fill(tile, role, token)
        for tile in tiles:
            self._lines(tile, "waterway", self._plan.colours["map_water"], 3.0)
            self._fill(tile, "building", "map_block")
        for is_casing in (True, False):
            for tile in tiles:
                self._roads(tile, is_casing=is_casing)
        for tile in tiles:
            self._lines(tile, "rail", self._plan.colours["map_main_edge"], 1.6)
        for tile in tiles:
            self._labels(tile)

    def _features(self, tile: _Drawn, role: str) -> tuple[int, tuple[Feature, ...]]:
        layer = tile.layers.get(layer_of(self._schema, role))
        return (1, ()) if layer is None else (layer.extent, layer.features)

    def _fill(self, tile: _Drawn, role: str, token: str) -> None:
        extent, features = self._features(tile, role)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._plan.colours[token])
        for feature in features:
            if feature.kind is not GeometryKind.POLYGON:
                continue
            path = QPainterPath()
            for part in feature.parts:
                points = self._frame.points(tile.x, tile.y, extent, part)
                path.moveTo(points[0])
                for point in points[1:]:
                    path.lineTo(point)
                path.closeSubpath()
            self._painter.drawPath(path)

    def _lines(self, tile: _Drawn, role: str, tint: QColor, width: float) -> None:
        extent, features = self._features(tile, role)
        for feature in features:
            if feature.kind is GeometryKind.LINE:
                self._stroke(tile, extent, feature, QPen(tint, width))

    def _roads(self, tile: _Drawn, *, is_casing: bool) -> None:
        extent, features = self._features(tile, "road")
        for feature in features:
            width = self._road_width(feature.tags)
            if feature.kind is not GeometryKind.LINE or not width:
                continue
            tint = self._plan.colours["map_casing" if is_casing else "map_road"]
            pen = QPen(tint, width + 2 if is_casing else width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap if is_casing else Qt.PenCapStyle.RoundCap)
            self._stroke(tile, extent, feature, pen)

    def _road_width(self, tags: dict[str, TagValue]) -> float:
        full = _ROAD_PX.get(class_of(self._schema, "road", tags), 0.0)
        return max(1.0, full * 2 ** ((self._plan.zoom - 16) * 0.6)) if full else 0.0

    def _stroke(self, tile: _Drawn, extent: int, feature: Feature, pen: QPen) -> None:
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for part in feature.parts:
            self._painter.drawPolyline(self._frame.points(tile.x, tile.y, extent, part))

    def _labels(self, tile: _Drawn) -> None:
        role = "road_name" if layer_of(self._schema, "road_name") else "road"
        extent, features = self._features(tile, role)
        for feature in features:
            name = str(feature.tags.get("name") or "")
            is_road = class_of(self._schema, "road", feature.tags) in _NAMED
            if not name or not is_road or name in self._named:
                continue
            if len(self._named) >= _MOST_LABELS:
                return
            for part in feature.parts:
                points = self._frame.points(tile.x, tile.y, extent, part)
                if self._label(name, points):
                    self._named.add(name)
                    break

    def _label(self, name: str, points: list[QPointF]) -> bool:
        """Write a street's name along its longest straight piece, if there is room for it."""
        painter = self._painter
        painter.setFont(self._plan.label_font)
        width = painter.fontMetrics().horizontalAdvance(name)
        found = _longest_inside(points, self._plan.size)
        if found is None or _length(*found) < width + 12:
            return False
        a, b = found if found[0].x() <= found[1].x() else (found[1], found[0])
        middle = QPointF((a.x() + b.x()) / 2, (a.y() + b.y()) / 2)
        angle = math.degrees(math.atan2(b.y() - a.y(), b.x() - a.x()))
        turned = QTransform().translate(middle.x(), middle.y()).rotate(angle)
        reach = turned.map(QPolygonF(QRectF(-width / 2 - 4, -10, width + 8, 20)))
        if any(reach.intersects(taken) for taken in self._taken):
            return False
        self._taken.append(reach)
        painter.save()
        painter.translate(middle)
        painter.rotate(angle)
        path = QPainterPath()
        path.addText(QPointF(-width / 2, _LABEL_PX * 0.36), self._plan.label_font, name)
        halo = QPen(self._plan.colours["map_road"], 3)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        painter.fillPath(path, self._plan.colours["map_label"])
        painter.restore()
        return True


def _pin_box(size: QSize) -> QRectF:
    """Return the middle of the map, where the report's own mark will stand."""
    return QRectF(size.width() / 2 - 18, size.height() / 2 - 38, 36, 42)


def _length(a: QPointF, b: QPointF) -> float:
    return math.hypot(b.x() - a.x(), b.y() - a.y())


def _longest_inside(points: list[QPointF], size: QSize) -> tuple[QPointF, QPointF] | None:
    """Return the longest nearly straight run of a line within the image, as its two ends."""
    room = QRectF(4, 4, size.width() - 8, size.height() - 8)
    best: tuple[QPointF, QPointF] | None = None
    start: QPointF | None = None
    bearing = 0.0
    for a, b in _clipped(points, room):
        angle = math.atan2(b.y() - a.y(), b.x() - a.x())
        turn = abs((angle - bearing + math.pi) % (2 * math.pi) - math.pi)
        if start is None or turn > 0.35 or _length(start, a) < 1e-6:
            start, bearing = a, angle
        if best is None or _length(start, b) > _length(*best):
            best = (start, b)
    return best


def _clipped(points: list[QPointF], room: QRectF) -> Iterable[tuple[QPointF, QPointF]]:
    """Yield the pieces of a line cut to a box (Liang and Barsky)."""
    for a, b in pairwise(points):
        dx, dy = b.x() - a.x(), b.y() - a.y()
        low, high = 0.0, 1.0
        for p, q in (
            (-dx, a.x() - room.left()),
            (dx, room.right() - a.x()),
            (-dy, a.y() - room.top()),
            (dy, room.bottom() - a.y()),
        ):
            if p == 0:
                if q < 0:
                    high = -1.0
                continue
            share = q / p
            if p < 0:
                low = max(low, share)
            else:
                high = min(high, share)
        if low < high:
            yield (
                QPointF(a.x() + low * dx, a.y() + low * dy),
                QPointF(a.x() + high * dx, a.y() + high * dy),
            )
