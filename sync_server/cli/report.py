"""``sync-server report``: which reports the server makes, and making one of a city."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson, CityCode, TemplateName
from sync_server.problems import RefusedError
from trafficdesk.domain.reporting.language import Language
from trafficdesk.report_options import (
    FirstDay,
    LanguageOption,
    LastDay,
    OfPerson,
    OfShift,
    OfStation,
    OfWard,
    ReportFile,
    period_of,
)
from trafficdesk.wire.codes import Code

if TYPE_CHECKING:
    from sync_server.server import Server
    from trafficdesk.domain.analytics.periods import Period
    from trafficdesk.domain.reporting.asked import Form

app = typer.Typer(help="List and make reports for people.", no_args_is_help=True)


@app.command("list")
def list_templates(as_json: AsJson = False) -> None:
    """List the reports that the server makes: what stands in each."""
    with answering(as_json=as_json) as answer:
        from trafficdesk.domain.reporting.catalogue import TEMPLATES

        answer.tell(templates=[{"id": each.id, "title": each.title} for each in TEMPLATES])
        for each in TEMPLATES:
            answer.say(f"{each.id:<20} {each.title}")
            answer.say(f"{'':<20} {each.about}")


@app.command("run")
@dataclass(frozen=True)
class Run:
    """Make a report of a city as PDF, HTML or XLSX; without days it is about the last month."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    template: TemplateName
    file: ReportFile
    city: CityCode
    begin: FirstDay = None
    end: LastDay = None
    station: OfStation = ""
    ward: OfWard = ""
    person: OfPerson = ""
    shift: OfShift = None
    language: LanguageOption = Language.ENGLISH
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(as_json=self.as_json) as answer:
            from trafficdesk.domain.reporting.asked import Form
            from trafficdesk.exports.documents.writing import form_of

            form = form_of(self.file)
            if form is None:
                told = f"{self.file} names none of these by its ending: {', '.join(Form)}."
                raise RefusedError(Code.BAD_REQUEST, told)
            if self.file.exists():
                raise RefusedError(Code.BAD_REQUEST, f"{self.file} exists already.")
            with opened_server() as server:
                self._run(answer, server, form)

    def _run(self, answer: Answer, server: "Server", form: "Form") -> None:
        from sync_server.reporting import service
        from trafficdesk.domain.analytics.scope import Part
        from trafficdesk.domain.reporting.asked import Asked

        maker = service.operator_of(server, self.city)
        asked = Asked(
            self.template,
            self._period(service.today_of(server, maker)),
            service.part_named(server, maker, Part.STATION, self.station),
            service.part_named(server, maker, Part.WARD, self.ward),
            service.part_named(server, maker, Part.OFFICER, self.person),
            service.shift_at(server, maker, self.shift),
            self.language,
        )
        try:
            made = service.make_report(server, maker, asked, form, self.file)
        except OSError as error:
            raise RefusedError(Code.BAD_REQUEST, f"{self.file}: {error.strerror}.") from error
        document = made.document
        answer.tell(file=made.path, template=self.template, masked=document.is_masked)
        answer.say(f"Wrote {document.title}, {document.subtitle}, to {made.path}.")

    def _period(self, today: int) -> "Period":
        try:
            return period_of(self.begin, self.end, today)
        except ValueError:
            raise RefusedError(Code.BAD_REQUEST, "--to is before --from.") from None
