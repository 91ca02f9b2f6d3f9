"""A new incident, or the facts of one that are to be corrected: what, where, how bad, who."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trafficdesk.domain.authority import needs_note
from trafficdesk.domain.records import Incident, NewIncident, Place
from trafficdesk.domain.vocabulary import Entity, IncidentType, LanesBlocked, Service, Severity
from trafficdesk.qt.dispatch.count_field import CountField
from trafficdesk.qt.dispatch.form_frame import frame_form
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.incident_words import (
    SERVICE_ICONS,
    incident_type_word,
    lanes_word,
    service_word,
)
from trafficdesk.qt.review.filter_panel import ChipGroup
from trafficdesk.qt.review.photo_drop import PhotoDrop
from trafficdesk.qt.review.place_field import FindPlaces, PlaceField
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label, SectionHeading
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.qt.words import severity_word
from trafficdesk.services.dispatching import Target
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session

_VEHICLES: Final = (1, 20)
_INJURED: Final = (0, 99)
_UNITS: Final = (0, 20)
_TEXT_LENGTH: Final = 280


@dataclass(frozen=True, slots=True)
class Correction:
    """What of an incident is to be changed and why, and photos that are added."""

    incident: Incident
    facts: NewIncident
    note: str = ""
    photos: tuple[Examined, ...] = ()

    @property
    def target(self) -> Target:
        """The incident as it was seen."""
        return Target(self.incident.id, self.incident.revision)

    def values(self) -> dict[str, object]:
        """Return the facts that are others now, as JSON values by field."""
        facts, before = self.facts, self.incident
        told: dict[str, tuple[object, object]] = {
            "type": (str(before.type), str(facts.type)),
            "severity": (int(before.severity), int(facts.severity)),
            "lon": (before.place.lon, facts.place.lon),
            "lat": (before.place.lat, facts.place.lat),
            "address": (before.address, facts.address),
            "area": (before.area, facts.area),
            "vehicle_count": (before.vehicle_count, facts.vehicle_count),
            "injuries": (before.injuries, facts.injuries),
            "injury_count": (before.injury_count, facts.injury_count),
            "lanes_blocked": (str(before.lanes_blocked), str(facts.lanes_blocked)),
            "needs": (_plain(before.needs), _plain(facts.needs)),
            "description": (before.description, facts.description),
        }
        return {name: new for name, (old, new) in told.items() if old != new}


def _plain(needs: Mapping[Service, int]) -> dict[str, int]:
    return {str(service): count for service, count in needs.items()}


class IncidentForm(Panel):
    """``filed`` carries a ``NewIncident``, ``corrected`` a ``Correction``, ``placed`` a ``Place``.

    ``closed`` on leaving.
    """

    filed = Signal(object)
    corrected = Signal(object)
    placed = Signal(object)
    closed = Signal()

    def __init__(
        self, session: Session, lanes: Lanes, find_places: FindPlaces, zone: ZoneInfo
    ) -> None:
        super().__init__()
        self._session = session
        self._incident: Incident | None = None
        self._is_busy = False
        self.title = Label("", 15, 600)
        self.type = ChipGroup(say("What happened"), is_single=True)
        self.type.set_options([(str(each), incident_type_word(each)) for each in IncidentType])
        self.severity = ChipGroup(say("Severity"), is_single=True)
        self.severity.set_options([(str(int(each)), severity_word(each)) for each in Severity])
        self.lanes = ChipGroup(say("Road"), is_single=True)
        self.lanes.set_options([(str(each), lanes_word(each)) for each in LanesBlocked])
        self.place = PlaceField(session, lanes, find_places)
        self.vehicles = CountField(say("Vehicles"), _VEHICLES)
        self.injured = CountField(say("Injured"), _INJURED)
        self.needs = {
            each: CountField(service_word(each), _UNITS, SERVICE_ICONS[each]) for each in Service
        }
        self.words = InputField(say("What is known"))
        self.words.edit.setMaxLength(_TEXT_LENGTH)
        self.photos = PhotoDrop(lanes, zone)
        self.note = InputField(say("Why it is corrected"))
        self.note.edit.setMaxLength(_TEXT_LENGTH)
        self.message = InlineMessage()
        self.submit_button = ActionButton("", "Ctrl Enter", Kind.PRIMARY)
        self.cancel = IconButton("x", say("Close the form"), "Esc")
        self._lay_out()
        self.cancel.clicked.connect(self.closed)
        self.submit_button.clicked.connect(self.submit)
        self.type.changed.connect(self._follow_type)
        self.place.changed.connect(self._tell_place)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(SectionHeading(say("What happened")))
        column.addWidget(self.type)
        column.addWidget(SectionHeading(say("How bad")))
        column.addWidget(self.severity)
        column.addWidget(self.place)
        column.addWidget(self.vehicles)
        column.addWidget(self.injured)
        column.addWidget(SectionHeading(say("Road")))
        column.addWidget(self.lanes)
        column.addWidget(SectionHeading(say("Units needed")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for number, field in enumerate(self.needs.values()):
            grid.addWidget(field, number, 0)
        column.addLayout(grid)
        column.addWidget(self.words)
        column.addWidget(SectionHeading(say("Photos")))
        column.addWidget(self.photos)
        column.addWidget(self.note)
        column.addStretch(1)
        frame_form(self, (self.title, self.cancel), content, (self.message, self.submit_button))

    # beginning

    def begin(self, place: Place | None = None) -> None:
        """Begin a new incident; what was half written for another place stays."""
        if self._incident is not None or not self.has_words():
            self._clear()
        self._incident = None
        self.title.setText(say("New incident"))
        self.submit_button.setText(say("File incident"))
        self.submit_button.restyle()
        if place is not None:
            self.place.choose(place)
        self.take_focus()

    def begin_correction(self, incident: Incident) -> None:
        """Begin to correct what is known of an incident."""
        self._clear()
        self._incident = incident
        self.title.setText(say("Correct {incident}").format(incident=incident.reference))
        self.submit_button.setText(say("Correct"))
        self.submit_button.restyle()
        self.type.choose({str(incident.type)})
        self.severity.choose({str(int(incident.severity))})
        self.lanes.choose({str(incident.lanes_blocked)})
        self.place.choose(incident.place)
        self.vehicles.set_value(incident.vehicle_count)
        self.injured.set_value(incident.injury_count)
        for service, field in self.needs.items():
            field.set_value(incident.needs.get(service, 0))
        self.words.set_text(incident.description)
        self.note.setVisible(self._needs_note)
        self.take_focus()

    def _clear(self) -> None:
        self.type.choose(set())
        self.severity.choose({str(int(Severity.MODERATE))})
        self.lanes.choose({str(LanesBlocked.NONE)})
        self.place.clear()
        self.vehicles.set_value(1)
        self.injured.set_value(0)
        for field in self.needs.values():
            field.set_value(0)
        self.words.clear()
        self.photos.clear()
        self.note.clear()
        self.note.set_error("")
        self.note.hide()
        self.message.clear()
        self._is_busy = False

    def has_words(self) -> bool:
        """Tell whether something was entered that would be lost."""
        typed = self.words.text() or self.type.chosen() or self.place.place
        return bool(typed or self.photos.photos())

    @property
    def is_correction(self) -> bool:
        """Tell whether it corrects an incident that is there."""
        return self._incident is not None

    @property
    def _needs_note(self) -> bool:
        """Tell whether others know already what is corrected."""
        incident = self._incident
        return incident is not None and needs_note(Entity.INCIDENT, "correct", incident.version)

    def take_focus(self) -> None:
        """Give the keyboard to the first field."""
        chips = self.type.findChildren(QWidget)
        if chips:
            chips[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_type(self) -> None:
        """A person hit needs police and an ambulance, unless somebody said otherwise."""
        if self._incident is not None or any(field.value() for field in self.needs.values()):
            return
        self.needs[Service.POLICE].set_value(1)
        if self.type.chosen() & {str(IncidentType.PEDESTRIAN), str(IncidentType.MOTORCYCLE)}:
            self.needs[Service.AMBULANCE].set_value(1)

    def _tell_place(self) -> None:
        if self.place.place is not None:
            self.placed.emit(self.place.place)

    # ending

    def submit(self) -> None:
        """File it, or correct it, if what is needed is there."""
        facts = self.facts(self._session.lease_clock())
        if facts is None or self._is_busy:
            return
        note = self.note.text().strip()
        if self._needs_note and not note:
            self.note.set_error(say("Say why, in a few words"))
            self.note.edit.setFocus()
            return
        self._is_busy = True
        if self._incident is None:
            self.filed.emit(facts)
        else:
            photos = tuple(self.photos.photos())
            self.corrected.emit(Correction(self._incident, facts, note, photos))

    def facts(self, now: datetime) -> NewIncident | None:
        """Return what was entered; None, with the reason in place, when something is missing."""
        kinds, severities = self.type.chosen(), self.severity.chosen()
        if not kinds or not severities:
            self.message.tell(say("Choose what happened and how bad it is"))
            return None
        place = self.place.place
        if place is None:
            self.place.field.set_error(say("Type a street, coordinates, or click the map"))
            self.place.field.edit.setFocus()
            return None
        incident = self._incident
        injured = self.injured.value()
        # Somebody may have said that people are hurt, and not how many.
        is_uncounted = incident is not None and incident.injuries and not incident.injury_count
        return NewIncident(
            IncidentType(kinds.pop()),
            Severity(int(severities.pop())),
            place,
            now if incident is None else incident.occurred_at,
            self.vehicles.value(),
            injuries=injured > 0 or is_uncounted,
            injury_count=injured,
            lanes_blocked=LanesBlocked(next(iter(self.lanes.chosen()), LanesBlocked.NONE)),
            needs={service: n.value() for service, n in self.needs.items() if n.value()},
            address=self._address(place),
            area=self._area(place),
            description=self.words.text().strip(),
        )

    def _address(self, place: Place) -> str:
        incident = self._incident
        is_same = incident is not None and incident.place == place
        return incident.address if is_same and incident else self.place.address

    def _area(self, place: Place) -> str:
        incident = self._incident
        is_same = incident is not None and incident.place == place
        return incident.area if is_same and incident else self.place.area

    def done(self) -> None:
        """Forget what was written: it is kept."""
        self._incident = None
        self._clear()

    def refuse(self, sentence: str) -> None:
        """Say why it was not taken; everything typed stays."""
        self._is_busy = False
        self.note.setVisible(self.is_correction)  # others may know of it by now
        self.message.tell(sentence)
