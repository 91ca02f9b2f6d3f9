"""What the measured desk does at dispatch: the map is dragged while a thousand units move on it."""

import math
from datetime import datetime, timedelta
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from tests.bench.desk_child import pump, tell
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, Place, Position
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.application import DeskApplication
from trafficdesk.qt.dispatch.lines import Lines
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.tour.walk import Walk
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.store import arriving, facts, unit_positions
from trafficdesk.store.arriving import Arrival

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

_FRAMES_A_SECOND: Final = 30
_SECONDS: Final = 3
_TURNS: Final = 4
_FEW: Final = 100
_STEP: Final = QPointF(8, 3)  # the streets that are drawn already reach so far
_SPREAD: Final = 0.03  # degrees around the middle
_MIDDLE: Final = Place(76.9674, 11.0183)  # of the demo's city
_KINDS: Final = ("patrol_car", "ambulance", "fire", "tow")


class Crowd:
    """Units of the bench's own, all on duty, each of which goes round in a small circle."""

    def __init__(self, sitting: Sitting, count: int) -> None:
        self._sitting = sitting
        self._ids = [new_id() for _ in range(count)]
        self._middle = _MIDDLE
        self._second = 0
        _enlist(sitting.session, self._ids)
        self._next = self._positions()
        with sitting.session.store.writing() as connection:
            unit_positions.put(connection, self._next)

    def _positions(self) -> list[Position]:
        at = self._sitting.session.lease_clock() + timedelta(seconds=self._second)
        found = []
        for number, unit_id in enumerate(self._ids):
            angle = number * 2.399963 + self._second * 0.05
            far = _SPREAD * math.sqrt((number + 1) / len(self._ids))
            place = Place(
                self._middle.lon + far * math.cos(angle), self._middle.lat + far * math.sin(angle)
            )
            found.append(Position(unit_id, place, at, speed_mps=11.0, heading=90.0))
        return found

    def move(self) -> float:
        """Let all of them be heard of, as in the server's message of a second; how long (ms)."""
        began = perf_counter_ns()
        self._sitting.moved.emit(self._next)
        QApplication.processEvents()
        took_ms = (perf_counter_ns() - began) / 1e6
        self._second += 1
        self._next = self._positions()
        return took_ms

    def bounds(self) -> Bounds:
        """Return the rectangle that holds them."""
        lon, lat = self._middle
        return Bounds(lon - _SPREAD, lat - _SPREAD, lon + _SPREAD, lat + _SPREAD)


def _enlist(session: Session, ids: list[UUID]) -> None:
    with session.store.writing() as connection:
        city, station = facts.home_city_id(connection), facts.home_station_id(connection)
        for number, unit_id in enumerate(ids):
            row: dict[str, object] = {
                "city_id": str(city),
                "station_id": str(station),
                "call_sign": f"B{number}",
                "kind": _KINDS[number % len(_KINDS)],
                "crew": "",
                "skills": [],
                "duty": "on",
                "created_ms": to_ms(session.clock()),
            }
            arriving.put(connection, Arrival(Entity.UNIT, unit_id, 1, row))


def show_dispatch(desk: DeskApplication, count: int) -> None:
    """Drag the map of dispatch, empty and with so many units on it, and tell the frames' times."""
    sitting = desk.sitting
    if sitting is None:
        raise TypeError("nobody is signed in")
    crowd = Crowd(sitting, count)
    desk.equipment.changes.tell(Changed(kinds=frozenset({Entity.UNIT})))
    desk.window.resize(1920, 1080)
    work = _dispatch_of(desk, sitting)
    pump(lambda: len(work.lines.units) >= count, "the units on the board")
    work.map.show_bounds(crowd.bounds())
    pump(lambda: work.map.is_drawn, "the streets")
    found: dict[str, list[float]] = {"bare": [], "desk": [], "moves": []}
    turns, seconds = (_TURNS, _SECONDS) if count > _FEW else (2, 1)
    for turn in range(turns):
        lines = work.lines
        work.map.tell(Lines(incidents=lines.incidents, by_incident=lines.by_incident), _now(work))
        _settle(work)
        frames = [ms for _ in range(seconds) for ms in _drag(work)]
        work.map.tell(lines, _now(work))
        _settle(work)
        moving, moves = _drag_moving(work, crowd, seconds)
        if turn:  # the first warms
            found["bare"] += frames
            found["desk"] += moving
            found["moves"] += moves
    tell(stage="frames", units=len(work.lines.units), zoom=round(work.map.view.zoom, 1), **found)


def _now(work: "DispatchWorkspace") -> datetime:
    return work.gear.session.lease_clock()


def _dispatch_of(desk: DeskApplication, sitting: Sitting) -> "DispatchWorkspace":
    from pathlib import Path

    Walk(desk.window, Path()).press("Ctrl+2")
    pump(lambda: sitting.view.find_made("dispatch"), "dispatch")
    found: DispatchWorkspace = sitting.view.find_made("dispatch")  # type: ignore[assignment]  # just opened
    pump(lambda: found.is_loaded, "the boards")
    return found


def _settle(work: "DispatchWorkspace") -> None:
    began = perf_counter_ns()
    pump(lambda: perf_counter_ns() - began > 5e8, "a rest")
    work.repaint()


def _drag(work: "DispatchWorkspace") -> list[float]:
    """Drag the map there and back in a second's frames; what each takes the GUI thread."""
    times = []
    for number in range(_FRAMES_A_SECOND):
        way = 1 if number < _FRAMES_A_SECOND / 2 else -1
        began = perf_counter_ns()
        work.map.pan(_STEP * way)
        work.map.repaint()
        times.append((perf_counter_ns() - began) / 1e6)
        due = began + 1e9 / _FRAMES_A_SECOND
        pump(lambda due=due: perf_counter_ns() >= due, "the next frame")  # type: ignore[misc]
    return times


def _drag_moving(
    work: "DispatchWorkspace", crowd: Crowd, seconds: int
) -> tuple[list[float], list[float]]:
    """Drag while all units move once a second; a second's first frame bears what that takes."""
    frames, moves = list[float](), list[float]()
    for _ in range(seconds):
        moved_ms = crowd.move()
        second = _drag(work)
        moves.append(moved_ms)
        frames += [second[0] + moved_ms, *second[1:]]
    return frames, moves
