"""Follows the incidents that nobody has acknowledged, whatever workspace is on screen."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity, IncidentType
from trafficdesk.qt.commands import ALWAYS, Command
from trafficdesk.qt.dispatch.alert_banner import Alert, AlertBanner
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, lines_of
from trafficdesk.qt.dispatch.words import place, say, short_reference, title
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.incident_words import incident_type_word
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import dispatch_board, incidents
from trafficdesk.services.changes import Changed
from trafficdesk.services.dispatch_board import Group
from trafficdesk.services.session import Session
from trafficdesk.wire.live import IncidentTold

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.services.outcomes import Outcome

_SOUND_EVERY_MS: Final = 4000
_SOON_MS: Final = 60
_KINDS: Final = frozenset({Entity.INCIDENT, Entity.ASSIGNMENT})


class Alerts(QObject):
    """Fills the banner, sounds until everything is acknowledged, and has the keys F8 and F9.

    ``counted`` carries how many incidents need a unit, ``show_wanted`` an incident's id.

    The sound is the system's own: it needs no sound server of ours, and where there is none the
    banner and the window's mark in the task bar still say it.
    """

    show_wanted = Signal(object)
    counted = Signal(int)
    sounded = Signal()

    def __init__(
        self, equipment: Equipment, session: Session, banner: AlertBanner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._equipment = equipment
        self._session = session
        self.banner = banner
        self._lanes = equipment.lanes.owned_by(self)
        self._coming: tuple[IncidentTold, ...] = ()
        self._known: tuple[Lines, tuple[Alert, ...]] = (Lines(), ())
        self._soon = later(self, _SOON_MS, self.load)
        self.bell = QTimer(self)
        self.bell.setInterval(_SOUND_EVERY_MS)
        self.bell.timeout.connect(self._sound)
        banner.show_wanted.connect(self.show_wanted)
        banner.acknowledged.connect(self.acknowledge)
        banner.sound_switched.connect(self.switch_sound)
        banner.clock.timeout.connect(self._tick)
        equipment.changes.changed.connect(self._follow)
        equipment.settings.changed.connect(self._show_sound)
        equipment.commands.add(self._commands(), owner=self)
        equipment.commands.changed.connect(self._show_keys)
        self._show_keys()
        self._show_sound()
        self.load()

    def _commands(self) -> list[Command]:
        group = say("Alerts")
        rows: tuple[tuple[str, str, str, Callable[[], object], str], ...] = (
            ("acknowledge", say("Acknowledge the alert"), "F8", self._acknowledge_shown, "check"),
            ("show", say("Show the alert"), "F9", self.banner.ask_to_show, "siren"),
        )
        made = [
            Command(f"alert.{name}", words, group, act, (key,), ALWAYS, self._refusal, icon=icon)
            for name, words, key, act, icon in rows
        ]
        sound = say("Sound of alerts on or off")
        made.append(Command("alert.sound", sound, group, self.switch_sound, icon="volume-2"))
        return made

    def _refusal(self) -> str:
        return "" if self.banner.alert is not None else say("No alert waits")

    def _acknowledge_shown(self) -> None:
        self.banner.ask_to_acknowledge()

    @Slot()
    def _show_keys(self) -> None:
        commands = self._equipment.commands
        if commands.find("alert.show") is not None:
            self.banner.show_button.set_key(commands.first_key("alert.show"))
            self.banner.acknowledge.set_key(commands.first_key("alert.acknowledge"))

    @Slot()
    def end(self) -> None:
        """Be silent: the desk is locked."""
        self.bell.stop()

    # reading

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.kinds & _KINDS:
            self._soon.start()

    def load(self) -> None:
        """Read which incidents nobody has acknowledged."""
        session = self._session
        self._lanes.run(
            Lane.READER,
            lambda: lines_of(dispatch_board.board(session), session.lease_clock()),
            self._take,
            key="alerts",
        )

    def _take(self, lines: Lines) -> None:
        self._known = lines, tuple(map(alert_of, lines.alerts))
        self.counted.emit(sum(line.group is Group.NEEDS_UNIT for line in lines.incidents))
        self._show()

    @Slot(tuple)
    def hear(self, told: tuple[IncidentTold, ...]) -> None:
        """Show alerts whose records are still on their way, too."""
        if told != self._coming:
            self._coming = told
            self._show()

    def _show(self) -> None:
        lines, found = self._known
        coming = (each for each in self._coming if each.id not in lines.by_incident)
        every = (*found, *map(coming_alert, coming))
        before = self.banner.alert
        self.banner.tell(every, self._session.lease_clock())
        if not every:
            self.bell.stop()
        elif before is None or not self.bell.isActive():
            self._sound()
            self.bell.start()
        self._equipment.commands.state_changed.emit()

    @Slot()
    def _tick(self) -> None:
        self.banner.tick(self._session.lease_clock())

    # sound

    def _sound(self) -> None:
        if not self._equipment.settings.values.alert_sound:
            return
        QApplication.beep()
        QApplication.alert(self.banner.window())
        self.sounded.emit()

    @Slot()
    def switch_sound(self) -> None:
        """Let alerts be heard, or not; they are seen all the same."""
        settings = self._equipment.settings
        settings.change(alert_sound=not settings.values.alert_sound)

    @Slot()
    def _show_sound(self) -> None:
        self.banner.set_sound(is_on=self._equipment.settings.values.alert_sound)

    # acknowledging

    @Slot(object)
    def acknowledge(self, incident_id: UUID) -> None:
        """Note that somebody has seen it."""
        session = self._session
        self._lanes.run(
            Lane.WRITER, lambda: incidents.acknowledge(session, incident_id), self._acknowledged
        )

    def _acknowledged(self, outcome: "Outcome") -> None:
        self._equipment.changes.tell(outcome.changed)
        self.load()


def alert_of(line: IncidentLine) -> Alert:
    """Return what the banner says of an incident."""
    incident = line.incident
    merged = len(incident.accounts)
    parts = [short_reference(incident.reference)]
    if merged:
        parts.append(say("{count} merged").format(count=merged))
    return Alert(
        incident.id,
        incident.severity_score,
        f"{title(line)}, {place(line)}",
        " · ".join(parts),
        incident.reported_at,
        bool(line.open_assignments),
    )


def coming_alert(told: IncidentTold) -> Alert:
    """Return what the banner says of an incident whose record is not here yet."""
    kinds = [each for each in IncidentType if each == told.kind]
    what = incident_type_word(kinds[0] if kinds else IncidentType.OTHER)
    if told.calls_for_help:
        what = say("An officer needs help")
    detail = f"{short_reference(told.reference)} · {say('its record is on its way')}"
    where = ", ".join(filter(None, (what, told.place)))
    return Alert(told.id, told.score, where, detail, from_ms(told.at_ms), has_unit=False)
