"""Which conflicts are listed: what clashes, whose they are, of which station and how old."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from trafficdesk.domain.conflicts import Conflict
from trafficdesk.domain.merge import DELETED, PLACE
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.conflicts import ConflictDetail


class Kind(StrEnum):
    """What clashes. One conflict may be of several kinds."""

    FACTS = "facts"
    DECISION = "decision"
    PLACE = "place"
    DELETION = "deletion"
    AREA = "area"
    CITATION = "citation"


class Whose(StrEnum):
    """Whose side stands against the server's."""

    MINE = "mine"
    OTHERS = "others"


class Age(StrEnum):
    """Since when it waits."""

    DAY = "day"
    WEEK = "week"
    OLDER = "older"


_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_OF_RECORDS: Final = {Entity.GEOFENCE: Kind.AREA, Entity.CITATION: Kind.CITATION}


def kinds_of(conflict: Conflict) -> frozenset[Kind]:
    """Return every kind a conflict is of, at least one."""
    asked = {each.field for each in conflict.in_question}
    found = set[Kind]()
    if conflict.record_entity in _OF_RECORDS:
        found.add(_OF_RECORDS[conflict.record_entity])
    elif "status" in asked:
        found.add(Kind.DECISION)
    if DELETED in asked:
        found.add(Kind.DELETION)
    if asked & set(PLACE):
        found.add(Kind.PLACE)
    has_facts = bool(asked - {"status", DELETED, *PLACE})
    if not found or (has_facts and conflict.record_entity is Entity.REPORT):
        found.add(Kind.FACTS)
    return frozenset(found)


def age_of(conflict: Conflict, now: datetime) -> Age:
    """Return since when a conflict waits, or waited when it was settled."""
    waited = now - conflict.opened_at
    if waited < _DAY:
        return Age.DAY
    return Age.WEEK if waited < _WEEK else Age.OLDER


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that must all hold; None and False ask nothing."""

    needs_me: bool = False
    kind: Kind | None = None
    whose: Whose | None = None
    station: UUID | None = None
    age: Age | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is listed."""
        return self == Filters()

    def active(self) -> list[tuple[str, object]]:
        """Return the conditions of the menu that are set, by name."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self))
        return [(name, value) for name, value in named if name != "needs_me" and value is not None]

    def toggled(self, name: str, value: object) -> "Filters":
        """Return the filters with a condition set, or taken away if it was set so."""
        changed: dict[str, Any] = {name: None if getattr(self, name) == value else value}
        return replace(self, **changed)

    def without(self, name: str) -> "Filters":
        """Return the filters without a condition."""
        return self.toggled(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Who looks, and when: what the conditions are about."""

    me: UUID
    now: datetime
    may_settle: Callable[[Conflict], bool]

    def fits(self, conflict: Conflict, asked: Filters) -> bool:
        """Tell whether a conflict is one of those asked for."""
        whose = Whose.MINE if conflict.actor_id == self.me else Whose.OTHERS
        return (
            (not asked.needs_me or self.may_settle(conflict))
            and (asked.kind is None or asked.kind in kinds_of(conflict))
            and asked.whose in {None, whose}
            and asked.station in {None, conflict.station_id}
            and asked.age in {None, age_of(conflict, self.now)}
        )

    def chosen(self, found: Iterable[ConflictDetail], asked: Filters) -> list[ConflictDetail]:
        """Return those of the conflicts that are asked for."""
        return [each for each in found if self.fits(each.conflict, asked)]
