"""A checked file becomes reports, a few at a time; its untouched reports can be taken back.

Each part holds the one writer for a moment only, so that a decision on the desk never waits for a
file. What was begun is always ended: by whoever began it, or when the desk opens after a kill.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing, intake
from trafficdesk.services.changes import Changed
from trafficdesk.services.importing.staging import read_aside
from trafficdesk.services.session import Session
from trafficdesk.store import facts, history, imports, parts
from trafficdesk.store.history import ActionInsert, Operation
from trafficdesk.store.imports import ImportBatch, ImportState, Untouched
from trafficdesk.store.parts import Arrival

IMPORT: Final = "import"
TAKE_BACK: Final = "undo_import"
CHANGED: Final = Changed(kinds=frozenset({Entity.REPORT}))
# How long one part may hold the writer, and the pause in which whoever waits for it gets it: a
# lock that is taken again at once is got by nobody else.
_HOLD_S: Final = 0.08
_PAUSE_S: Final = 0.004
_FEWEST, _MOST = 25, 1000
OnDone = Callable[[int], None]


def told_nobody(_done: int) -> None:
    """Tell nobody how far it is."""


def promise(session: Session, pk: int, rows: int) -> ImportBatch:
    """Say in the store that a file's rows will become reports; from here a kill loses none."""
    with session.store.writing() as connection:
        batch = imports.get(connection, pk)
        year = facts.calendar(connection).month_of(batch.at_ms) // 12
        series, first = intake.take_references(connection, year, rows)
        imports.promise(connection, batch, series, first, rows)
        history.begin_action(
            connection, ActionInsert(batch.id, batch.officer_id, IMPORT, batch.at_ms)
        )
        detail = {"file": batch.file, "sha256": batch.sha256, "rows": rows}
        _audit(session, connection, "report.import", detail)
        return imports.get(connection, pk)


def _audit(
    session: Session, connection: Connection, action: str, detail: dict[str, object]
) -> None:
    told = json.dumps(detail, ensure_ascii=False)
    auditing.append(
        session, connection, auditing.Audited(action, "desk", str(session.device_id), told)
    )


class _Paced:
    """One hold of the writer after another, each with as many rows as keep it short."""

    def __init__(self, session: Session) -> None:
        self._store = session.store
        self.rows = _FEWEST * 4

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the write transaction, measure how long it lasts, and let others write after it."""
        with self._store.writing() as connection:
            began = time.monotonic()
            yield connection
        held_s = max(time.monotonic() - began, 1e-4)
        aim = int(self.rows * _HOLD_S / held_s)
        self.rows = max(_FEWEST, min(_MOST, aim, self.rows * 2))
        time.sleep(_PAUSE_S)


def publish(session: Session, batch: ImportBatch, on_done: OnDone) -> None:
    """Make reports of a promised file's rows, from where it stands to its end."""
    done, paced = batch.done_count, _Paced(session)
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    while done < batch.row_count:
        with session.store.reading() as connection:
            contents = imports.find_rows(connection, batch.pk, done, paced.rows)
        numbers = count(batch.first_number + done)
        part = read_aside(contents, (intake.reference(batch.series, n) for n in numbers))
        operations = [_creation(session, batch, arrival) for arrival in part]
        with paced.writing() as connection:
            parts.add_part(connection, calendar, part)
            history.append_many(connection, operations)
            imports.pass_rows(connection, batch.pk, done + len(part))
        done += len(part)
        on_done(done)
    with session.store.writing() as connection:
        imports.set_state(connection, batch.pk, ImportState.DONE)


def _creation(session: Session, batch: ImportBatch, arrival: Arrival) -> Operation:
    row, violations = arrival
    return Operation(
        op_id=new_id(),
        action_id=batch.id,
        entity=Entity.REPORT,
        entity_id=UUID(bytes=row.id),
        action=IMPORT,
        base_version=0,
        revision=1,
        changes=intake.creation(row, violations, ()),
        note="",
        actor_id=batch.officer_id,
        device_id=session.device_id,
        at_ms=batch.at_ms,
    )


