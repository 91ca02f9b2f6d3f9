"""Taking the map out of the desk: a page that opens anywhere, or a picture; both are audited."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, Signal
from PySide6.QtGui import QPixmap
from sqlalchemy import Connection

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.maps.answers import BaseMap
from trafficdesk.maps.clusters import find_inside
from trafficdesk.maps.export import ExportView, Inside, cluster_key, export_map
from trafficdesk.maps.layers import LayerQuery, answer_layer
from trafficdesk.maps.sources import GATHERED_AT_MOST, StoreSources, find_points
from trafficdesk.qt.ages import day_of_ms, number
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.map.hotspot_layer import HotspotLayer
from trafficdesk.qt.map.patrol_layer import PatrolLayer
from trafficdesk.qt.map.selection import Look
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.words import severity_word, status_word, violation_word
from trafficdesk.security.durable_file import write_durably
from trafficdesk.services import auditing
from trafficdesk.services.session import Session
from trafficdesk.store import queues
from trafficdesk.store.map_view import Point

_FORMATS: Final = frozenset({"html", "png"})


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
        self._lanes = lanes.owned_by(self)
        self._frame = parent
        self._picker = picker

    def refusal(self, ending: str = "") -> str:
        """Return why nothing, or no file with this ending, can be taken out; "" if it can."""
        if not self._session.may(Permission.MAP_EXPORT):
            return self.tr("Your role may not export the map")
        rules = self._session.profile.policy.exports
        allowed = _FORMATS if rules is None else _FORMATS & set(rules.formats)
        if allowed and (not ending or ending in allowed):
            return ""
        return self.tr("Your agency's policy does not allow this export")

    def open_menu(self) -> None:
        """Ask in which form the map is to be exported."""
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        page = self.tr("Page that opens anywhere (HTML)")
        items = {
            "html": MenuItem(page, self.export_page, icon="file-text"),
            "png": MenuItem(self.tr("Picture (PNG)"), self.export_picture, icon="image"),
        }
        offered = tuple(item for ending, item in items.items() if not self.refusal(ending))
        Menu(offered, self._frame).open_below(self._frame.layers.export_button)

    def export_page(self) -> None:
        """Write what is seen as one HTML file."""
        taken = self.take()
        if taken is None:
            return
        path = self._path(self.tr("Export the map as a page"), "html", self.tr("Web page (*.html)"))
        if path is not None:
            self._write(path, partial(make_page, self._session, taken), taken.layers)

    def export_picture(self) -> None:
        """Write what is seen as PNG."""
        picture = self._frame.view.grab()
        path = self._path(self.tr("Export the map as a picture"), "png", self.tr("PNG (*.png)"))
        if path is not None:
            content = _png(picture)
            self._write(path, lambda: content, tuple(self._frame.layers.layers_shown()))

    def _path(self, title: str, ending: str, kinds: str) -> Path | None:
        if refusal := self.refusal(ending):
            self.told.emit(refusal)
            return None
        day = self._session.clock().date().isoformat()
        path = self._picker.to_save(self._frame, title, f"map-{day}.{ending}", kinds)
        return path if path is None or path.suffix else path.with_suffix(f".{ending}")

    def _write(self, path: Path, make: Callable[[], bytes], layers: tuple[str, ...]) -> None:
        detail = json.dumps({"file": path.name, "layers": layers}, ensure_ascii=False)
        noted = auditing.Audited("map.export", "desk", str(self._session.device_id), detail)
        # Audited first: a file that left the desk unnoticed would be worse than a note too many.
        self._lanes.run(
            Lane.WRITER,
            partial(auditing.note, self._session, noted),
            lambda _none: self._make(path, make),
        )

    def _make(self, path: Path, make: Callable[[], bytes]) -> None:
        self._lanes.run(
            Lane.IO,
            lambda: write_durably(path, make()),
            lambda _none: self.told.emit(self.tr("Exported to {file}").format(file=path.name)),
            self._tell_failure,
        )

    def _tell_failure(self, fault: Exception) -> None:
        if not isinstance(fault, OSError):
            raise fault
        self.told.emit(
            self.tr("The file could not be written: {reason}. Choose another folder.").format(
                reason=fault.strerror or str(fault)
            )
        )


def _png(picture: QPixmap) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    buffer.close()
    return bytes(content.data())


def make_page(session: Session, taken: Taken) -> bytes:
    """Return the HTML file. It holds no plate, no text of a citizen and nobody's name but yours."""
    patrols = PatrolLayer(session)
    hotspots = HotspotLayer(session)
    sources = StoreSources(session.store, session.clock, patrols.read, hotspots.read)
    query = replace(taken.look.query, bounds=taken.look.bounds, zoom=taken.look.zoom)
    layers = {name: answer_layer(sources, name, query) for name in taken.layers}
    details: dict[str, dict[str, tuple[str, ...]]] = {}
    clusters: dict[str, Inside] = {}
    if "reports" in layers:
        with session.store.reading() as connection:
            told = json.loads(layers["reports"])
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
    return export_map(view, taken.base)


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
