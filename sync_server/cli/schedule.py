"""``sync-server schedule``: reports that come round, and what becomes of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson, CityCode, TemplateName
from sync_server.problems import RefusedError
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
    rhythm_of,
)
from trafficdesk.wire.codes import Code

if TYPE_CHECKING:
    from sync_server.reporting.schedules import Scheduled
    from sync_server.reporting.service import Maker
    from sync_server.server import Server
    from trafficdesk.domain.schedules import Rhythm, Wish

app = typer.Typer(help="Have reports come round by themselves.", no_args_is_help=True)


@app.command("list")
def list_schedules(as_json: AsJson = False) -> None:
    """List what comes round: when next, what became of the last one, and what waits."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        _tell(answer, server)


def _tell(answer: Answer, server: "Server") -> None:
    from sync_server.reporting import schedules

    found = schedules.read_all(server)
    answer.tell(schedules=[_told(each) for each in found])
    for each in found:
        _say(answer, each)
    if not found:
        answer.say("No report comes round: sync-server schedule add lets one.")


def _told(found: "Scheduled") -> dict[str, object]:
    import msgspec

    return {
        "id": found.id,
        "city": found.city,
        "wish": msgspec.to_builtins(found.wish),
        "next_ms": found.next_ms,
        "passed_over": found.passed_over,
        "last": found.last,
        "deliveries": found.deliveries,
    }


def _say(answer: Answer, found: "Scheduled") -> None:
    from trafficdesk.domain.times import from_ms

    wish, last = found.wish, found.last
    came = "" if last is None else f"; last {last['state']} {last['fault']}".rstrip()
    passed = f"; {found.passed_over} passed over" if found.passed_over else ""
    to = ", ".join(filter(None, (wish.folder, *wish.addresses)))
    due = f"{from_ms(found.next_ms):%Y-%m-%d %H:%M} UTC"
    what = f"{found.city} {wish.template_id} of {wish.about} as {wish.form} every"
    answer.say(f"{found.id} {what} {wish.rhythm.every} to {to}; next {due}{came}{passed}")
    for each in found.deliveries:
        if each["state"] != "sent":
            why = f"{each['fault']} {each['detail']}".strip()
            told = f"{each['state']} for {each['target']}, {each['tries']} tries"
            answer.say(f"  {told}: {why} ({each['file']})")


@app.command("add")
@dataclass(frozen=True)
class Add:
    """Have a report of a city come round, its personal data masked."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    template: TemplateName
    city: CityCode
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
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(as_json=self.as_json) as answer, opened_server() as server:
            from sync_server.reporting import schedules, service

            maker = service.operator_of(server, self.city)
            made = schedules.add(server, maker, self._wish(server, maker))
            found = schedules.get(server, str(made))
            answer.tell(**_told(found))
            _say(answer, found)

    def _wish(self, server: "Server", maker: "Maker") -> "Wish":
        from sync_server.reporting import service
        from trafficdesk.domain.analytics.scope import Part
        from trafficdesk.domain.reporting.asked import Form
        from trafficdesk.domain.schedules import About, Wish

        if self.form not in set(Form) or self.about not in set(About):
            told = f"--about is one of {', '.join(About)}, --format one of {', '.join(Form)}."
            raise RefusedError(Code.BAD_REQUEST, told)
        return Wish(
            self.template,
            Form(self.form),
            About(self.about),
            self._rhythm(),
            service.part_named(server, maker, Part.STATION, self.station),
            service.part_named(server, maker, Part.WARD, self.ward),
            service.part_named(server, maker, Part.OFFICER, self.person),
            "" if self.folder is None else str(self.folder.expanduser().absolute()),
            tuple(self.mail or ()),
            self.language,
        )

    def _rhythm(self) -> "Rhythm":
        said = "--every is day, week or month, --at HH:MM, and --on a weekday or day of the month."
        try:
            return rhythm_of(self.every, self.on, self.at)
        except ValueError as error:
            raise RefusedError(Code.BAD_REQUEST, said) from error


@app.command("remove")
def remove_schedule(schedule: ScheduleName, as_json: AsJson = False) -> None:
    """End what comes round, with what of it was not brought yet."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.reporting import schedules

        answer.tell(id=schedules.remove(server, schedule))
        answer.say("It comes round no more.")


@app.command("run")
def run_schedules(
    schedule: OneSchedule = None,
    as_json: AsJson = False,
) -> None:
    """Make what is due and bring what waits, also what failed or would be tried later."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.reporting import schedule_runs, schedules

        found = None if schedule is None else schedules.get(server, schedule).id
        schedule_runs.try_again(server, found)
        schedule_runs.run_all(server)
        _tell(answer, server)
