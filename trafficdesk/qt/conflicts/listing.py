"""What the three tabs list, read off the GUI thread, and each as a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.conflicts import Conflict
from trafficdesk.domain.times import to_ms
from trafficdesk.qt.ages import age
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.entry_list import Entry
from trafficdesk.qt.conflicts.filter_bar import Counted
from trafficdesk.qt.conflicts.filters import Filters, Viewpoint
from trafficdesk.qt.conflicts.words import Reader, say
from trafficdesk.qt.sync.need_you import parked_word
from trafficdesk.services import conflicts, parked
from trafficdesk.services.conflicts import ConflictDetail, Progress
from trafficdesk.services.parked import Parked
from trafficdesk.services.session import Session

OPEN, SETTLED, PARKED = "open", "settled", "parked"


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything the tabs list; ``looked_for`` is a conflict asked for by its id.

    ``stations`` and ``names`` are those of stations and officers, by their ids.
    """

    progress: Progress = field(default_factory=lambda: Progress(0, 0))
    open: tuple[ConflictDetail, ...] = ()
    settled: tuple[ConflictDetail, ...] = ()
    parked: tuple[Parked, ...] = ()
    looked_for: ConflictDetail | None = None
    stations: Mapping[UUID, str] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)

    def find(self, conflict_id: object) -> ConflictDetail | None:
        """Return a listed conflict."""
        every = (*self.open, *self.settled)
        return next((each for each in every if each.conflict.id == conflict_id), None)

    def find_parked(self, op_id: object) -> Parked | None:
        """Return a listed operation."""
        return next((each for each in self.parked if each.operation.op_id == op_id), None)


def load(session: Session, look_for: UUID | None) -> Listed:
    """Return what the tabs list."""
    return Listed(
        conflicts.progress(session),
        tuple(conflicts.find_open(session)),
        tuple(conflicts.find_settled(session)),
        tuple(parked.find_parked(session)),
        None if look_for is None else conflicts.find(session, look_for),
        conflicts.find_station_names(session),
        conflicts.find_names(session),
    )


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who reads the list, when, and what they may settle."""

    reader: Reader
    now: datetime
    may_settle: Callable[[Conflict], bool]

    @property
    def viewpoint(self) -> Viewpoint:
        """What the filters are about."""
        return Viewpoint(self.reader.me, self.now, self.may_settle)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which tab, which of its conflicts, and in what order."""

    tab: str
    filters: Filters = field(default_factory=Filters)
    is_newest_first: bool = False


def entries(listed: Listed, chosen: Chosen, eyes: Eyes) -> list[Entry]:
    """Return the rows of a tab."""
    if chosen.tab == PARKED:
        return [_parked(each, eyes.now) for each in listed.parked]
    if chosen.tab == SETTLED:
        asked = replace(chosen.filters, needs_me=False)
        found = eyes.viewpoint.chosen(listed.settled, asked)
        return [_settled(each, eyes.reader, eyes.now) for each in found]
    found = eyes.viewpoint.chosen(listed.open, chosen.filters)
    if chosen.is_newest_first:
        found.reverse()
    return [_open(each, eyes.reader, eyes.now) for each in found]


def counted(listed: Listed, tab: str, eyes: Eyes) -> Counted:
    """Return what the filters of a tab choose from."""
    found = listed.open if tab == OPEN else listed.settled
    ids = {each.conflict.station_id for each in found}
    stations = {one: listed.stations.get(one) or say("Another station") for one in ids if one}
    need_me = sum(eyes.may_settle(each.conflict) for each in found) if tab == OPEN else None
    return Counted(len(found), need_me, stations)


def _open(detail: ConflictDetail, reader: Reader, now: datetime) -> Entry:
    kind = words.kind_words(detail, reader)
    who = "" if words.kind_icon(detail.conflict) == "trash-2" else words.against(detail, reader)
    return Entry(
        detail.conflict.id,
        words.title(detail),
        words.short_reference(detail),
        " · ".join(filter(None, (kind, who))),
        age(to_ms(detail.conflict.opened_at), now),
        words.kind_icon(detail.conflict),
    )


def _settled(detail: ConflictDetail, reader: Reader, now: datetime) -> Entry:
    conflict = detail.conflict
    at = conflict.settled_at
    return Entry(
        conflict.id,
        words.title(detail),
        words.short_reference(detail),
        words.settled_by(detail, reader),
        "" if at is None else age(to_ms(at), now),
        words.kind_icon(conflict),
        conflict.sync_state,
    )


def _parked(each: Parked, now: datetime) -> Entry:
    return Entry(
        each.operation.op_id,
        parked_word(each),
        each.report.reference if each.report else "",
        each.actor_name,
        age(to_ms(each.at), now),
        "circle-alert",
    )
