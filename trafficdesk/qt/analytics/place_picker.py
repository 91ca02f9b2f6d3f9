"""Finding a station, ward or officer by some letters of the name; a city may have 50,000 wards."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission
from trafficdesk.qt.analytics.choosing import Subject, say, subject_words
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.table_cells import MOST_ROWS, Cell, Column, Look, Row
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.choices import Choices
from trafficdesk.services.session import Session


def part_word(part: Part) -> str:
    """Return what kind of thing figures can be about."""
    match part:
        case Part.CITY:
            return say("City")
        case Part.STATION:
            return say("Station")
        case Part.WARD:
            return say("Ward")
        case Part.OFFICER:
            return say("Officer")


def subjects_of(choices: Choices, session: Session) -> tuple[Subject, ...]:
    """Return everything that figures can be about for this officer: of others only who may."""
    own, may_see_all = session.officer.id, session.may(Permission.ANALYTICS_OFFICERS)
    officers = [each for each in choices.officers if may_see_all or each.id == own]
    return (
        Subject(),
        *(Subject(Part.STATION, each.id, each.name) for each in choices.stations),
        *(Subject(Part.OFFICER, each.id, each.name) for each in officers),
        *(Subject(Part.WARD, ward_id, name) for ward_id, name in choices.wards),
    )


class PlacePicker(QWidget):
    """``picked`` carries a ``Subject``."""

    picked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._subjects: tuple[Subject, ...] = (Subject(),)
        self.title = Label("", 15, 600)
        self.field = InputField(say("Name of a station, ward or officer"), shows_name=False)
        self.field.set_placeholder(say("Station, ward or officer"))
        columns = (Column(say("Name"), Look.TEXT), Column(say("Kind"), Look.WORD))
        self.table = FactsTable(say("Stations, wards and officers"), columns, is_dense=True)
        self.close_button = ActionButton(say("Close"), "Esc", Kind.GHOST)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self.title, self.field, self.table):
            column.addWidget(widget)
        column.addLayout(foot)
        self.field.edited.connect(self._filter)
        self.field.submitted.connect(self._take_first)
        self.table.opened.connect(self._take)
        self.close_button.clicked.connect(self.left)

    def begin(self, subjects: tuple[Subject, ...], title: str) -> None:
        """Offer these, all of them first."""
        self._subjects = subjects
        self.title.setText(title)
        self.field.clear()
        self._filter("")
        self.field.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _filter(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        found = [s for s in self._subjects if wanted in subject_words(s).casefold()]
        found.sort(key=lambda s: not subject_words(s).casefold().startswith(wanted))
        self.table.show_rows(tuple(map(_row, found[:MOST_ROWS])))

    def _take_first(self) -> None:
        row = self.table.current_row() or next(iter(self.table.facts.rows), None)
        if row is not None:
            self._take(row)

    def _take(self, row: Row) -> None:
        self.picked.emit(row.subject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.field.edit.hasFocus():
            self.table.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)


def _row(subject: Subject) -> Row:
    cells = (Cell(subject_words(subject), is_strong=True), Cell(part_word(subject.part)))
    return Row((subject.part, subject.id), cells, subject=subject)
