"""``trafficdesk schedule``: reports that come round, and what becomes of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile, TemplateName
from trafficdesk.cli.schedule_words import (
    deliveries_told,
    rhythm_typed,
    scheduled_line,
    scheduled_told,
)
from trafficdesk.cli.signing_in import Credentials, signed_in
from trafficdesk.domain.reporting.language import Language
from trafficdesk.report_options import (
    AboutOption,
    AtOption,
    EveryOption,
    FolderOption,
    FormOption,
    LanguageOption,
    MailOption,
    OfPerson,
    OfStation,
    OfWard,
    OneSchedule,
    OnOption,
    ScheduleName,
)

if TYPE_CHECKING:
    from trafficdesk.domain.schedules import Wish
    from trafficdesk.services.schedules import Scheduled
    from trafficdesk.services.session import Session

app = typer.Typer(help="Have reports come round by themselves.", no_args_is_help=True)


@app.command("list")
def list_schedules(
    officer: OfficerOption = None, password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """List what comes round: when next, what became of the last one, and what waits to be sent."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        _tell(answer, session)


def _tell(answer: Answer, session: "Session") -> None:
    from trafficdesk.services import schedules

    found = schedules.find(session)
    waiting = [each for each in schedules.find_deliveries(session) if each.done_ms is None]
    answer.tell(
        schedules=[scheduled_told(each) for each in found], deliveries=deliveries_told(waiting)
    )
    for each in found:
        answer.say(scheduled_line(each))
    for sent in waiting:
        why = f": {sent.fault} {sent.detail}".rstrip()
        answer.say(f"  {sent.state} for {sent.target}, {sent.tries} tries{why} ({sent.file})")
    if not found:
        answer.say("No report comes round. trafficdesk schedule add lets one.")


@app.command("add")
@dataclass(frozen=True)
class Add:
    """Have a report come round: of yesterday, last week, last month or the last shift."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    template: TemplateName
    every: EveryOption = "month"
    on: OnOption = 1
    at: AtOption = "06:00"
    about: AboutOption = "last_month"
    form: FormOption = "pdf"
    folder: FolderOption = None
    mail: MailOption = None
    station: OfStation = ""
    ward: OfWard = ""
    person: OfPerson = ""
    language: LanguageOption = Language.ENGLISH
    officer: OfficerOption = None
    password_file: PasswordFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with (
            answering(self.as_json) as answer,
            signed_in(Credentials(self.officer, self.password_file)) as session,
        ):
            from trafficdesk.domain.reporting.asked import ReportFault
            from trafficdesk.services import schedules

            made = schedules.add(session, self._wish(session))
            if isinstance(made, str):
                me = session.officer
                room = "report" if isinstance(made, ReportFault) else "schedule"
                raise RefusedError(
                    f"{room}.{made}",
                    name=me.name,
                    role=me.role,
                    format=self.form,
                    template=self.template,
                )
            (found,) = (each for each in schedules.find(session) if each.id == made)
            answer.tell(**scheduled_told(found))
            answer.say(scheduled_line(found))

    def _wish(self, session: "Session") -> "Wish":
        from trafficdesk.cli.report import named
        from trafficdesk.domain.reporting.asked import Form
        from trafficdesk.domain.schedules import About, Wish
        from trafficdesk.store import officers, places

        with session.store.reading() as connection:
            stations = {each.id: each.name for each in places.find_stations(connection)}
            wards = dict(places.find_ward_names(connection))
            people = officers.find_names(connection)
        if self.form not in set(Form) or self.about not in set(About):
            raise RefusedError("schedule.words", about=", ".join(About), formats=", ".join(Form))
        return Wish(
            self.template,
            Form(self.form),
            About(self.about),
            rhythm_typed(self.every, self.on, self.at),
            named(stations, self.station),
            named(wards, self.ward),
            named(people, self.person),
            "" if self.folder is None else str(self.folder.expanduser().absolute()),
            tuple(self.mail or ()),
            self.language,
        )


@app.command("remove")
def remove_schedule(
    schedule: ScheduleName,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """End what comes round, with what of it was not delivered yet."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services import schedules

        found = _get(session, schedule)
        if not schedules.remove(session, found.id):
            me = session.officer
            raise RefusedError("cli.not_permitted", name=me.name, role=me.role)
        answer.tell(id=found.id)
        answer.say("It comes round no more.")


@app.command("run")
def run_schedules(
    schedule: OneSchedule = None,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Make what is due and send what waits, also what failed or would be tried later."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services import schedule_runs

        found = None if schedule is None else _get(session, schedule).id
        schedule_runs.try_again(session, found)
        schedule_runs.run_all(session)
        _tell(answer, session)


@app.command("mail")
def mail_server(
    new_password_file: Annotated[
        Path | None,
        typer.Option(
            "--keep-password",
            metavar="FILE",
            help="Put the password in the first line of FILE into the system's keyring.",
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", help="Send a letter there to try it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the mail server that reports go by: IT's, or the one in the profile's mail.json."""
    with answering(as_json) as answer:
        import msgspec

        from trafficdesk.profile import Profile
        from trafficdesk.services import mailing

        profile = Profile.from_environment()
        rules = mailing.find_rules(profile)
        if rules is None:
            raise RefusedError("mail.no_server", path=profile.mail)
        if new_password_file is not None:
            mailing.keep_password(rules, mailing.read_password(str(new_password_file)))
            answer.say("The keyring has the password.")
        if to is not None:
            mailing.try_out(profile, to)
            answer.say(f"{rules.host} has taken a letter for {to}.")
        answer.tell(**msgspec.to_builtins(rules), is_of_it=profile.policy.mail is not None)
        line = "from its first word" if rules.tls else "by STARTTLS"
        answer.say(f"{rules.host}:{rules.port}, encrypted {line}, from {rules.sender}")


def _get(session: "Session", wanted: str) -> "Scheduled":
    from trafficdesk.services import schedules

    found = [each for each in schedules.find(session) if str(each.id).startswith(wanted.lower())]
    if len(found) != 1:
        raise RefusedError("schedule.unknown", id=wanted)
    return found[0]
