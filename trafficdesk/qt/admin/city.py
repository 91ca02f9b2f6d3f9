"""The city: what it is called and where it lies; imports are checked against its limits."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Bounds
from trafficdesk.qt.admin.import_words import city_sentence
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Errands, FactRow, Narrow, wrapped
from trafficdesk.qt.ages import coordinates
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services import city_limits
from trafficdesk.services.city_limits import CityFacts, CityFault, CityKept, read_limits
from trafficdesk.services.session import Session


def limits_text(bounds: Bounds) -> str:
    """Return limits as they are typed: west, south, east, north in degrees."""
    return ", ".join(f"{side:.4f}".rstrip("0").rstrip(".") for side in bounds)


class CityPage(AdminPage):
    """Where the map begins, and what lies outside the city when a file is imported."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("CityPage", "City"),
            QCoreApplication.translate(
                "CityPage", "Where this desk works: the map begins here, and imports are checked."
            ),
        )
        self._session = session
        self._changes = equipment.changes
        self._errands = Errands(self, equipment)
        self._may_edit = session.may(Permission.BASEMAP_MANAGE)
        self._of_wards: Bounds | None = None
        self.name = InputField(self.tr("Name of the city"))
        self.limits = InputField(self.tr("Limits: west, south, east, north in degrees"))
        self.take_wards = ActionButton(self.tr("Take the limits of the wards"))
        self.save = ActionButton(self.tr("Save"), "", Kind.PRIMARY)
        self.message = InlineMessage()
        self.centre = FactRow(self.tr("Middle"))
        self._add_block()
        self.take_wards.clicked.connect(self._take_wards)
        for field in (self.name, self.limits):
            field.submitted.connect(self._save)
        self.save.clicked.connect(self._save)

    def _add_block(self) -> None:
        block = Block(
            self.tr("Name and limits"),
            self.tr(
                "The first wards that are imported set the limits of a new desk by themselves."
            ),
        )
        fields = Narrow()
        fields.add(self.name, self.limits)
        block.add(fields, self.centre)
        if self._may_edit:
            block.add(Buttons(self.save, self.take_wards))
        else:
            block.add(wrapped(self.tr("Only an administrator can change the city.")))
            for field in (self.name, self.limits):
                field.edit.setReadOnly(True)
        block.add(self.message)
        self.add(block)

    def open(self) -> None:
        self._errands.read(partial(city_limits.load_city, self._session), self._show, self.message)

    def _show(self, found: CityFacts) -> None:
        city = found.city
        self._of_wards = found.of_wards
        self.take_wards.setVisible(self._may_edit and found.of_wards is not None)
        self.name.set_text(city.name)
        self.limits.set_text("" if found.is_vague else limits_text(city.bounds))
        self.centre.set_value(
            self.tr("not known yet") if found.is_vague else coordinates(city.centre)
        )

    def _take_wards(self) -> None:
        if self._of_wards is not None:
            self.limits.set_text(limits_text(self._of_wards))
            self._save()

    def _save(self) -> None:
        self.message.clear()
        bounds = read_limits(self.limits.text())
        if bounds is None:
            self._kept(CityFault.NOT_LIMITS)
            return
        change = partial(city_limits.change_city, self._session, self.name.text(), bounds)
        self._errands.write(change, self._kept, self.message)

    def _kept(self, result: CityKept | CityFault) -> None:
        if isinstance(result, CityFault):
            field = self.name if result is CityFault.NAME_MISSING else self.limits
            field.set_error(city_sentence(result))
            field.setFocus()
            return
        self._changes.tell(result.changed)
        self.message.note(self.tr("The city was saved."))
        self.open()
