"""Writing the reports of a file inside one transaction, each with its event and operation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.geometry import contains
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import intake
from trafficdesk.services.intent import Intent
from trafficdesk.store import bulk, history, places, reports
from trafficdesk.store.history import Operation
from trafficdesk.store.reports import ReportInsert

ACTION = "import"
# Below, writing one by one beats making all counts and indexes afresh.
BULK_FROM = 5_000
BULK_SHARE = 0.1
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be written: reports as they are read, and how many there will be."""

    incoming: Iterator[tuple[int, NewReport]]
    count: int
    on_row: Callable[[int], None]


def write(doing: Intent, load: Load) -> int:
    """Write every report; return how many. Each operation is on its way to the server."""
    writer = _Writer(doing, load)
    existing = doing.connection.exec_driver_sql("SELECT coalesce(max(pk), 0) FROM reports").scalar()
    if load.count >= max(BULK_FROM, BULK_SHARE * int(existing or 0)):
        written = bulk.load(doing.connection, writer.rows())
        writer.add_further_violations()
    else:
        written = _one_by_one(doing, writer)
    writer.flush()
    return written


def _one_by_one(doing: Intent, writer: "_Writer") -> int:
    written = 0
    for row in writer.rows():
        pk = reports.insert(doing.connection, row, writer.violations)
        reports.recount(doing.connection, doing.calendar, reports.NOT_COUNTED, pk)
        written += 1
    return written


class _Writer:
    """Turns reports into rows and writes their history beside them, many at once."""

    def __init__(self, doing: Intent, load: Load) -> None:
        self._doing = doing
        self._load = load
        self._wards = places.find_ward_bounds(doing.connection)
        self._waiting: list[Operation] = []
        self._further: list[tuple[int, str, bytes]] = []
        self.violations: tuple[str, ...] = ()

    def rows(self) -> Iterator[ReportInsert]:
        """Yield the row of every report; ``violations`` are those of the row yielded last."""
        doing = self._doing
        references = intake.next_references(doing.connection, doing.year, self._load.count)
        for done, (_line, report) in enumerate(self._load.incoming):
            self._load.on_row(done)
            row = intake.as_insert(doing.connection, report, (), references[done], self._find_ward)
            row = row._replace(created_ms=doing.at_ms, updated_ms=doing.at_ms)
            self._remember(row, report)
            self.violations = report.violations
            yield row

    def _find_ward(self, connection: Connection, place: Place) -> UUID | None:
        """Ask only for points that may lie in a ward: a whole file often lies elsewhere."""
        if self._wards is None or not contains(self._wards, place):
            return None
        return places.find_ward_at(connection, place)

    def _remember(self, row: ReportInsert, report: NewReport) -> None:
        doing = self._doing
        self._waiting.append(
            Operation(
                op_id=new_id(),
                action_id=doing.action_id,
                entity=Entity.REPORT,
                entity_id=UUID(bytes=row.id),
                action=ACTION,
                base_version=0,
                revision=1,
                changes=intake.creation(row, report, ()),
                note="",
                actor_id=doing.session.officer.id,
                device_id=doing.session.device_id,
                at_ms=doing.at_ms,
            )
        )
        for position, code in enumerate(report.violations[1:], 1):
            self._further.append((position, code, row.id))
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the events and operations collected so far."""
        history.append_many(self._doing.connection, self._waiting)
        self._waiting.clear()

    def add_further_violations(self) -> None:
        """Write the second and further violations of reports that were loaded in bulk."""
        add_violations(self._doing.connection, self._further)


def add_violations(connection: Connection, further: list[tuple[int, str, bytes]]) -> None:
    """Write violations by position and code for reports by id."""
    if further:
        connection.exec_driver_sql(
            "INSERT INTO report_violations (report_pk, position, code) "
            "SELECT pk, ?, ? FROM reports WHERE id = ?",
            further,
        )
