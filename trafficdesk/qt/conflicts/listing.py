"""What the three tabs list, read off the GUI thread, and each as a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.times import to_ms
from trafficdesk.qt.ages import age
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.entry_list import Entry
from trafficdesk.qt.conflicts.words import Reader
from trafficdesk.qt.event_words import done_word
from trafficdesk.services import conflicts, parked
from trafficdesk.services.conflicts import ConflictDetail, Progress
from trafficdesk.services.parked import Parked
from trafficdesk.services.session import Session

OPEN, SETTLED, PARKED = "open", "settled", "parked"


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything the tabs list; ``looked_for`` is a conflict asked for by its id."""

    progress: Progress = field(default_factory=lambda: Progress(0, 0))
    open: tuple[ConflictDetail, ...] = ()
    settled: tuple[ConflictDetail, ...] = ()
    parked: tuple[Parked, ...] = ()
    looked_for: ConflictDetail | None = None

    def find(self, conflict_id: object) -> ConflictDetail | None:
        """Return a listed conflict."""
        every = (*self.open, *self.settled)
        return next((each for each in every if each.conflict.id == conflict_id), None)

    def find_parked(self, op_id: object) -> Parked | None:
        """Return a listed operation."""
        return next((each for each in self.parked if each.operation.op_id == op_id), None)

    @property
    def names(self) -> Mapping[UUID, str]:
        """Everybody's name by id, as far as a conflict brought them."""
        every = (*self.open, *self.settled)
        return every[0].names if every else {}


def load(session: Session, look_for: UUID | None) -> Listed:
    """Return what the tabs list."""
    return Listed(
        conflicts.progress(session),
        tuple(conflicts.find_open(session)),
        tuple(conflicts.find_settled(session)),
        tuple(parked.find_parked(session)),
        None if look_for is None else conflicts.find(session, look_for),
    )


def entries(listed: Listed, tab: str, reader: Reader, now: datetime) -> list[Entry]:
    """Return the rows of a tab."""
    if tab == OPEN:
        return [_open(each, reader, now) for each in listed.open]
    if tab == SETTLED:
        return [_settled(each, reader, now) for each in listed.settled]
    return [_parked(each, now) for each in listed.parked]


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
        done_word(each.operation.action),
        each.report.reference if each.report else "",
        each.actor_name,
        age(to_ms(each.at), now),
        "circle-alert",
    )
