"""Why a command of dispatch can not be done now: each sentence says what to do instead."""

from typing import TYPE_CHECKING, Final

from trafficdesk.domain.dispatch import StepBarrier, barrier_to_step
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Step
from trafficdesk.qt.dispatch.chosen import chosen_assignment, chosen_past, sign_of, twin_of
from trafficdesk.qt.dispatch.words import say
from trafficdesk.services.dispatch_board import Group

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

HELP: Final = "dispatch.help_confirm"


class Reasons:
    """Asks what is chosen, where it stands and what the officer may do; "" where all is well."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        self._desk = desk

    def _may(self, permission: Permission) -> str:
        return "" if self._desk.gear.session.may(permission) else say("Your role may not do this")

    def send(self) -> str:
        """Return why no unit can be sent to the chosen incident."""
        line = self._desk.incident
        if line is None:
            return say("Choose an incident first")
        if line.group is Group.CLEARED:
            return say("It is cleared. Reopen it first")
        return self._may(Permission.INCIDENT_DISPATCH)

    def send_option(self, number: int) -> str:
        """Return why a suggestion can not be taken."""
        found = self._desk.strip.suggestion
        if found is None or number >= len(found.options):
            return self.send() or say("Nobody else is suggested. A chooses a unit")
        return self.send()

    def send_chosen(self) -> str:
        """Return why the chosen unit can not be sent to the chosen incident."""
        unit = self._desk.unit
        if unit is None:
            return say("Choose a unit first")
        if unit.incident is not None:
            return say("{unit} is out already. Withdraw it first").format(unit=sign_of(unit))
        return self.send()

    def step(self, step: Step) -> str:
        """Return why the chosen unit, or the chosen incident's only unit, can not take a step."""
        found = chosen_assignment(self._desk)
        if isinstance(found, str):
            return found
        barrier = barrier_to_step(found, step)
        if barrier is StepBarrier.TAKEN_BEFORE:
            return say("That step is taken already")
        needs = Permission.INCIDENT_RESPOND
        if step is Step.WITHDRAWN:
            needs = Permission.INCIDENT_DISPATCH
        return say("It has ended") if barrier is not None else self._may(needs)

    def clear(self) -> str:
        """Return why the chosen incident can not be cleared."""
        line = self._desk.incident
        if line is None:
            return say("Choose an incident first")
        if line.group is Group.CLEARED:
            return say("It is cleared already")
        return self._may(Permission.INCIDENT_RESPOND)

    def reopen(self) -> str:
        """Return why the chosen incident can not be opened again."""
        line = self._desk.incident
        if line is None or line.group is not Group.CLEARED:
            return say("Only a cleared incident is reopened")
        return self._may(Permission.INCIDENT_DISPATCH)

    def open(self) -> str:
        """Return why no incident can be opened."""
        return "" if self._desk.incident is not None else say("Choose an incident first")

    def change(self) -> str:
        """Return why the chosen incident can not be corrected or confirmed."""
        if self._desk.incident is None:
            return say("Choose an incident first")
        return self._may(Permission.INCIDENT_FILE)

    def times(self) -> str:
        """Return why no times can be corrected."""
        found = chosen_past(self._desk)
        return found if isinstance(found, str) else self._may(Permission.INCIDENT_DISPATCH)

    def merge(self) -> str:
        """Return why the chosen incident can not be merged."""
        line = self._desk.incident
        if line is None or line.group is Group.CLEARED:
            return say("Choose an open incident first")
        if twin_of(self._desk.lines, line) is None:
            return say("No other incident is near it in place and time")
        return self._may(Permission.INCIDENT_DISPATCH)

    def check_in(self) -> str:
        """Return why no check-in can be noted."""
        if self._desk.unit is None:
            return say("Choose a unit first")
        return self._may(Permission.INCIDENT_RESPOND)

    def file(self) -> str:
        """Return why no incident can be filed."""
        return self._may(Permission.INCIDENT_FILE)

    def undo(self) -> str:
        """Return why nothing can be taken back."""
        return "" if self._desk.writing.can_undo else say("Nothing left to take back")

    def confirm_help(self) -> str:
        """Return why help is not called yet."""
        question = self._desk.strip.question
        is_asked = question is not None and question.command == HELP
        return "" if is_asked else say("Ask for help first")
