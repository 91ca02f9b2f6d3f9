"""What a typed command means: parsed against the boards, completed, or told what to do instead.

Nothing here is in words: the line's own words are in ``line_words``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trafficdesk.domain.vocabulary import Duty, Step
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitLine
from trafficdesk.qt.dispatch.words import short_reference
from trafficdesk.services.dispatch_board import Group


class Verb(StrEnum):
    """What can be typed after the slash."""

    ASSIGN = "assign"
    STATUS = "s"
    CLEAR = "clear"
    WITHDRAW = "withdraw"
    CHECK_IN = "checkin"
    HELP = "help"
    PLAN = "plan"


class Fault(StrEnum):
    """Why a line can not be done."""

    EMPTY = "empty"
    NO_VERB = "no_verb"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    INCIDENT_MISSING = "incident_missing"
    INCIDENT_UNKNOWN = "incident_unknown"
    INCIDENT_MANY = "incident_many"
    STATUS_MISSING = "status_missing"
    STATUS_UNKNOWN = "status_unknown"
    NOT_SENT_ANYWHERE = "not_sent_anywhere"
    TOO_MUCH = "too_much"


# Both what may be typed and, first of all, what completion offers.
STANDINGS: Final[Mapping[str, Step | Duty]] = {
    "en route": Step.EN_ROUTE,
    "on scene": Step.ARRIVED,
    "done": Step.CLEARED,
    "acknowledged": Step.ACKNOWLEDGED,
    "available": Duty.ON,
    "busy": Duty.BUSY,
    "off duty": Duty.OFF,
}
_OTHERWISE: Final[Mapping[str, Step | Duty]] = {
    "enroute": Step.EN_ROUTE,
    "onscene": Step.ARRIVED,
    "scene": Step.ARRIVED,
    "clear": Step.CLEARED,
    "cleared": Step.CLEARED,
    "ack": Step.ACKNOWLEDGED,
    "free": Duty.ON,
    "off": Duty.OFF,
}
_OFFERED: Final = 8


@dataclass(frozen=True, slots=True)
class Understood:
    """A whole command: what, which unit, which incident, which standing."""

    verb: Verb
    unit: UnitLine | None = None
    incident: IncidentLine | None = None
    standing: Step | Duty | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What is wrong with a line, and the words it is about."""

    fault: Fault
    words: str = ""


Reading = Understood | NotUnderstood


def plain(text: str) -> str:
    """Return a name as it is compared: without case, spaces and hyphens."""
    return "".join(each for each in text.casefold() if each.isalnum())


def read(text: str, lines: Lines) -> Reading:
    """Return what a line means."""
    words = text.strip().lstrip("/").split()  # the line begins with one, and people type it, too
    if not words:
        return NotUnderstood(Fault.EMPTY)
    verb = _verb(words[0])
    if verb is None:
        return NotUnderstood(Fault.NO_VERB, words[0])
    return _READERS[verb](verb, words[1:], lines)


def _verb(word: str) -> Verb | None:
    found = [verb for verb in Verb if word.casefold() == verb.value]
    if found:
        return found[0]
    starting = [verb for verb in Verb if verb.value.startswith(word.casefold())]
    return starting[0] if len(starting) == 1 and len(word) > 1 else None


def take_unit(words: list[str], lines: Lines) -> tuple[UnitLine | None, list[str]]:
    """Return the unit that a line begins with, and the words after it; the longest name wins."""
    names = {plain(line.unit.call_sign): line for line in lines.units}
    for count in range(len(words), 0, -1):
        found = names.get(plain("".join(words[:count])))
        if found is not None:
            return found, words[count:]
    return None, words


def find_incidents(word: str, lines: Lines) -> list[IncidentLine]:
    """Return the incidents a word may mean: a whole reference, or the number at its end."""
    wanted = plain(word)
    exact = [
        line
        for line in lines.incidents
        if wanted in {plain(name) for name in _names(line.incident.reference)}
    ]
    if exact:
        return exact
    digits = "".join(each for each in word if each.isdigit()).lstrip("0")
    if not digits:
        return []
    is_number = all(each.isdigit() or not each.isalnum() for each in word)
    found = [line for line in lines.incidents if is_number and _number(line) == digits]
    still_open = [line for line in found if line.group is not Group.CLEARED]
    return still_open or found


def _names(reference: str) -> tuple[str, str]:
    return reference, short_reference(reference)


def _number(line: IncidentLine) -> str:
    return line.incident.reference.rpartition("-")[2].lstrip("0")


def _with_unit(
    words: list[str], lines: Lines, go_on: Callable[[UnitLine, list[str]], Reading]
) -> Reading:
    if not words:
        return NotUnderstood(Fault.UNIT_MISSING)
    unit, rest = take_unit(words, lines)
    if unit is None:
        return NotUnderstood(Fault.UNIT_UNKNOWN, " ".join(words))
    return go_on(unit, rest)


