"""The map workspace: the page in the middle, layers, days and what was chosen around it."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent

from trafficdesk.domain.records import Bounds, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.overview import Chosen, Overview, read_overview
from trafficdesk.maps.sources import StoreSources
from trafficdesk.maps.time_window import DEFAULT_DAYS, Span
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import Soon, later
from trafficdesk.qt.map.base_maps import BaseMaps
from trafficdesk.qt.map.beginning import Beginning, read_beginning
from trafficdesk.qt.map.drawing import Drawing
from trafficdesk.qt.map.exporting import Exporter, Taken
from trafficdesk.qt.map.finding import Finding, middle_of
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.map.histogram import zone_of
from trafficdesk.qt.map.hotspot_layer import HotspotLayer
from trafficdesk.qt.map.layers_panel import layers_of
from trafficdesk.qt.map.map_commands import map_commands
from trafficdesk.qt.map.map_hints import map_hints
from trafficdesk.qt.map.map_view import MapView, load_channel_script
from trafficdesk.qt.map.memory import read_memory
from trafficdesk.qt.map.page_words import page_words
from trafficdesk.qt.map.patrol_layer import PatrolLayer
from trafficdesk.qt.map.selection import Look, Selection
from trafficdesk.qt.map.things import FILE_HERE, MEASURE_HERE
from trafficdesk.qt.map.time_bar import ALL
from trafficdesk.qt.map.tools import MEASURE
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import is_dark, text_percent
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

_CHANGED_MS: Final = 120
_LIST_MS: Final = 200
_FILTER_MS: Final = 60
_MEMORY: Final = "map"


class MapWorkspace(MapFrame):
    """The map with everything around it; made when it is first looked at.

    ``report_chosen``: a report was picked here. ``report_opened``: it is to be opened in Review.
    ``file_wanted`` carries the ``Place`` at which a report is to be filed.
    """

    report_chosen = Signal(int)
    report_opened = Signal(int)
    file_wanted = Signal(object)

    def __init__(
        self, session: Session, equipment: Equipment, picker: FilePicker | None = None
    ) -> None:
        self.bases = BaseMaps(session.profile, equipment.settings)
        patrols = PatrolLayer(session)
        hotspots = HotspotLayer(session)
        sources = StoreSources(session.store, session.clock, patrols.read, hotspots.read)
        answers = MapAnswers(self.bases.packs, sources, load_channel_script())
        super().__init__(MapView(answers, equipment.lanes))
        self._session = session
        self._equipment = equipment
        self._lanes = equipment.lanes.owned_by(self)
        self.selection = Selection(session, equipment.lanes, self.view, self.side)
        self.drawing = Drawing(session, equipment, self)
        self.finding = Finding(session, equipment.lanes, self)
        self.exporter = Exporter(session, equipment.lanes, self, picker or SystemFilePicker())
        self.exporter.take = self.taken
        self._home: Bounds | None = None
        self._look: tuple[Bounds, int] | None = None
        self._kept_view: tuple[float, float, float] | None = None
        self._has_legend = True
        self._changed = Changed()
        self.seen: Overview | None = None
        self._counted: Overview | None = None  # the same, while no report has changed since
        self._recall()
        self._connect()
        equipment.commands.add(map_commands(self), owner=self)
        KeyHints(equipment.commands, map_hints(self), self)
        self._show_bases()
        self._lanes.run(
            Lane.READER, partial(read_beginning, session.store, self._now_ms()), self._begin
        )

    def _now_ms(self) -> int:
        return to_ms(self._session.clock())

    def restyle(self) -> None:
        """Take the look that holds now; the page follows."""
        self._show_look()
        super().restyle()

    # Beginning.

    def _connect(self) -> None:
        self._list_soon = later(self, _LIST_MS, self.selection.list_view)
        self._filter_soon = later(self, _FILTER_MS, self._apply_filter)
        self._changed_soon = Soon(self, _CHANGED_MS, self._take_changes)
        self._equipment.changes.changed.connect(self._note_change)
        self._equipment.commands.changed.connect(self._show_words)
        self.view.ready.connect(self._show_page)
        self.view.died.connect(self._restart)
        self.view.failed.connect(self._equipment.lanes.failed)
        self.view.channel.view_moved.connect(self._moved)
        self.view.channel.layer_failed.connect(self._layer_failed)
        self.layers.layers_changed.connect(self._show_layers)
        self.layers.choice_changed.connect(self._choose)
        self.layers.base_chosen.connect(self.bases.choose)
        self.layers.reset_wanted.connect(self._reset)
        self.layers.export_wanted.connect(self.exporter.open_menu)
        self.layers.export_button.set_refusal(self.exporter.refusal())
        self.bases.changed.connect(self._show_bases)
        self.time.span_changed.connect(self._choose)
        self.selection.look = self.look
        self.selection.chosen.connect(self.report_chosen)
        self.selection.revealed.connect(self._reveal)
        self.selection.area_picked.connect(self._show_area)
        self.selection.failed.connect(self._equipment.lanes.failed)
        self.side.card.opened.connect(self.report_opened)
        self.side.card.file_wanted.connect(self.file_wanted)
        self.side.thing.offered.connect(self._take_offer)
        self.search.report_chosen.connect(self.selection.choose)
        self.search.left.connect(self.view.setFocus)
        self.finding.arrived.connect(self.selection.show_place)
        self.drawing.told.connect(self.tell)
        self.drawing.closed.connect(self.selection.close)
        self.drawing.placed.connect(self._place_over)
        self.exporter.told.connect(self.tell)

    def _begin(self, told: Beginning) -> None:
        self._home = told.home
        self.time.begin(told.span)
        self.view.run("setHome", *told.home)
        if self._kept_view is not None:
            self.view.run("setView", *self._kept_view)
        else:
            self.fit()
        self._apply_filter()
        self._show_layers()
        self._count()

    def _show_page(self) -> None:
        """Tell a page that has just come up how to look."""
        self._show_look()
        self._show_words()
        self.view.run("setBase", self.bases.name)
        self.view.run("focusMap")

    def _restart(self) -> None:
        self.tell(self.tr("The map stopped and was started again."))
        home = self._home
        self.view.restart()
        if home is not None:
            self._begin(Beginning(home, self.time.span))

    def _show_look(self) -> None:
        self.view.run("setTheme", "dark" if is_dark() else "light")
        self.view.run("setTextScale", text_percent())

    def _show_words(self) -> None:
        self.view.run("setWords", page_words(self._equipment.commands))

    def _show_bases(self) -> None:
        self.selection.set_gazetteer(self.bases.gazetteer)
        self.finding.set_gazetteer(self.bases.gazetteer)
        self.layers.set_bases(self.bases.options(), self.bases.name, self.bases.note())
        self.view.run("setBase", self.bases.name)

    # What is chosen, and what the page is told of it.

    def chosen(self) -> Chosen:
        """Return severities, statuses and days chosen now."""
        return replace(self.layers.chosen(), span=self.time.span)

    def query(self) -> LayerQuery:
        """Return what is chosen as the layers are asked for it; bounds are the city's."""
        chosen = self.chosen()
        span = self._span_ms(chosen.span)
        bounds, zoom = self._look or (self._home or Bounds(-180, -85, 180, 85), 2)
        facets = (chosen.statuses, chosen.severities, chosen.violations)
        return LayerQuery(bounds, zoom, *facets, from_ms=span[0], to_ms=span[1])

    def _span_ms(self, span: Span | None) -> tuple[int | None, int | None]:
        if span is None or self.seen is None:
            return None, None
        calendar = self.seen.calendar
        return calendar.day_start_ms(span.first), calendar.day_start_ms(span.past)

    def look(self) -> Look | None:
        """Return what the page shows now; None before it has said so."""
        if self._look is None:
            return None
        return Look(*self._look, self.query())

    def _choose(self) -> None:
        self._filter_soon.start()

    def _apply_filter(self) -> None:
        query = self.query()
        self.view.run(
            "setFilter",
            {
                "statuses": sorted(query.statuses),
                "severities": sorted(int(severity) for severity in query.severities),
                "violations": sorted(query.violations),
                "from": query.from_ms,
                "to": query.to_ms,
            },
        )
        self._show_layers()
        self._count()

    def _show_layers(self) -> None:
        self.view.run("setLayers", self.layers.layers_shown())
        if self.seen is not None:
            self.layers.show_counts(self.seen, self.chosen())
        self.selection.list_view()

    def _count(self) -> None:
        chosen = self.chosen()
        self._lanes.run(
            Lane.READER,
            partial(read_overview, self._session.store, chosen, self._now_ms(), self._counted),
            partial(self._show_counts, chosen),
            key="counts",
        )

    def _show_counts(self, chosen: Chosen, seen: Overview) -> None:
        is_first = self.seen is None
        self.seen = self._counted = seen
        self.selection.zone = zone_of(seen.calendar.offset_ms)
        self.layers.show_counts(seen, chosen)
        self.time.show_counts(seen, chosen, seen.calendar.day_of(self._now_ms()))
        if is_first and chosen.span is not None:
            self._apply_filter()  # days become instants by the calendar, which came just now

    def _reset(self) -> None:
        self.layers.reset()
        self.time.choose_preset(DEFAULT_DAYS)
        self._choose()

    # What the page says.

    def _moved(self, bounds: Bounds, zoom: float) -> None:
        self._look = (bounds, round(zoom))
        self.finding.near = middle_of(bounds)
        self._list_soon.start()

    def _layer_failed(self, layer: str, _status: int) -> None:
        words = self.layers.layers[layer].text() if layer in self.layers.layers else layer
        self.tell(
            self.tr("{layer} could not be drawn. Move the map to try again.").format(layer=words)
        )

    def _reveal(self, report: Report) -> None:
        """Tick what hides a report that is to be seen."""
        if self.layers.tick_for(report.status, report.severity, report.violations[0]):
            self._choose()
        span = self._span_ms(self.time.span)
        at_ms = to_ms(report.occurred_at)
        if span[0] is not None and span[1] is not None and not span[0] <= at_ms < span[1]:
            self.time.choose_preset(ALL)

    def _note_change(self, changed: Changed) -> None:
        self._changed |= changed
        self._changed_soon.start()

    def _take_changes(self) -> None:
        changed, self._changed = self._changed, Changed()
        stale = layers_of(changed.kinds)
        if changed.reports or Entity.REPORT in changed.kinds:
            stale += ["reports", "heat", "hotspots"]
        if stale:
            self._counted = None
            self.view.run("refresh", stale)
            self._count()
            self.selection.refresh()

    # What the officer asks for.

    def show_report(self, pk: int) -> None:
        """Show a report on the map and beside it; the desk calls this from Review."""
        self.selection.show_report(pk)

    def fit(self) -> None:
        """Show the whole city."""
        if self._home is not None:
            self.view.run("fitBounds", *self._home)

    def focus_find(self) -> None:
        """Give the keyboard to the search field."""
        self.search.field.edit.selectAll()
        self.search.setFocus()

    def toggle_legend(self) -> None:
        """Show or hide the legend."""
        self._has_legend = not self._has_legend
        self.view.run("setLegend", self._has_legend)

    def space(self) -> None:
        """Set a point if a tool is in hand, else play the days."""
        if self.drawing.tool:
            self.drawing.add_point()
        else:
            self.time.toggle_play()

    def finish(self) -> None:
        """Finish what is drawn, or open the report chosen."""
        if self.drawing.tool:
            self.drawing.finish()
        elif self.selection.pk:
            self.open_chosen()

    def can_open(self) -> bool:
        """Tell whether a report is chosen."""
        return bool(self.selection.pk)

    def open_chosen(self) -> None:
        """Open the report chosen in Review."""
        if self.selection.pk:
            self.report_opened.emit(self.selection.pk)

    def close_top(self) -> None:
        """Close the topmost thing: what was found, what is drawn, playing, the card."""
        if self.search.is_open or self.search.field.edit.hasFocus():
            self.search.close_found()
            self.view.setFocus()
        elif self.drawing.cancel():
            return
        elif self.time.is_playing:
            self.time.stop()
        elif not self.selection.is_idle:
            self.selection.close()

    def _show_area(self, area_id: str) -> None:
        self.selection.leave()
        self.drawing.show_area(area_id)

    def _take_offer(self, offer: str) -> None:
        if offer == FILE_HERE:
            self.file_wanted.emit(self.selection.place)
        elif offer == MEASURE_HERE:
            self.drawing.toggle(MEASURE)
        else:
            self.drawing.take_offer(offer)

    def taken(self) -> Taken | None:
        """Return what an export would hold; None before the page has said what it shows."""
        look = self.look()
        if look is None or self.seen is None:
            return None
        officer = self._session.officer
        return Taken(
            look,
            tuple(self.layers.layers_shown()),
            self.bases.shown,
            "dark" if is_dark() else "light",
            self.tr("Map of reports, {days}").format(days=self.time.title.text()),
            (
                self.time.counted.text(),
                self.tr("Exported by {rank} {name}").format(rank=officer.rank, name=officer.name),
            ),
            page_words(self._equipment.commands),
            self.selection.zone,
        )

    # Remembering, and going.

    def _recall(self) -> None:
        kept = self._equipment.settings.recall(_MEMORY, read_memory, None)
        self._kept_view = None
        if kept is not None:
            self._kept_view = kept.view
            self.layers.recall(kept.ticked)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._look is not None:
            middle = middle_of(self._look[0])
            view = [middle.lon, middle.lat, self._look[1]]
            memory = {"ticked": self.layers.memory(), "view": view}
            self._equipment.settings.remember(_MEMORY, memory)

    def tear_down(self) -> None:
        """Take the page down at once; locking the desk calls this."""
        self.view.tear_down()
        self.bases.close_all()
