"""Units dragged onto incidents, on the boards and on the map."""

from uuid import UUID

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.qt.dispatch.conftest import (
    HERE,
    Desk,
    EnlistUnit,
    FileIncident,
    OpenDesk,
)
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    UnitStatus,
)
from trafficdesk.qt.dispatch.board_list import UNIT_MIME
from trafficdesk.qt.dispatch.board_rows import Heading
from trafficdesk.qt.dispatch.lines import UnitGroup
from trafficdesk.qt.dispatch.map_symbols import INCIDENT, UNIT

_HELD = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
_COPY = Qt.DropAction.CopyAction


def drag_over(target: QWidget, spot: QPoint, carried: QMimeData) -> None:
    """Hold something over a widget without dropping it."""
    QApplication.sendEvent(target, QDragEnterEvent(spot, _COPY, carried, *_HELD))
    QApplication.sendEvent(target, QDragMoveEvent(spot, _COPY, carried, *_HELD))


def drop(target: QWidget, spot: QPoint, carried: QMimeData) -> bool:
    """Drop something on a widget; tells whether it was taken."""
    drag_over(target, spot, carried)
    event = QDropEvent(QPointF(spot), _COPY, carried, *_HELD)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def carry(unit_id: UUID) -> QMimeData:
    """Return a drag that carries a unit."""
    data = QMimeData()
    data.setData(UNIT_MIME, unit_id.bytes)
    return data


def _row(desk: Desk, row_id: UUID) -> QPoint:
    board = desk.work.incidents.list
    place = board.board.place_of(row_id)
    return board.visualRect(board.board.index(place, 0)).center()


def test_a_unit_dragged_onto_an_incident_is_sent_and_back_is_withdrawn(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Onto a row it goes; onto the heading of those available it comes back."""
    incident, unit = file_incident(), enlist("P12")
    desk = open_desk()
    board = desk.work.incidents.list
    assert drop(board.viewport(), _row(desk, incident), carry(unit))
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))
    enlist("P07")  # somebody is available, so that heading is there
    desk.work.load()
    desk.wait(lambda: len(desk.work.lines.units) == 2)
    units = desk.work.units.list
    items = units.board.items
    place = next(
        n for n, each in enumerate(items) if isinstance(each, Heading) and each.key == UnitGroup(0)
    )
    spot = units.visualRect(units.board.index(place, 0)).center()
    assert drop(units.viewport(), spot, carry(unit))
    desk.wait(lambda: desk.unit(unit).status is UnitStatus.AVAILABLE)


def test_a_unit_dragged_onto_the_map_s_symbol_is_sent(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The map takes it on an incident, and nowhere else."""
    incident, unit = file_incident(), enlist("P12")
    desk = open_desk()
    map_ = desk.work.map
    map_.repaint()
    kinds = {each.kind for each in map_.symbols}
    assert kinds == {INCIDENT, UNIT}
    assert not drop(map_, QPoint(5, 5), carry(unit))
    box = next(each.box for each in map_.symbols if each.kind == INCIDENT)
    assert drop(map_, box.center().toPoint(), carry(unit))
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))


def test_a_drag_that_leaves_the_map_leaves_no_ring_behind(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The incident under the drag is ringed only as long as it is under it."""
    for place in (HERE, Place(HERE.lon + 0.01, HERE.lat)):
        file_incident(place)
    unit = enlist("P12")
    desk = open_desk()
    map_ = desk.work.map
    desk.wait(lambda: map_.is_drawn)
    before = map_.grab().toImage()
    incidents = [each for each in map_.symbols if each.kind == INCIDENT]
    other = next(each for each in incidents if each.id != desk.work.incidents.list.board.current)
    drag_over(map_, other.box.center().toPoint(), carry(unit))
    assert map_.grab().toImage() != before
    QApplication.sendEvent(map_, QDragLeaveEvent())
    assert map_.grab().toImage() == before


def test_a_unit_that_is_out_is_not_sent_twice_by_drag(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The drag says why it does nothing."""
    one, unit = file_incident(), enlist("P12")
    other = file_incident(Place(HERE.lon + 0.01, HERE.lat))
    desk = open_desk()
    told: list[str] = []
    desk.work.writing.refused.connect(told.append)
    desk.work.dropping.send(unit, one)
    desk.wait(lambda: desk.line(one).call_signs == ("P12",))
    desk.work.dropping.send(unit, other)
    assert told == ["P12 is out already. Withdraw it first"]
    assert desk.incident(other).status is IncidentStatus.ACTIVE
