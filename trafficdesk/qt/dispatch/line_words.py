"""What the command line says: what Enter will do, or what is wrong and what to type instead."""

from trafficdesk.domain.vocabulary import Duty, Step
from trafficdesk.qt.dispatch.typed import Fault, NotUnderstood, Reading, Understood, Verb
from trafficdesk.qt.dispatch.words import say, short_reference
from trafficdesk.qt.incident_words import duty_word, step_word


def how() -> str:
    """Return an example of what can be typed."""
    return say("/assign P12 INC-204")


def will_do(understood: Understood, estimate: str = "") -> str:
    """Return what Enter will do."""
    unit = understood.unit.unit.call_sign if understood.unit is not None else ""
    incident = (
        short_reference(understood.incident.incident.reference) if understood.incident else ""
    )
    if understood.verb is Verb.ASSIGN:
        told = say("Enter: {unit} to {incident}").format(unit=unit, incident=incident)
        return f"{told}, {estimate}" if estimate else told
    if understood.verb is Verb.STATUS:
        return say("Enter: {unit} is {standing}").format(
            unit=unit, standing=_standing(understood.standing)
        )
    sentences = {
        Verb.CLEAR: say("Enter: {incident} is cleared, its units are free"),
        Verb.WITHDRAW: say("Enter: {unit} is withdrawn and free"),
        Verb.CHECK_IN: say("Enter: {unit} has checked in, the timer begins anew"),
        Verb.HELP: say("Enter: show what can be typed"),
        Verb.PLAN: say("Enter: propose whom to send where; nobody is sent yet"),
    }
    return sentences[understood.verb].format(unit=unit, incident=incident)


def _standing(standing: Step | Duty | None) -> str:
    if isinstance(standing, Step):
        return step_word(standing)
    return "" if standing is None else duty_word(standing)


def fault_sentence(fault: NotUnderstood) -> str:
    """Return what is wrong with a line and what to do about it."""
    sentences = {
        Fault.EMPTY: say("Type a command, such as {how}; Tab completes"),
        Fault.NO_VERB: say("{words} is no command. /help lists them"),
        Fault.UNIT_MISSING: say("Type the unit's call sign next; Tab completes"),
        Fault.UNIT_UNKNOWN: say("No unit is called {words}. Tab lists those on the board"),
        Fault.INCIDENT_MISSING: say("Type the incident next, its number is enough"),
        Fault.INCIDENT_UNKNOWN: say("No incident on the board is {words}. Tab lists the open ones"),
        Fault.INCIDENT_MANY: say("Several incidents end in {words}. Type the whole reference"),
        Fault.STATUS_MISSING: say("Type what {words} does: on scene, done, busy …; Tab completes"),
        Fault.STATUS_UNKNOWN: say("{words} is no standing. Tab lists them"),
        Fault.NOT_SENT_ANYWHERE: say("{words} was not sent anywhere. Assign it first"),
        Fault.TOO_MUCH: say("Leave out {words}"),
    }
    return sentences[fault.fault].format(words=fault.words, how=how())


def help_rows() -> tuple[tuple[str, str], ...]:
    """Return each command with what it does."""
    return (
        (how(), say("send a unit to an incident; the number is enough")),
        (
            "/s P12 on scene",
            say("en route, on scene, done, acknowledged, available, busy, off duty"),
        ),
        ("/clear INC-204", say("clear an incident and free its units")),
        ("/withdraw P12", say("call a unit back from where it was sent")),
        ("/checkin P12", say("note that the crew is well")),
        ("/plan", say("propose whom to send where")),
    )


def told_of(reading: Reading, estimate: str = "") -> str:
    """Return what stands beside the line."""
    if isinstance(reading, NotUnderstood):
        return fault_sentence(reading)
    return will_do(reading, estimate)
