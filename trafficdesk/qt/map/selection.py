"""What is chosen on the map and shown in the column beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.geometry import contains
from trafficdesk.domain.records import Bounds, Place, QueueRow, Report
from trafficdesk.maps.gazetteer import Gazetteer
from trafficdesk.maps.layers import LayerQuery
from trafficdesk.maps.surroundings import Listed, NearReport, describe, find_listed, find_near
from trafficdesk.qt.map.map_view import MapView
from trafficdesk.qt.map.report_card import CardFacts
from trafficdesk.qt.map.side_column import SideColumn
from trafficdesk.qt.map.things import (
    COMPARE,
    conflict_thing,
    incident_thing,
    place_thing,
    station_thing,
    unit_thing,
)
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.services import board, media
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts, incidents, places, units
from trafficdesk.store.conflicts import ConflictSpot

CLUSTER_LISTED = 50
_CLOSE_ZOOM = 16


@dataclass(frozen=True, slots=True)
class _Read:
    """One report as read for the card."""

    detail: ReportDetail
    near: tuple[NearReport, ...]
    photo: bytes | None


def read_card(session: Session, pk: int) -> _Read:
    """Return what the card shows; ``photo`` is None if it is not on this desk."""
    detail = board.get_detail(session, pk)
    near = find_near(session.store, detail.report.place, pk)
    photo = media.load(session, detail.media[0], thumbnail=True) if detail.media else None
    return _Read(detail, near, photo if isinstance(photo, bytes) else None)


@dataclass(frozen=True, slots=True)
class Look:
    """What the map shows now."""

    bounds: Bounds
    zoom: int
    query: LayerQuery

    def in_view(self) -> LayerQuery:
        """Return what is asked, of what is in sight."""
        return replace(self.query, bounds=self.bounds, zoom=self.zoom)


class Selection(QObject):
    """Follows clicks on symbols, clusters and ground, and steps through lists.

    ``chosen`` carries the number of a report picked here, ``revealed`` a report that must be on
    the map, ``area_picked`` a drawn area's id, ``conflict_opened`` the id of a conflict to settle.
    """

    chosen = Signal(int)
    revealed = Signal(object)
    area_picked = Signal(str)
    conflict_opened = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, lanes: Lanes, view: MapView, side: SideColumn) -> None:
        super().__init__(view)
        self._session = session
        self._lanes = lanes.owned_by(self)
        self._view = view
        self._side = side
        self.zone: tzinfo = UTC
        self._gazetteer: Gazetteer | None = None
        self.look: Callable[[], Look | None] = lambda: None
        self._listed: tuple[QueueRow, ...] = ()
        self._is_taken = False  # by a cluster's list, or by anything but a report
        self._pk = 0
        self._conflict: ConflictSpot | None = None
        self.place: Place | None = None
        view.channel.thing_picked.connect(self._picked)
        view.channel.cluster_picked.connect(self._cluster_picked)
        view.channel.place_asked.connect(self.show_place)
        side.list.chosen.connect(self.choose)
        side.card.chosen.connect(self.choose)
        side.thing.offered.connect(self._take_offer)
        side.stepped.connect(self.step)
        side.closed.connect(self.close)

    def set_gazetteer(self, gazetteer: Gazetteer | None) -> None:
        """Name streets from this gazetteer from now on; None names none."""
        self._gazetteer = gazetteer

    @property
    def pk(self) -> int:
        """The report chosen, 0 for none."""
        return self._pk

    @property
    def is_idle(self) -> bool:
        """Tell whether the column shows what is in view."""
        return not self._pk and not self._is_taken and self.place is None

    def choose(self, pk: int) -> None:
        """Choose a report and tell."""
        self.show_report(pk)
        self.chosen.emit(pk)

    def show_report(self, pk: int) -> None:
        """Show a report's card and mark its place, wherever the map looks now."""
        self._pk = pk
        self.place = None
        self._read(partial(read_card, self._session, pk), self._show_card)

    def refresh(self) -> None:
        """Read again what is shown."""
        if self._pk:
            task = partial(read_card, self._session, self._pk)
            self._read(task, partial(self._fill_card, moves=False))
        elif self.is_idle:
            self.list_view()

    def _read(self, function: Callable[[], object], then: Callable[..., None]) -> None:
        self._lanes.run(Lane.READER, function, then, self.failed.emit, key="side")

    def _show_card(self, read: _Read) -> None:
        self._fill_card(read, moves=True)

    def _fill_card(self, read: _Read, *, moves: bool) -> None:
        report = read.detail.report
        if report.pk != self._pk:
            return
        if moves:
            self.revealed.emit(report)
            self._mark(report)
        self._side.show_card(
            CardFacts(read.detail, read.near, read.photo, self.zone, self._session.clock()),
            self._position(),
            can_step=len(self._listed) > 1,
        )

    def _mark(self, report: Report) -> None:
        look = self.look()
        if look is None or not contains(look.bounds, report.place):
            zoom = _CLOSE_ZOOM if look is None else max(look.zoom, _CLOSE_ZOOM)
            self._view.run("setView", report.place.lon, report.place.lat, zoom)
        self._view.run("select", report.place.lon, report.place.lat)

    def _position(self) -> str:
        pks = [row.pk for row in self._listed]
        if self._pk not in pks:
            return ""
        told = self.tr("{place} of {all}")
        return told.format(place=pks.index(self._pk) + 1, all=len(pks))

    def step(self, by: int) -> None:
        """Choose the next or previous report of the list."""
        if not self._listed:
            return
        pks = [row.pk for row in self._listed]
        at = pks.index(self._pk) + by if self._pk in pks else 0 if by > 0 else -1
        self.choose(pks[at % len(pks)])

    def close(self) -> None:
        """Go back to what is in view."""
        self._pk, self._is_taken, self.place = 0, False, None
        self._view.run("select", None, None)
        self.list_view()

    def list_view(self) -> None:
        """List what the map shows, unless something is chosen."""
        look = self.look()
        if look is None or not self.is_idle:
            return
        self._read(partial(find_listed, self._session.store, look.in_view()), self._show_listed)

    def _show_listed(self, listed: Listed) -> None:
        if self.is_idle:
            self._listed = listed.rows
            self._side.show_list(listed, self.zone)

    def _cluster_picked(self, bounds: Bounds, n: int) -> None:
        look = self.look()
        if look is None or n > CLUSTER_LISTED:
            return
        self._pk, self.place = 0, None
        self._is_taken = True
        query = replace(look.query, bounds=bounds, zoom=look.zoom)
        self._read(
            partial(find_listed, self._session.store, query), partial(self._show_cluster, n=n)
        )

    def _show_cluster(self, listed: Listed, n: int) -> None:
        self._listed = listed.rows
        self._side.show_list(listed, self.zone, of_cluster=n)

    def _picked(self, layer: str, thing_id: str) -> None:
        if layer == "reports" and thing_id.isdecimal():
            self.choose(int(thing_id))
        elif layer == "geofences":
            self.area_picked.emit(thing_id)
        else:
            self._show_thing(layer, thing_id)

    def _show_thing(self, layer: str, thing_id: str) -> None:
        self._pk = 0
        self._is_taken = True
        readers: dict[str, Callable[[], object]] = {
            "incidents": partial(_find_incident, self._session, thing_id),
            "conflicts": partial(_find_conflict, self._session, thing_id),
            "units": partial(_find_unit, self._session, thing_id),
            "stations": partial(_find_station, self._session, thing_id),
        }
        if layer in readers:
            self._read(readers[layer], self._show_found)

    def _show_found(self, found: object) -> None:
        self._conflict = found if isinstance(found, ConflictSpot) else None
        thing = (
            incident_thing(found, self._session.clock())
            or conflict_thing(found, self._session.clock())
            or unit_thing(found, self._session.clock())
            or station_thing(found)
        )
        if thing is not None:
            self._side.show_thing(*thing)

    def _take_offer(self, offer: str) -> None:
        if offer == COMPARE and self._conflict is not None:
            self.conflict_opened.emit(self._conflict.id)

    def leave(self) -> None:
        """Let go of the report chosen; the column is about to show something else."""
        self._pk, self._is_taken, self.place = 0, True, None
        self._view.run("select", None, None)

    def show_place(self, place: Place) -> None:
        """Tell street and ward of a point, and what can be done there."""
        self._pk, self._is_taken = 0, True
        self.place = place
        self._view.run("select", place.lon, place.lat)
        self._read(
            partial(describe, self._session.store, self._gazetteer, place),
            lambda told: self._side.show_thing(*place_thing(told, self._session)),
        )


def _find_incident(session: Session, thing_id: str) -> object:
    with session.store.reading() as connection:
        found = incidents.find_standing(connection)
    return next((one for one in found if str(one.pk) == thing_id), None)


def _find_conflict(session: Session, thing_id: str) -> object:
    with session.store.reading() as connection:
        found = conflicts.find_spots(connection)
    return next((one for one in found if str(one.id) == thing_id), None)


def _find_unit(session: Session, thing_id: str) -> object:
    with session.store.reading() as connection:
        found = units.find_now(connection)
    return next((one for one in found if str(one.unit.id) == thing_id), None)


def _find_station(session: Session, thing_id: str) -> object:
    with session.store.reading() as connection:
        found = places.find_stations(connection)
    return next((one for one in found if str(one.id) == thing_id), None)
