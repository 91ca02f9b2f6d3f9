"""The areas of a patrol plan over the streets of the base map, on screen and as a picture."""

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.packs import Pack
from trafficdesk.qt.dispatch.map_base import MapBase, View, view_of
from trafficdesk.qt.dispatch.map_legend import paint_attribution
from trafficdesk.qt.dispatch_papers.patrol_shades import Look, Shade, look, paint_shades
from trafficdesk.qt.dispatch_papers.patrol_words import say
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.theme.tokens import LIGHT
from trafficdesk.qt.widgets.map_drawing import TOKENS, MapPlan, draw_map
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.qt.widgets.painting import Painted, painter_on

_HEIGHT_PX = 260
PRINTED = QSize(690, 400)
_SHARP = 2.0
_EDGE_PX = 24.0


class PatrolMap(Painted):
    """Shows the areas of one shift; what it shows stands in the table beside it as well."""

    def __init__(self, find_pack: FindPack, lanes: Lanes) -> None:
        super().__init__()
        self._base = MapBase(find_pack, lanes, self)
        self._base.drawn.connect(self.update)
        self._shades: tuple[Shade, ...] = ()
        self._bounds: Bounds | None = None
        self.setAccessibleName(
            say("Map of the areas: the stronger the colour, the more is expected")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    @property
    def shades(self) -> tuple[Shade, ...]:
        """What it shows."""
        return self._shades

    def show_shades(self, shades: Iterable[Shade], bounds: Bounds | None) -> None:
        """Show other areas, or other numbers."""
        self._shades, self._bounds = tuple(shades), bounds
        self._ask()
        self.update()

    def restyle(self) -> None:
        """Take height and colours from the look that holds now."""
        self.setFixedHeight(px(_HEIGHT_PX))
        self._base.drop()
        self._ask()
        self.update()

    def _view(self) -> View | None:
        return None if self._bounds is None else _close_view(self._bounds, self.size())

    def _ask(self) -> None:
        view = self._view()
        if view is not None and self.width() > px(_EDGE_PX):
            self._base.ask(view, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        view = self._view()
        if view is None:
            painter.fillRect(self.rect(), colour("map_land"))
            return
        self._base.paint(painter, view)
        paint_shades(painter, self._shades, view, look())
        paint_attribution(self, painter, self._base.attribution)


def _close_view(bounds: Bounds, size: QSize) -> View:
    """Return the view that is filled by the bounds, but for a narrow edge."""
    room = size + QSize(120 - round(_EDGE_PX), 120 - round(_EDGE_PX))  # what view_of leaves free
    view = view_of(bounds, room)
    return View(view.centre, view.zoom, size)


def paper_look() -> Look:
    """Return the look of paper: the light one, whatever the screen's is."""
    steps = tuple(QColor(LIGHT[f"cluster_{n}"]) for n in range(1, 6))
    made = QFont()
    made.clearFeatures()
    made.setFamilies(list(font(11).families()))
    made.setPixelSize(11)
    return Look(steps, QColor(LIGHT["cluster_5"]), QColor("white"), QColor("black"), made)


def pictures(
    pack: Pack | None, shifts: Iterable[tuple[Shade, ...]], bounds: Bounds
) -> list[QImage]:
    """Return the areas of each shift over the streets, for paper. Runs on any thread."""
    view = _close_view(bounds, PRINTED)
    shown = paper_look()
    plan = MapPlan(
        view.centre,
        view.zoom,
        PRINTED,
        _SHARP,
        {token: QColor(LIGHT[token]) for token in TOKENS},
        shown.font,
    )
    streets = draw_map(pack, plan).image
    made = []
    for shades in shifts:
        image = streets.copy()
        painter = QPainter(image)
        paint_shades(painter, shades, view, shown)
        painter.end()
        made.append(image)
    return made
