"""A conflict as lines to choose from: what each side has, what was chosen, what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.conflicts import Choice, Conflict, ConflictField, Side, chosen_values
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.records import Place, Report
from trafficdesk.services.intent import field_value

PLACE: Final = "place"
_PLACED: Final = ("lon", "lat")
# Follow from others, or mean nothing to a reader.
_SILENT: Final = frozenset(
    {"lease_until_ms", "decided_ms", "station_id", "score", "severity_score"}
)
_ALL: Final = (
    *("status", "severity", "plate", "vehicle_type", "vehicle_text", PLACE, "address", "area"),
    *("description", "rejection_reason", "decision_note", "assignee_id", "escalated"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its key is a field's name, or ``place`` for longitude and latitude together.

    ``is_in_question``: somebody must choose. ``is_same``: nobody changed it.
    """

    key: str
    before: object
    mine: object
    theirs: object
    is_in_question: bool
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The two places of a conflict, and how far apart they are."""

    mine: Place
    theirs: Place

    @property
    def apart_m(self) -> float:
        """The distance in metres."""
        return distance_m(self.mine, self.theirs)


class Sheet:
    """The lines of one conflict with the choices made so far; nothing is written from here."""

    def __init__(self, conflict: Conflict, report: Report | None) -> None:
        self.conflict = conflict
        self._report = report
        self.lines = _lines(conflict)
        self._choices: dict[str, Choice] = {}
        if conflict.choices:
            self._choices = {key: Choice(side) for key, side in _keyed(conflict.choices).items()}

    @property
    def is_deletion(self) -> bool:
        """Tell whether one side deleted what the other changed."""
        return any(each.field == DELETED for each in self.conflict.in_question)

    @property
    def mine_deleted(self) -> bool:
        """Tell whether it was my side that deleted."""
        found = next((e for e in self.conflict.in_question if e.field == DELETED), None)
        return found is not None and found.mine is not None

    @property
    def pair(self) -> Pair | None:
        """The two places, if the place is in question."""
        line = next((each for each in self.lines if each.key == PLACE), None)
        if line is None or not line.is_in_question:
            return None
        if isinstance(line.mine, Place) and isinstance(line.theirs, Place):
            return Pair(line.mine, line.theirs)
        return None

    def shown(self, *, everything: bool = False) -> list[Line]:
        """Return the lines to show; with ``everything`` also what nobody changed."""
        asked = [each for each in self.lines if each.is_in_question]
        beside = [e for e in self.lines if not e.is_in_question and e.key not in _SILENT]
        rest = list[Line]()
        if everything and self._report is not None:
            taken = {each.key for each in self.lines}
            rest = [self._same(self._report, key) for key in _ALL if key not in taken]
        return [*asked, *beside, *rest]

    def _same(self, report: Report, key: str) -> Line:
        value = report.place if key == PLACE else field_value(report, key)
        return Line(key, value, value, value, is_in_question=False, is_same=True)

    # choosing

    def choose(self, key: str, side: Side, value: object = None) -> None:
        """Choose a side for a line in question; a value goes with ``EDITED``."""
        if key in self.asked:
            self._choices[key] = Choice(side, value)

    def choose_all(self, side: Side) -> None:
        """Choose one side whole."""
        self._choices = {key: Choice(side) for key in self.asked}

    @property
    def asked(self) -> list[str]:
        """The keys that must be chosen, in their order."""
        return [each.key for each in self.lines if each.is_in_question]

    @property
    def left(self) -> list[str]:
        """The keys that are not chosen yet."""
        return [key for key in self.asked if key not in self._choices]

    def choice(self, key: str) -> Choice | None:
        """Return what was chosen for a line."""
        return self._choices.get(key)

    def one_side(self) -> Side | None:
        """Return the side that was chosen for every line, if it is one and no edit."""
        sides = {each.side for each in self._choices.values()}
        is_whole = not self.left and len(sides) == 1 and Side.EDITED not in sides
        return sides.pop() if is_whole else None

    def choices(self) -> dict[str, Choice]:
        """Return the choices by field, as they are written."""
        written = dict[str, Choice]()
        for key, choice in self._choices.items():
            if key != PLACE:
                written[key] = choice
            elif isinstance(choice.value, Place):
                written |= {n: Choice(choice.side, getattr(choice.value, n)) for n in _PLACED}
            else:
                written |= {name: Choice(choice.side) for name in _PLACED}
        return written

    def result(self, line: Line) -> object:
        """Return what a line comes to with the choices made so far."""
        choice = self._choices.get(line.key)
        if choice is not None and choice.side is Side.EDITED:
            return choice.value
        if choice is not None:
            return line.mine if choice.side is Side.MINE else line.theirs
        values = chosen_values(self.conflict, self.choices())
        field = _PLACED[0] if line.key == PLACE else line.key
        return line.mine if field in values else line.theirs


def sides_alike(one: Conflict, other: Conflict) -> bool:
    """Tell whether two conflicts ask the same between the same sides."""
    return _question(one) == _question(other)


def _question(conflict: Conflict) -> tuple[object, ...]:
    asked = tuple(
        sorted((e.field, e.field == DELETED and e.mine is not None) for e in conflict.in_question)
    )
    return asked, conflict.record_entity, conflict.actor_id, conflict.theirs_actor_id


def _lines(conflict: Conflict) -> list[Line]:
    fields = {each.field: each for each in conflict.fields}
    lines = list[Line]()
    for each in conflict.fields:
        if each.field == "lat" and "lon" in fields:
            continue
        if each.field == "lon" and "lat" in fields:
            lines.append(_place(each, fields["lat"]))
        else:
            lines.append(Line(each.field, each.base, each.mine, each.theirs, each.is_in_question))
    return lines


def _place(lon: ConflictField, lat: ConflictField) -> Line:
    asked = lon.is_in_question or lat.is_in_question
    return Line(
        PLACE,
        _point(lon.base, lat.base),
        _point(lon.mine, lat.mine),
        _point(lon.theirs, lat.theirs),
        asked,
    )


def _point(lon: object, lat: object) -> Place | None:
    if isinstance(lon, int | float) and isinstance(lat, int | float):
        return Place(float(lon), float(lat))
    return None


def _keyed(choices: Mapping[str, Side]) -> dict[str, Side]:
    return {PLACE if name in _PLACED else name: side for name, side in choices.items()}
