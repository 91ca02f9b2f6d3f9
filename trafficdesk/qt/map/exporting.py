"""Taking the map out of the desk: a page that opens anywhere, a picture, or its reports as data."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal
from sqlalchemy import Connection

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.exports.table import Tick
from trafficdesk.exports.writing import Format
from trafficdesk.maps.answers import BaseMap
from trafficdesk.maps.clusters import find_inside
from trafficdesk.maps.export import ExportView, Inside, cluster_key, export_map
from trafficdesk.maps.layers import LayerQuery, answer_layer
from trafficdesk.maps.sources import GATHERED_AT_MOST, StoreSources, find_points
from trafficdesk.qt.ages import day_of_ms, number
from trafficdesk.qt.exporting.export_words import kind_word, refusal_words
from trafficdesk.qt.exporting.file_choice import FileChoice
from trafficdesk.qt.exporting.file_writing import FileWriting, put_made
from trafficdesk.qt.exporting.pictures import Picture, picture_maker, png_of
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.map.hotspot_layer import HotspotLayer
from trafficdesk.qt.map.patrol_layer import PatrolLayer
from trafficdesk.qt.map.selection import Look
from trafficdesk.qt.map.view_reports import DATA, ViewReports
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.menus import Menu, MenuHeading, MenuItem
from trafficdesk.qt.words import severity_word, status_word, violation_word
from trafficdesk.services.exporting import (
    Exported,
    ExportFault,
    Making,
    export_made,
    find_fault,
)
from trafficdesk.services.session import Session
from trafficdesk.store import queues
from trafficdesk.store.map_view import Point

_PICTURES: Final = (Format.PNG, Format.PDF, Format.SVG)
_FORMATS: Final = (Format.HTML, *_PICTURES)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be taken out: the look, the layers by name, the base map and what to call it."""

    look: Look
    layers: tuple[str, ...]
    base: BaseMap
    theme: str
    title: str
    subtitle: tuple[str, ...]
    words: dict[str, str]
    zone: tzinfo


def form_words(form: Format) -> str:
    """Return a format by its word and, where that does not say it, by the ending of its files."""
    word = kind_word(form)
    return word if word.casefold() == form else f"{word} ({form.upper()})"


class Exporter(QObject):
    """Writes files where the officer says; ``told`` carries what came of it, in words.

    ``take`` returns what an export would hold now, None while there is nothing to see.
    """

    told = Signal(str)

    def __init__(
        self, session: Session, lanes: Lanes, parent: MapFrame, picker: FilePicker
    ) -> None:
        super().__init__(parent)
        self.take: Callable[[], Taken | None] = lambda: None
        self._session = session
        self._frame = parent
        self._picker = picker
        self.writing = FileWriting(lanes, self)
        self.writing.told.connect(self.told)
        self.reports = ViewReports(session, lanes, self.writing, parent, picker)
        self.reports.told.connect(self.told)
        parent.put_over(self.writing.strip)

    def refusal(self, form: Format | None = None) -> str:
        """Return why the map cannot be taken out in this format; "" if it can.

        Without a format: why neither the map nor its reports can be, in any.
        """
        asked = _FORMATS if form is None else (form,)
        faults = [find_fault(self._session, each, Permission.MAP_EXPORT) for each in asked]
        if None in faults or (form is None and not all(map(self.reports.refusal, DATA))):
            return ""
        if faults[0] is ExportFault.NOT_PERMITTED:
            return self.tr("Your role may not export the map")
        return refusal_words(ExportFault.BY_POLICY)

    def open_menu(self) -> None:
        """Ask in which form the map, or what it shows, is to be exported."""
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        seen = [item for form, item in self._looks().items() if not self.refusal(form)]
        data = [
            MenuItem(form_words(form), partial(self.export_reports, form), icon="list")
            for form in DATA
            if not self.reports.refusal(form)
        ]
        offered: list[MenuItem | MenuHeading | None] = []
        if seen:
            offered += [MenuHeading(self.tr("The map as it looks now")), *seen]
        if data:
            offered += [MenuHeading(self.tr("Reports in view, as data")), *data]
        Menu(tuple(offered), self._frame).open_below(self._frame.layers.export_button)

    def _looks(self) -> dict[Format, MenuItem]:
        page = self.tr("Page that opens anywhere (HTML)")
        items = {Format.HTML: MenuItem(page, self.export_page, icon="file-text")}
        for form in _PICTURES:
            items[form] = MenuItem(
                form_words(form), partial(self.export_picture, form), icon="image"
            )
        return items

    def export_reports(self, form: Format) -> None:
        """Write the reports that are in view as data."""
        taken = self.take()
        if taken is not None:
            self.reports.start(form, taken.look, taken.zone)

    def export_page(self) -> None:
        """Write what is seen as one HTML file."""
        taken = self.take()
        if taken is None:
            return
        path = self._path(self.tr("Export the map as a page"), Format.HTML)
        if path is not None:
            make = partial(make_page, self._session, taken)
            self._write(path, Format.HTML, make, taken.layers)

    def export_picture(self, form: Format = Format.PNG) -> None:
        """Write what is seen as a picture; in drawings and on paper below what it shows."""
        taken, seen = self.take(), self._frame.view.grab()
        path = self._path(self.tr("Export the map as a picture"), form)
        if path is None:
            return
        if form is Format.PNG:
            made: Callable[[], bytes] = partial(png_of, seen.toImage())
        else:
            title, notes = ("", ()) if taken is None else (taken.title, taken.subtitle)
            made = picture_maker(Picture(title, notes, (seen,)), form)
        layers = tuple(self._frame.layers.layers_shown())
        self._write(path, form, lambda _tick: made(), layers)

    def _path(self, title: str, form: Format) -> Path | None:
        if refusal := self.refusal(form):
            self.told.emit(refusal)
            return None
        day = self._session.clock().date().isoformat()
        choice = FileChoice(self._picker, self._frame, self.told.emit)
        chosen = choice.ask(title, f"map-{day}", (form,))
        return None if chosen is None else chosen[0]

    def _write(
        self, path: Path, form: Format, make: Callable[[Tick], bytes], layers: tuple[str, ...]
    ) -> None:
        making = Making("map.export", Permission.MAP_EXPORT, path, form, {"layers": layers})

        def work(tick: Tick) -> Exported | ExportFault:
            return export_made(self._session, making, partial(put_made, make, tick))

        self.writing.start(path, work)


