"""``trafficdesk bundle``: exchanging with the server by file, where there is no network."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import RefusedError, answering
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in

if TYPE_CHECKING:
    from trafficdesk.sync.unbundling import Taken

app = typer.Typer(help="Exchange with the server by file.", no_args_is_help=True)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write what waits into a file for the server, which alone can open it."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.domain.times import to_ms
        from trafficdesk.security.durable_file import write_durably
        from trafficdesk.sync.bundling import make_request

        if file.exists():
            raise RefusedError("cli.file_exists", path=file)
        made = make_request(session.store, session.device, to_ms(session.clock()))
        write_durably(file, made.content)
        answer.tell(file=file, number=made.number, operations=made.operations)
        answer.say(f"Wrote bundle {made.number} with {made.operations} changes to {file}.")
        answer.say(
            "Take it to the server, or to a colleague's desk that has a line (bundle carry)."
        )
        answer.say("Bring the answer back for: bundle import")


@app.command("import")
def import_answer(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The server's answer.")],
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Take the server's answer in: what became of each change, and what others changed."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.domain.times import to_ms
        from trafficdesk.sync.unbundling import take_answer

        taken = take_answer(session.store, _read(file), to_ms(session.clock()), lambda _: None)
        answer.tell(
            results=dict(taken.results),
            records=taken.records,
            events=taken.events,
            has_more=bool(taken.unread),
        )
        for line in _lines(taken):
            answer.say(line)


@app.command("carry")
def carry(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What another desk wrote.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="Where its answer goes; else beside FILE."),
    ] = None,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Hand a colleague's bundle to the server over this desk's line, and write the answer."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services.carried import note_carried
        from trafficdesk.sync.carrying import Errand, carry_file

        back = carry_file(
            session.store,
            session.device,
            Errand(file, to),
            lambda handed: note_carried(session, handed.name, handed.sha256),
        )
        answer.tell(file=file, answer=back)
        answer.say(
            f"The server has {file}. Its answer, which the other desk alone can open: {back}"
        )
        answer.say("Give it back to your colleague, for: bundle import")


def _read(file: Path) -> bytes:
    """Return a bundle's bytes, no more of them than a bundle may have."""
    from trafficdesk.wire.bundles import MAX_FILE_BYTES

    with file.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)


def _lines(taken: "Taken") -> list[str]:
    results = ", ".join(f"{count} {result}" for result, count in sorted(taken.results.items()))
    lines = [f"Your changes: {results or 'none waited'}."]
    lines.append(f"From others and the server: {taken.records} records.")
    if taken.results["rejected"] or taken.results["conflict"]:
        lines.append("Open the desk to look at what was rejected or is in conflict.")
    if taken.unread:
        lines.append("The server has more than fitted: write another bundle.")
    return lines
