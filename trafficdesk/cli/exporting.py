"""``trafficdesk export``: a list of reports as a file that other programs read."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in
from trafficdesk.cli.stopping import Stopping
from trafficdesk.domain.vocabulary import ReportStatus

if TYPE_CHECKING:
    from trafficdesk.domain.queues import ReportFilter
    from trafficdesk.exports.table import Tick
    from trafficdesk.exports.writing import Format
    from trafficdesk.services.exporting import Exported, ExportFault, Wanted
    from trafficdesk.services.session import Session

_DAY = ["%Y-%m-%d"]


@dataclass(frozen=True)
class Export:
    """Write a list of reports as a file of the format that its ending names."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A file that is not there yet: .csv, .xlsx, .json, .geojson, .gpkg, .kml, .html, "
            ".parquet or .pdf.",
        ),
    ]
    begin: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, help="Reported on this day or later."),
    ] = None
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Reported on this day or before.")
    ] = None
    status: Annotated[
        list[ReportStatus] | None, typer.Option("--status", help="Only these; may be repeated.")
    ] = None
    officer: OfficerOption = None
    password_file: PasswordFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(self.as_json) as answer:
            from trafficdesk.exports.writing import LISTS, format_of

            form = format_of(self.file)
            if form not in LISTS:
                raise RefusedError("export.format", formats=", ".join(LISTS), path=self.file)
            if self.file.exists():
                raise RefusedError("cli.file_exists", path=self.file)
            if self.begin is not None and self.end is not None and self.end < self.begin:
                raise RefusedError("report.days")
            with (
                signed_in(Credentials(self.officer, self.password_file)) as session,
                Stopping() as stopping,
            ):
                self._run(answer, session, form, stopping)

    def _run(self, answer: Answer, session: "Session", form: "Format", stopping: Stopping) -> None:
        from trafficdesk.domain.queues import Sort
        from trafficdesk.exports.table import ExportCancelledError
        from trafficdesk.services.board import count
        from trafficdesk.services.exporting import Exported, ListFile, Wanted

        chosen = self._filter(session)
        total = count(session, chosen)

        def tick(done: int) -> None:
            if stopping.is_wanted():
                raise ExportCancelledError
            answer.step(done, total, "writing")

        notes = (f"Written {session.clock().isoformat(timespec='seconds')}",)
        wanted = Wanted(chosen, Sort.OLDEST, ListFile(self.file, form, "Reports", notes))
        try:
            done = _export(session, wanted, tick)
        except ExportCancelledError as error:
            raise RefusedError("cli.cancelled", Exit.CANCELLED) from error
        if not isinstance(done, Exported):
            me = session.officer
            raise RefusedError(f"export.{done}", name=me.name, role=me.role, format=form)
        answer.tell(file=done.path, rows=done.rows, masked=done.is_masked)
        answer.say(f"Wrote {done.rows} reports to {done.path}.")
        if done.is_masked:
            answer.say("Plates and what was written about people are masked for your role.")

    def _filter(self, session: "Session") -> "ReportFilter":
        from zoneinfo import ZoneInfo

        from trafficdesk.domain.queues import ReportFilter
        from trafficdesk.domain.times import to_ms
        from trafficdesk.store import facts

        with session.store.reading() as connection:
            zone = ZoneInfo(facts.time_zone(connection))
        past = None if self.end is None else self.end + timedelta(days=1)
        return ReportFilter(
            statuses=frozenset(self.status or ()),
            from_ms=None if self.begin is None else to_ms(self.begin.replace(tzinfo=zone)),
            to_ms=None if past is None else to_ms(past.replace(tzinfo=zone)),
        )


def _export(session: "Session", wanted: "Wanted", tick: "Tick") -> "Exported | ExportFault":
    """Write the list; paper alone needs Qt, and fonts."""
    from trafficdesk.exports.writing import Format
    from trafficdesk.services.exporting import export_reports

    if wanted.file.form is not Format.PDF:
        return export_reports(session, wanted, tick)
    from trafficdesk.qt.dispatch_papers.printing import typesetting
    from trafficdesk.qt.exporting.list_pdf import write_pdf

    with typesetting():
        on_paper = replace(wanted, file=replace(wanted.file, write=write_pdf))
        return export_reports(session, on_paper, tick)
