"""Follows what nobody has acknowledged and who is overdue, whatever workspace is on screen."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.commands import ALWAYS, Command
from trafficdesk.qt.dispatch.alert import Alert, milliseconds_to, next_at, standing
from trafficdesk.qt.dispatch.alert_banner import AlertBanner
from trafficdesk.qt.dispatch.alert_sound import AlertSound, Urgency
from trafficdesk.qt.dispatch.lines import Lines, lines_of
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.later import Soon
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.alert_watch import Kept
from trafficdesk.services import dispatch_board, incidents, units
from trafficdesk.services.changes import Changed
from trafficdesk.services.dispatch_board import Group
from trafficdesk.services.session import Session
from trafficdesk.sync.vigil import Waiting
from trafficdesk.wire.live import IncidentTold

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.services.outcomes import Outcome

_SOON_MS: Final = 60
_KINDS: Final = frozenset({Entity.INCIDENT, Entity.ASSIGNMENT, Entity.UNIT})


class Alerts(QObject):
    """Fills the banner, sounds until everything is acknowledged, and has the banner's keys.

    ``counted`` carries how many incidents need a unit, ``show_wanted`` the ``Alert`` to be shown.
    Whoever may send units is told of overdue crews, too, and hears insistently what is escalated.
    """

    show_wanted = Signal(object)
    counted = Signal(int)

    def __init__(
        self, equipment: Equipment, session: Session, banner: AlertBanner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._equipment = equipment
        self._session = session
        self.banner = banner
        self.sound = AlertSound(equipment.settings, banner, self)
        self._lanes = equipment.lanes.owned_by(self)
        self._coming: tuple[IncidentTold, ...] = ()
        self._leaving: tuple[IncidentTold, ...] = ()
        self._lines = Lines()
        self.standing: tuple[Alert, ...] = ()
        self._soon = Soon(self, _SOON_MS, self.load)
        self.due = QTimer(self)
        self._has_ended = False
        self.due.setSingleShot(True)
        self.due.timeout.connect(self._show)
        self._connect()
        equipment.commands.add(self._commands(), owner=self)
        self._show_keys()
        self._show_sound()
        self.load()

    def _connect(self) -> None:
        equipment, banner = self._equipment, self.banner
        banner.show_wanted.connect(self.show_wanted)
        banner.acknowledged.connect(self.acknowledge)
        banner.heard_of.connect(self.note_well)
        banner.sound_switched.connect(self.switch_sound)
        banner.clock.timeout.connect(self._tick)
        equipment.changes.changed.connect(self._follow)
        equipment.settings.changed.connect(self._show_sound)
        equipment.commands.changed.connect(self._show_keys)

    def _commands(self) -> list[Command]:
        group, banner = say("Alerts"), self.banner
        rows: tuple[tuple[str, str, str, Callable[[], object], Callable[[], str], str], ...] = (
            (
                "acknowledge",
                say("Acknowledge the alert"),
                "F8",
                banner.ask_to_acknowledge,
                self._no_incident,
                "check",
            ),
            (
                "well",
                say("The overdue crew is well"),
                "Shift+F8",
                banner.ask_whether_well,
                self._no_crew,
                "heart-pulse",
            ),
            ("show", say("Show the alert"), "F9", banner.ask_to_show, self._no_alert, "siren"),
        )
        made = [
            Command(f"alert.{name}", words, group, act, (key,), ALWAYS, refusal, icon=icon)
            for name, words, key, act, refusal, icon in rows
        ]
        sound = say("Sound of alerts on or off")
        made.append(Command("alert.sound", sound, group, self.switch_sound, icon="volume-2"))
        return made

    def _no_alert(self) -> str:
        return "" if self.banner.alert is not None else say("No alert waits")

    def _no_incident(self) -> str:
        is_of_crew = self.banner.alert is not None and self.banner.alert.is_of_crew
        return say("A crew is overdue: say whether it is well") if is_of_crew else self._no_alert()

    def _no_crew(self) -> str:
        is_of_crew = self.banner.alert is not None and self.banner.alert.is_of_crew
        return "" if is_of_crew else say("No crew is overdue")

    @property
    def _is_in_charge(self) -> bool:
        return self._session.may(Permission.INCIDENT_DISPATCH)

    @Slot()
    def _show_keys(self) -> None:
        commands = self._equipment.commands
        if commands.find("alert.show") is not None:
            self.banner.show_button.set_key(commands.first_key("alert.show"))
            self.banner.acknowledge.set_key(commands.first_key("alert.acknowledge"))
            self.banner.well.set_key(commands.first_key("alert.well"))

    def kept(self) -> Kept:
        """Return what a locked desk may still know: of each incident an id and two times."""
        rows = self._lines.by_incident
        standing = {
            alert.id: Waiting(
                alert.since, rows[alert.id].row.escalated_at if alert.id in rows else None
            )
            for alert in self.standing
            if not alert.is_of_crew  # that one is heard of would not be known
        }
        return Kept(standing, self._session.skew, self._is_in_charge)

    @Slot()
    def end(self) -> None:
        """Be silent, and follow no keys any more: the desk is locked, its banner goes."""
        if not self._has_ended:
            self._has_ended = True
            self._equipment.commands.changed.disconnect(self._show_keys)
        self.due.stop()
        self.sound.end()

    # reading

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.kinds & _KINDS:
            self._soon.start()

    def load(self) -> None:
        """Read which incidents nobody has acknowledged, and when crews are due."""
        session = self._session
        self._lanes.run(
            Lane.READER,
            lambda: lines_of(dispatch_board.board(session), session.lease_clock()),
            self._take,
            key="alerts",
        )

    def _take(self, lines: Lines) -> None:
        self._lines, self._leaving = lines, ()
        self.counted.emit(sum(line.group is Group.NEEDS_UNIT for line in lines.incidents))
        self._show()

    @Slot(tuple)
    def hear(self, told: tuple[IncidentTold, ...]) -> None:
        """Show alerts whose records are still on their way, too.

        What is no more on its way stays until the board was read with it: nothing flickers.
        """
        if told == self._coming:
            return
        here = tuple(each for each in self._coming if each.id not in {new.id for new in told})
        self._coming, self._leaving = told, (*self._leaving, *here)
        if here:
            self.load()
        self._show()

    @Slot()
    def _show(self) -> None:
        now, lines = self._session.lease_clock(), self._lines
        coming = (*self._coming, *self._leaving)
        self.standing = standing(lines, coming, now, with_crews=self._is_in_charge)
        self.banner.tell(self.standing, now)
        self.sound.tell(self._urgency())
        following = next_at(lines, now)
        if following is not None:
            self.due.start(milliseconds_to(following, now))
        self._equipment.commands.state_changed.emit()

    def _urgency(self) -> Urgency:
        if self._is_in_charge and any(alert.is_escalated for alert in self.standing):
            return Urgency.INSISTENT
        return Urgency.CALLING if self.standing else Urgency.NOTHING

    @Slot()
    def _tick(self) -> None:
        self.banner.tick(self._session.lease_clock())

    # sound

    @Slot()
    def switch_sound(self) -> None:
        """Let alerts be heard, or not; they are seen all the same."""
        settings = self._equipment.settings
        settings.change(alert_sound=not settings.values.alert_sound)

    @Slot()
    def _show_sound(self) -> None:
        self.banner.set_sound(is_on=self._equipment.settings.values.alert_sound)

    # answering

    @Slot(object)
    def acknowledge(self, alert: Alert) -> None:
        """Note that somebody has seen it."""
        session = self._session
        self._write(lambda: incidents.acknowledge(session, alert.id))

    @Slot(object)
    def note_well(self, alert: Alert) -> None:
        """Note that somebody has heard that a crew is well."""
        session = self._session
        self._write(lambda: units.check_in(session, alert.id))

    def _write(self, write: "Callable[[], Outcome]") -> None:
        self._lanes.run(Lane.WRITER, write, self._written)

    def _written(self, outcome: "Outcome") -> None:
        self._equipment.changes.tell(outcome.changed)
        self.load()