def _incident(words: list[str], lines: Lines) -> IncidentLine | NotUnderstood:
    if not words:
        return NotUnderstood(Fault.INCIDENT_MISSING)
    if len(words) > 1:
        return NotUnderstood(Fault.TOO_MUCH, " ".join(words[1:]))
    found = find_incidents(words[0], lines)
    if not found:
        return NotUnderstood(Fault.INCIDENT_UNKNOWN, words[0])
    if len(found) > 1:
        return NotUnderstood(Fault.INCIDENT_MANY, words[0])
    return found[0]


def _read_assign(verb: Verb, words: list[str], lines: Lines) -> Reading:
    def go_on(unit: UnitLine, rest: list[str]) -> Reading:
        incident = _incident(rest, lines)
        if isinstance(incident, NotUnderstood):
            return incident
        return Understood(verb, unit, incident)

    return _with_unit(words, lines, go_on)


def _read_status(verb: Verb, words: list[str], lines: Lines) -> Reading:
    def go_on(unit: UnitLine, rest: list[str]) -> Reading:
        told = " ".join(rest).casefold()
        if not told:
            return NotUnderstood(Fault.STATUS_MISSING, unit.unit.call_sign)
        standing = STANDINGS.get(told) or _OTHERWISE.get(told)
        if standing is None:
            return NotUnderstood(Fault.STATUS_UNKNOWN, " ".join(rest))
        if isinstance(standing, Step) and unit.row.assignment is None:
            return NotUnderstood(Fault.NOT_SENT_ANYWHERE, unit.unit.call_sign)
        return Understood(verb, unit, standing=standing)

    return _with_unit(words, lines, go_on)


def _read_clear(verb: Verb, words: list[str], lines: Lines) -> Reading:
    incident = _incident(words, lines)
    return incident if isinstance(incident, NotUnderstood) else Understood(verb, None, incident)


def _read_unit_alone(verb: Verb, words: list[str], lines: Lines) -> Reading:
    def go_on(unit: UnitLine, rest: list[str]) -> Reading:
        if rest:
            return NotUnderstood(Fault.TOO_MUCH, " ".join(rest))
        if verb is Verb.WITHDRAW and unit.row.assignment is None:
            return NotUnderstood(Fault.NOT_SENT_ANYWHERE, unit.unit.call_sign)
        return Understood(verb, unit)

    return _with_unit(words, lines, go_on)


def _read_alone(verb: Verb, _words: list[str], _lines: Lines) -> Reading:
    return Understood(verb)


_READERS: Final[Mapping[Verb, Callable[[Verb, list[str], Lines], Reading]]] = {
    Verb.ASSIGN: _read_assign,
    Verb.STATUS: _read_status,
    Verb.CLEAR: _read_clear,
    Verb.WITHDRAW: _read_unit_alone,
    Verb.CHECK_IN: _read_unit_alone,
    Verb.HELP: _read_alone,
    Verb.PLAN: _read_alone,
}


# completion


def complete(text: str, lines: Lines) -> tuple[str, ...]:
    """Return whole lines that a line may become, the likeliest first."""
    words = text.lstrip("/").split()
    is_new_word = text.endswith(" ")
    if not words or (len(words) == 1 and not is_new_word):
        start = words[0].casefold() if words else ""
        return tuple(f"/{verb} " for verb in Verb if verb.value.startswith(start))
    verb = _verb(words[0])
    if verb in {None, Verb.HELP, Verb.PLAN}:
        return ()
    if verb is Verb.CLEAR:
        begun = "" if is_new_word else words[-1]
        return tuple(f"/{verb} {each}" for each in _references(begun, lines))
    return _complete_unit(verb, text, words[1:], lines)


def _complete_unit(verb: Verb, text: str, words: list[str], lines: Lines) -> tuple[str, ...]:
    unit, rest = take_unit(words, lines)
    if unit is None or (not rest and not text.endswith(" ")):
        begun = plain("".join(words))
        every = (line for line in lines.units if plain(line.unit.call_sign).startswith(begun))
        chosen = [line for line in every if _is_apt(verb, line)]
        after = "" if verb in {Verb.WITHDRAW, Verb.CHECK_IN} else " "
        return tuple(f"/{verb} {line.unit.call_sign}{after}" for line in chosen[:_OFFERED])
    head = f"/{verb} {unit.unit.call_sign} "
    if verb is Verb.ASSIGN:
        begun = rest[-1] if rest else ""
        return tuple(f"{head}{each}" for each in _references(begun, lines))
    if verb is Verb.STATUS:
        told = " ".join(rest).casefold()
        is_out = unit.row.assignment is not None
        offered = (
            name
            for name, standing in STANDINGS.items()
            if name.startswith(told) and (is_out or isinstance(standing, Duty))
        )
        return tuple(f"{head}{name}" for name in offered)
    return ()


def _is_apt(verb: Verb, line: UnitLine) -> bool:
    return verb is not Verb.WITHDRAW or line.row.assignment is not None


def _references(begun: str, lines: Lines) -> Iterable[str]:
    start, number = plain(begun), begun.lstrip("0")
    still_open = (line for line in lines.incidents if line.group is not Group.CLEARED)
    found = [
        short_reference(line.incident.reference)
        for line in still_open
        if any(plain(name).startswith(start) for name in _names(line.incident.reference))
        or (number.isdigit() and _number(line).startswith(number))
    ]
    return found[:_OFFERED]