class TakeBackFault(StrEnum):
    """Why an import was not taken back. The values are stable codes."""

    NOT_PERMITTED = "import.undo_not_permitted"
    UNKNOWN = "import.undo_unknown"
    TAKEN_BACK = "import.undo_done_before"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An import was taken back but for the reports that somebody has worked on since."""

    file: str
    taken: int
    kept: int
    changed: Changed


def find_imports(session: Session) -> list[ImportBatch]:
    """Return the files that were imported at this desk, the latest first."""
    with session.store.reading() as connection:
        return imports.find_latest(connection)


def take_back(
    session: Session, pk: int, on_done: OnDone = told_nobody
) -> TakenBack | TakeBackFault:
    """Take a file's reports off the desk again, all but those that were touched since.

    Touched is what was changed in any way, or is the original of a duplicate.

    Raises:
        StoreError: the store cannot be written; what was begun is ended when the desk opens.
    """
    if not session.may(Permission.REPORT_IMPORT):
        return TakeBackFault.NOT_PERMITTED
    with session.store.reading() as connection:
        batch = imports.find(connection, pk)
    if batch is None or batch.state in {ImportState.READING, ImportState.COMING}:
        return TakeBackFault.UNKNOWN
    if batch.state is not ImportState.DONE:
        return TakeBackFault.TAKEN_BACK
    return leave(session, batch, on_done)


def leave(session: Session, batch: ImportBatch, on_done: OnDone) -> TakenBack:
    """Take back what has come of a file so far; rows that still wait never become reports."""
    undo_id = new_id()
    with session.store.writing() as connection:
        imports.begin_leaving(connection, batch.pk, undo_id)
        now_ms = to_ms(session.clock())
        history.begin_action(
            connection, ActionInsert(undo_id, session.officer.id, TAKE_BACK, now_ms, batch.id)
        )
        detail = {"file": batch.file, "sha256": batch.sha256, "rows": batch.row_count}
        _audit(session, connection, "report.import_undo", detail)
        batch = imports.get(connection, batch.pk)
    return _go_on_leaving(session, batch, on_done)


def _go_on_leaving(session: Session, batch: ImportBatch, on_done: OnDone) -> TakenBack:
    paced, taken = _Paced(session), 0
    at_ms = to_ms(session.clock())
    going_on: int | None = 0
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    while going_on is not None:
        with paced.writing() as connection:
            found, going_on = imports.find_untouched(connection, batch.id, going_on, paced.rows)
            if found:
                parts.remove_part(connection, calendar, [each.pk for each in found], at_ms)
                history.append_many(connection, _removals(session, batch, found, at_ms))
        taken += len(found)
        on_done(taken)
    with session.store.writing() as connection:
        kept = imports.end_leaving(connection, batch)
    return TakenBack(batch.file, batch.done_count - kept, kept, CHANGED)


def _removals(
    session: Session, batch: ImportBatch, found: Sequence[Untouched], at_ms: int
) -> list[Operation]:
    if batch.undo_id is None:
        raise AssertionError("an import that is taken back names the action that does it")
    return [
        Operation(
            op_id=new_id(),
            action_id=batch.undo_id,
            entity=Entity.REPORT,
            entity_id=each.id,
            action=TAKE_BACK,
            base_version=each.version,
            revision=2,
            changes=(FieldChange("deleted_ms", None, at_ms),),
            note="",
            actor_id=session.officer.id,
            device_id=session.device_id,
            at_ms=at_ms,
        )
        for each in found
    ]


def end_begun(session: Session) -> None:
    """Bring files to their end that a kill has left half way: read ones go, checked ones come."""
    with session.store.reading() as connection:
        begun = imports.find_unended(connection)
    for batch in begun:
        match batch.state:
            case ImportState.COMING:
                publish(session, batch, told_nobody)
            case ImportState.LEAVING:
                _go_on_leaving(session, batch, told_nobody)
            case _:
                with session.store.writing() as connection:
                    imports.forget(connection, batch.pk)
