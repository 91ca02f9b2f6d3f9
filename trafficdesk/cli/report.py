"""``trafficdesk report``: which reports there are, and making one of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile, TemplateName
from trafficdesk.cli.signing_in import Credentials, signed_in
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

if TYPE_CHECKING:
    from uuid import UUID

    from trafficdesk.domain.analytics.periods import Period
    from trafficdesk.domain.reporting.asked import Asked, Form
    from trafficdesk.services.session import Session

app = typer.Typer(help="List and make reports for people.", no_args_is_help=True)


@app.command("list")
def list_templates(as_json: AsJson = False) -> None:
    """List the templates: what stands in each, and what it can be about."""
    with answering(as_json) as answer:
        from trafficdesk.domain.reporting.catalogue import TEMPLATES

        told = [
            {
                "id": each.id,
                "title": each.title,
                "about": each.about,
                "permission": each.permission,
                "of": sorted(part.name.lower() for part in each.of),
                "is_of_a_shift": each.is_of_a_shift,
            }
            for each in TEMPLATES
        ]
        answer.tell(templates=told)
        for each in TEMPLATES:
            of = ", ".join(sorted(part.name.lower() for part in each.of))
            answer.say(f"{each.id:<20} {each.title} (of: {'shift' if each.is_of_a_shift else of})")
            answer.say(f"{'':<20} {each.about}")


@app.command("run")
@dataclass(frozen=True)
class Run:
    """Make a report as PDF, HTML or XLSX; without days it is about the last whole month."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    template: TemplateName
    file: ReportFile
    begin: FirstDay = None
    end: LastDay = None
    station: OfStation = ""
    ward: OfWard = ""
    person: OfPerson = ""
    shift: OfShift = None
    language: LanguageOption = Language.ENGLISH
    officer: OfficerOption = None
    password_file: PasswordFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(self.as_json) as answer:
            from trafficdesk.domain.reporting.asked import Form
            from trafficdesk.exports.documents.writing import form_of

            form = form_of(self.file)
            if form is None:
                raise RefusedError("export.format", formats=", ".join(Form), path=self.file)
            if self.file.exists():
                raise RefusedError("cli.file_exists", path=self.file)
            with signed_in(Credentials(self.officer, self.password_file)) as session:
                self._run(answer, session, form)

    def _run(self, answer: Answer, session: "Session", form: "Form") -> None:
        from trafficdesk.services.reporting.making import Made, make_report

        done = make_report(session, self._asked(session), form, self.file)
        if not isinstance(done, Made):
            me = session.officer
            raise RefusedError(
                f"report.{done}", name=me.name, role=me.role, format=form, template=self.template
            )
        document = done.document
        answer.tell(
            file=done.path,
            template=document.template_id,
            title=document.title,
            about=document.subtitle,
            masked=document.is_masked,
            as_of=done.as_of,
        )
        answer.say(f"Wrote {document.title}, {document.subtitle}, to {done.path}.")

    def _asked(self, session: "Session") -> "Asked":
        from trafficdesk.domain.reporting.asked import Asked
        from trafficdesk.domain.shifts import shift_of
        from trafficdesk.domain.times import to_ms
        from trafficdesk.store import facts, officers, places

        with session.store.reading() as connection:
            calendar = facts.calendar(connection)
            stations = {each.id: each.name for each in places.find_stations(connection)}
            wards = dict(places.find_ward_names(connection))
            people = officers.find_names(connection)
        now_ms = to_ms(session.lease_clock())
        at_ms = now_ms if self.shift is None else _wall_ms(self.shift, calendar.offset_ms)
        return Asked(
            self.template,
            self._period(calendar.day_of(now_ms)),
            named(stations, self.station),
            named(wards, self.ward),
            named(people, self.person),
            shift_of(calendar, at_ms) - (self.shift is None),
            self.language,
        )

    def _period(self, today: int) -> "Period":
        try:
            return period_of(self.begin, self.end, today)
        except ValueError as error:
            raise RefusedError("report.days") from error


def _wall_ms(at: datetime, offset_ms: int) -> int:
    """Return the instant at which the city's clocks show a time."""
    from trafficdesk.domain.times import to_ms

    return to_ms(at.replace(tzinfo=UTC)) - offset_ms


def named(names: "dict[UUID, str]", wanted: str) -> "UUID | None":
    """Return who or what is called so, None for "". Raises ``RefusedError``: nobody, or several."""
    if not wanted:
        return None
    called = wanted.casefold()
    exact = [each for each, name in names.items() if called in {name.casefold(), str(each)}]
    found = exact or [each for each, name in names.items() if name.casefold().startswith(called)]
    if len(found) != 1:
        some = ", ".join(sorted(names[each] for each in found or names)[:20])
        raise RefusedError("report.name", name=wanted, names=some)
    return found[0]