def make_page(session: Session, taken: Taken, tick: Tick) -> bytes:
    """Return the HTML file. It holds no plate, no text of a citizen and nobody's name but yours.

    Raises:
        ExportCancelledError: from ``tick``, which is asked before whatever may take long.
    """
    query = taken.look.in_view()
    layers = _layers(session, taken, query, tick)
    details: dict[str, dict[str, tuple[str, ...]]] = {}
    clusters: dict[str, Inside] = {}
    if "reports" in layers:
        with session.store.reading() as connection:
            told = json.loads(layers["reports"])
            tick(len(layers))
            inside = _inside(connection, query, told)
            pks = {int(point[0]) for point in told["points"]}
            pks |= {point.pk for points in inside.values() for point in points}
            rows = queues.find_rows(connection, frozenset(pks)) if pks else {}
        details["reports"] = {str(pk): report_lines(row, taken.zone) for pk, row in rows.items()}
        for lon, lat, n, critical, *_ in told["cells"]:
            key = cluster_key(lon, lat)
            clusters[key] = _opened(n, critical, inside.get(key, ()))
    view = ExportView(
        bounds=taken.look.bounds,
        zoom=taken.look.zoom,
        theme=taken.theme,
        title=taken.title,
        layers=layers,
        words=taken.words,
        subtitle=taken.subtitle,
        details=details,
        clusters=clusters,
    )
    tick(len(layers))
    return export_map(view, taken.base)


def _layers(session: Session, taken: Taken, query: LayerQuery, tick: Tick) -> dict[str, bytes]:
    """Return each layer's answer."""
    patrols, hotspots = PatrolLayer(session), HotspotLayer(session)
    sources = StoreSources(session.store, session.clock, patrols.read, hotspots.read)
    layers: dict[str, bytes] = {}
    for done, name in enumerate(taken.layers):
        tick(done)
        layers[name] = answer_layer(sources, name, query)
    return layers


def _inside(
    connection: Connection, query: LayerQuery, told: dict[str, Any]
) -> dict[str, tuple[Point, ...]]:
    """Return the reports of each cluster by its key; none where they were not gathered singly."""
    if told["total"] > GATHERED_AT_MOST or told["oneIn"] > 1:
        return {}
    found = find_inside(find_points(connection, query, GATHERED_AT_MOST), query.zoom)
    return {cluster_key(cluster.lon, cluster.lat): points for cluster, points in found.items()}


def _opened(n: int, critical: int, points: tuple[Point, ...]) -> Inside:
    say = QCoreApplication.translate
    lines = [say("MapExport", "Reports: {n}").format(n=number(n))]
    severities = Counter(Severity(point.severity) for point in points)
    severities = severities or Counter({Severity.CRITICAL: critical})
    lines += [
        f"{severity_word(severity)}: {number(n)}"
        for severity, n in sorted(severities.items(), reverse=True)
        if n
    ]
    return Inside(tuple(lines), tuple((str(p.pk), p.lon, p.lat, p.severity) for p in points))


def report_lines(row: QueueRow, zone: tzinfo) -> tuple[str, ...]:
    """Return what an exported map tells of a report: no plate, nothing of the citizen."""
    say = QCoreApplication.translate
    return (
        violation_word(row.violation),
        severity_word(Severity(row.severity)),
        row.place,
        say("MapExport", "Seen on {day}").format(day=day_of_ms(row.occurred_ms, zone)),
        status_word(ReportStatus(row.status)),
        row.reference,
    )
