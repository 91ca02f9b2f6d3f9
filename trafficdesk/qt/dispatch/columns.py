"""The boards in their columns: a heading with a sum, the list, and what an empty one says."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.domain.vocabulary import UnitStatus
from trafficdesk.qt.dispatch.board_list import (
    INCIDENT_MIME,
    UNIT_MIME,
    BoardList,
)
from trafficdesk.qt.dispatch.board_rows import BoardModel
from trafficdesk.qt.dispatch.incident_rows import IncidentDelegate, headings
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitGroup, UnitLine
from trafficdesk.qt.dispatch.row_sheet import Sight
from trafficdesk.qt.dispatch.unit_rows import UnitDelegate, unit_headings
from trafficdesk.qt.dispatch.words import say, spoken_incident, spoken_unit
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.messages import EmptyState
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.services.dispatch_board import Group

HEAD_PX = 36


class _Column(Panel):
    def __init__(self, title: str, board: BoardList) -> None:
        super().__init__()
        self.list = board
        self.heading = Label(title, 15, 600)
        self.sum = ElidedLabel("", 12, 500, "text2")
        self.empty = EmptyState()
        self.pages = StackedPage()
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.heading)
        self.head.addWidget(self.sum, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.head)
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        self.pages.show_page(self.list)
        self.pages.keep(self.empty)
        self.setFocusProxy(self.list)
        self._fit()

    def restyle(self) -> None:
        """Take the height of the head from the look that holds now."""
        self._fit()
        super().restyle()

    def _fit(self) -> None:
        self.head.setContentsMargins(12, 2, 8, 2)
        self.heading.setFixedHeight(px(HEAD_PX - 4))

    def _show_page(self, *, is_empty: bool) -> None:
        self.pages.show_page(self.empty if is_empty else self.list)


class IncidentColumn(_Column):
    """``file_wanted``: somebody wants to file an incident."""

    file_wanted = Signal()

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.delegate = IncidentDelegate()
        self.delegate.sight = sight
        board = BoardList(BoardModel(self._speak), self.delegate, say("Incidents"))
        self.delegate.setParent(board)
        board.own_mime = INCIDENT_MIME
        board.taken_mimes = frozenset({UNIT_MIME})
        super().__init__(say("Incidents"), board)
        self.file = IconButton("plus", say("File an incident"))
        self.file.clicked.connect(self.file_wanted)
        self.empty.acted.connect(self.file_wanted)
        self.head.addWidget(self.file)
        self.set_file_key("")

    def set_file_key(self, key: str) -> None:
        """Show another key that files an incident."""
        self.file.set_key(key)
        self.empty.tell(
            say("Nothing is going on"),
            say("Incidents from other desks appear here by themselves."),
            say("File an incident"),
            key,
        )

    def _speak(self, line: object) -> str:
        return spoken_incident(line, self.sight.now) if isinstance(line, IncidentLine) else ""

    def look(self, sight: Sight) -> None:
        """Take another time and room."""
        self.sight = sight
        self.list.look(sight)

    def tell(self, lines: Lines) -> None:
        """Show the incidents."""
        is_open = [line for line in lines.incidents if line.group is not Group.CLEARED]
        self.sum.setText(say("{count} open").format(count=len(is_open)))
        self.list.tell(list(headings(lines.incidents)))
        self._show_page(is_empty=not lines.incidents)


class UnitColumn(_Column):
    """The units by what they are doing. ``enlist_wanted``: somebody wants to enlist one."""

    enlist_wanted = Signal()

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.delegate = UnitDelegate()
        self.delegate.sight = sight
        self.delegate.estimates = {}
        board = BoardList(BoardModel(self._speak), self.delegate, say("Units"))
        self.delegate.setParent(board)
        board.own_mime = UNIT_MIME
        board.taken_mimes = frozenset({UNIT_MIME, INCIDENT_MIME})
        board.takes_headings = True
        super().__init__(say("Units"), board)
        self.enlist = IconButton("plus", say("Enlist a unit"))
        self.enlist.clicked.connect(self.enlist_wanted)
        self.empty.acted.connect(self.enlist_wanted)
        self.head.addWidget(self.enlist)
        self.set_enlist_key("")

    def set_enlist_key(self, key: str) -> None:
        """Show another key that enlists a unit."""
        self.enlist.set_key(key)
        self.empty.tell(
            say("No units yet"),
            say("Dispatchers and supervisors enlist them, for every desk of the city."),
            say("Enlist a unit"),
            key,
        )

    def _speak(self, line: object) -> str:
        return spoken_unit(line, self.sight.now) if isinstance(line, UnitLine) else ""

    def look(self, sight: Sight) -> None:
        """Take another time and room."""
        self.sight = sight
        self.list.look(sight)

    def renew(self, lines: Lines) -> None:
        """Show where the same units are now."""
        self.list.renew(lines.by_unit)

    def tell(self, lines: Lines) -> None:
        """Show the units."""
        on_duty = [line for line in lines.units if line.group is not UnitGroup.OFF_DUTY]
        free = sum(line.status is UnitStatus.AVAILABLE for line in on_duty)
        told = say("{free} free of {count}").format(free=free, count=len(on_duty))
        self.sum.setText(told if lines.units else "")
        self.list.tell(list(unit_headings(lines.units)))
        self._show_page(is_empty=not lines.units)
