"""Beside the evidence: where it was, what else this vehicle did, likely duplicates, near units."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.ages import coordinates
from trafficdesk.qt.review import detail_words as words
from trafficdesk.qt.review.list_rows import RowList
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.review.same_event_list import SameEventList
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, KeycapLabel, SectionHeading
from trafficdesk.qt.widgets.mini_map import FindPack, MiniMap, Spot
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.session import Session

_HISTORY_SHOWN = 4
_SAME_SHOWN = 3


class _Section(QWidget):
    """A heading with its rows, below a hairline."""

    def __init__(self, title: str, rows: QWidget) -> None:
        super().__init__()
        self.heading = SectionHeading(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Hairline())
        column.addSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(rows)
        column.addSpacing(6)


def near_spots(detail: ReportDetail) -> tuple[Spot, ...]:
    """Return the near units as marks on a map."""
    found = (near.unit for near in detail.units)
    return tuple(
        Spot(each.position.place, each.unit.call_sign)
        for each in found
        if each.position is not None
    )


class SidePane(QWidget):
    """``report_chosen`` carries the number of a report to go to; ``map_opened`` on the map."""

    report_chosen = Signal(int)
    duplicate_chosen = Signal(int)
    map_opened = Signal()

    def __init__(
        self,
        session: Session,
        lanes: Lanes,
        photos: Photos,
        zone: tzinfo,
        find_pack: FindPack,
    ) -> None:
        super().__init__()
        self._session = session
        self._zone = zone
        self.map = MiniMap(find_pack, lanes)
        self.map.opened.connect(self.map_opened)
        self.map_key = KeycapLabel()
        self.place = ElidedLabel("", 13, 600)
        self.point = ElidedLabel("", 12, 400, "text2")
        self._earlier, self.candidates, self._near = RowList(), SameEventList(photos), RowList()
        self.history = _Section(self.tr("This vehicle"), self._earlier)
        self.same = _Section(self.tr("May be the same event"), self.candidates)
        self.units = _Section(self.tr("Nearest units"), self._near)
        self._earlier.chosen.connect(self.report_chosen)
        self.candidates.chosen.connect(self.duplicate_chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        where = QVBoxLayout()
        where.setSpacing(2)
        where.addWidget(self.place)
        where.addWidget(self.point)
        head = QHBoxLayout()
        head.addLayout(where, 1)
        head.addWidget(self.map_key)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addSpacing(6)
        for section in (self.history, self.same, self.units):
            column.addWidget(section)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.map)
        whole.addWidget(Hairline())
        self.page = ScrollPanel(content)
        whole.addWidget(self.page, 1)

    def set_stacked(self, is_stacked: bool) -> None:
        """Be as tall as everything in it, to lie under the report on a narrow screen."""
        content = self.page.widget()
        needed = content.sizeHint().height() if is_stacked and content is not None else 0
        self.page.setMinimumHeight(needed)

    def show_detail(self, detail: ReportDetail) -> None:
        """Show what stands around a report."""
        report, now = detail.report, self._session.clock()
        self.place.setText(words.place_name(report) or self.tr("Place without a name"))
        how_well = words.accuracy(report)
        self.point.setText(
            " · ".join(filter(None, (coordinates(report.place), how_well, detail.ward)))
        )
        earlier = detail.same_vehicle[:_HISTORY_SHOWN]
        self._earlier.set_rows(
            tuple((row.pk, words.history_row(row, self._zone)) for row in earlier)
        )
        count = len(detail.same_vehicle)
        self.history.heading.set_fact(
            words.vehicle_count(detail) or self.tr("nothing else known"),
            "severe" if count > 2 else "text3",
        )
        same = detail.may_be_same[:_SAME_SHOWN]
        self.candidates.set_found(same)
        self.same.heading.set_fact("" if same else self.tr("none found"))
        self._near.set_rows(tuple((0, words.unit_row(each, now)) for each in detail.units))
        self.units.heading.set_fact("" if detail.units else self.tr("none known"))
        self.map.setAccessibleDescription(
            QCoreApplication.translate("SidePane", "%n units near", None, len(detail.units))
        )
