"""What is asked once before it is done: clearing, merging, calling for help."""

from typing import TYPE_CHECKING, Final

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.vocabulary import Step
from trafficdesk.qt.ages import distance
from trafficdesk.qt.dispatch.chosen import reference_of, sign_of, twin_of
from trafficdesk.qt.dispatch.reasons import HELP
from trafficdesk.qt.dispatch.strip import Question
from trafficdesk.qt.dispatch.words import say, title
from trafficdesk.qt.widgets.buttons import Kind

if TYPE_CHECKING:
    from uuid import UUID

    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

CLEAR: Final = "dispatch.clear"
MERGE: Final = "dispatch.merge"


class Asking:
    """The questions of the strip; the command that asked is also the answer, but for help."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        self._desk = desk
        self._caller: UUID | None = None
        self._pair: tuple[UUID, UUID] | None = None

    def _key(self, command: str) -> str:
        return self._desk.gear.commands.first_key(command)

    def clear(self) -> None:
        """Clear the chosen incident; in the unit board: the chosen unit is done. Asks once."""
        unit, line = self._desk.unit, self._desk.incident
        if self._desk.is_in_units and unit is not None and unit.row.assignment is not None:
            self._desk.doing.take(unit.row.assignment.assignment, Step.CLEARED)
            return
        if line is None:
            return
        question = self._desk.strip.question
        if question is not None and question.command == CLEAR:
            self.forget_question()
            told = say("{incident} cleared").format(incident=reference_of(line))
            self._desk.writing.clear(line.id, told)
            return
        signs = ", ".join(line.call_signs)
        detail = say("{units} become free").format(units=signs) if signs else title(line)
        asked = say("Clear {incident}?").format(incident=reference_of(line))
        self._desk.strip.ask(Question(asked, detail, say("Clear"), CLEAR, self._key(CLEAR)))

    def merge(self) -> None:
        """Make one incident of the chosen one and its twin: the earlier one stays.

        Asks once, and again where the twin is another by then.
        """
        line = self._desk.incident
        twin = None if line is None else twin_of(self._desk.lines, line)
        if line is None or twin is None:
            return
        stays, goes = sorted((line, twin), key=lambda each: each.incident.reported_at)
        question = self._desk.strip.question
        told = say("{gone} merged into {stays}").format(
            gone=reference_of(goes), stays=reference_of(stays)
        )
        pair = (stays.id, goes.id)
        if question is not None and question.command == MERGE and self._pair == pair:
            self.forget_question()
            self._desk.writing.merge(stays.id, goes.id, told)
            return
        self._pair = pair
        asked = say("Merge {gone} into {stays}?").format(
            gone=reference_of(goes), stays=reference_of(stays)
        )
        apart = distance(distance_m(stays.incident.place, goes.incident.place))
        detail = say("{distance} apart, reported within five minutes").format(distance=apart)
        self._desk.strip.ask(Question(asked, detail, say("Merge"), MERGE, self._key(MERGE)))

    def ask_for_help(self) -> None:
        """Ask whether the chosen unit calls for help; another chord says so. Else ask which."""
        unit = self._desk.unit
        if unit is None:
            self._desk.focus_units()
            self._desk.writing.refused.emit(say("Choose the unit that needs help first"))
            return
        self._caller = unit.id
        asked = say("{unit} needs help: call every desk?").format(unit=sign_of(unit))
        detail = say("It goes out before anything else, with the unit's last position")
        self._desk.strip.ask(
            Question(asked, detail, say("Call for help"), HELP, self._key(HELP), Kind.DANGER)
        )

    def confirm_help(self) -> None:
        """Call for help, if it was asked."""
        question, caller = self._desk.strip.question, self._caller
        if question is None or question.command != HELP or caller is None:
            return
        self.forget_question()
        told = say("Help is called")
        self._desk.writing.call_for_help(caller, told, self._desk.show_incident)

    def forget_question(self) -> bool:
        """Let what is asked be; False when nothing was."""
        return self._desk.strip.close_question()
