"""The plate and six facts, right under the photo."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.plates import format_plate, is_regular_plate
from trafficdesk.domain.vocabulary import VehicleType
from trafficdesk.qt.theme.fonts import MEDIUM, text_width
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.facts import PlateView
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel, Label

COMMERCIAL = frozenset({VehicleType.THREE_WHEELER, VehicleType.BUS, VehicleType.TRUCK})

_BESIDE_FROM_PX = 500


class _Fact(QWidget):
    """A name and its value; the whole value is in the tooltip where it is cut."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = Label(name, 12, 400, "text2")
        self.value = ElidedLabel("", 13, 500)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._name)
        column.addWidget(self.value)

    def set_value(self, value: str) -> None:
        """Show a value, a dash for none."""
        self.value.setText(value or "\N{EN DASH}")
        self.setAccessibleName(f"{self._name.text()}: {value}")


class FactsGrid(QWidget):
    """Facts in three columns and two rows beside the plate."""

    def __init__(self) -> None:
        super().__init__()
        self.plate = PlateView(height_px=44)
        self._mark = IconLabel("check", 14, "ok")
        self._remark = ElidedLabel("", 12, 400, "text2")
        self.vehicle = _Fact(self.tr("Vehicle"))
        self.seen_at = _Fact(self.tr("Seen at"))
        self.accuracy = _Fact(self.tr("Accuracy"))
        self.source = _Fact(self.tr("Came by"))
        self.reporter = _Fact(self.tr("Reporter"))
        self.penalty = _Fact(self.tr("Penalty"))
        self._penalty = ("", "")
        self._lay_out()

    def _lay_out(self) -> None:
        remark = QHBoxLayout()
        remark.setSpacing(6)
        remark.addWidget(self._mark)
        remark.addWidget(self._remark, 1)
        lead = QVBoxLayout()
        lead.setSpacing(8)
        lead.addWidget(self.plate, 0, Qt.AlignmentFlag.AlignLeading)
        lead.addLayout(remark)
        lead.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(px(8))
        facts = (
            self.vehicle,
            self.seen_at,
            self.accuracy,
            self.source,
            self.reporter,
            self.penalty,
        )
        for number, fact in enumerate(facts):
            grid.addWidget(fact, number // 3, number % 3)
        # A vehicle with its colour, or a day of another year with its time, needs the most room.
        for column, share in enumerate((6, 6, 4)):
            grid.setColumnStretch(column, share)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addLayout(lead)
        self._row.addLayout(grid, 1)

    def show_penalty(self, amount: str, section: str) -> None:
        """Show what it costs, with the section of the Act where there is room."""
        self._penalty = (amount, section)
        self._fit_penalty()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < px(_BESIDE_FROM_PX)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(below if is_narrow else beside)
        self._fit_penalty()

    def _fit_penalty(self) -> None:
        amount, section = self._penalty
        whole = self.tr("{amount}, MV {section}").format(amount=amount, section=section)
        fits = text_width(whole, 13, MEDIUM) + 2 <= self.penalty.width()
        self.penalty.set_value(whole if fits else amount)
        self.penalty.setToolTip(whole if amount else "")

    def show_plate(self, plate: str, vehicle: VehicleType) -> None:
        """Show the plate and whether it is a registered series' form."""
        self.plate.set_plate(format_plate(plate), is_commercial=vehicle in COMMERCIAL)
        is_good = is_regular_plate(plate)
        self._mark.setVisible(bool(plate))
        self._mark.set_icon("check" if is_good else "minus", "ok" if is_good else "text2")
        if not plate:
            words = self.tr("No plate was given")
        elif is_good:
            words = self.tr("Well formed, as typed")
        else:
            words = self.tr("Not a usual plate, check the photo")
        self._remark.setText(words)
