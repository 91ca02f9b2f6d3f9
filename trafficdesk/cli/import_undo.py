"""``trafficdesk imports``: what was imported at this desk, and taking an import back."""

from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in

if TYPE_CHECKING:
    from trafficdesk.services.session import Session


def list_imports(
    undo: Annotated[
        int | None,
        typer.Option(
            "--undo",
            metavar="NUMBER",
            help="Take this import back, but for the reports that somebody has worked on since.",
        ),
    ] = None,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Show the files that were imported, or take one back."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        if undo is None:
            _list(session, answer)
        else:
            _undo(session, undo, answer)


def _list(session: "Session", answer: Answer) -> None:
    from trafficdesk.domain.times import from_ms
    from trafficdesk.services.importing.batches import find_imports

    found = find_imports(session)
    answer.tell(
        imports=[
            {
                "number": each.pk,
                "file": each.file,
                "at": from_ms(each.at_ms).isoformat(),
                "state": str(each.state),
                "rows": each.row_count,
                "kept": each.kept_count,
            }
            for each in found
        ]
    )
    for each in found:
        at = f"{from_ms(each.at_ms).astimezone():%Y-%m-%d %H:%M}"
        answer.say(f"{each.pk:>5}  {at}  {each.row_count:>8} rows  {each.state:<10}  {each.file}")
    if not found:
        answer.say("Nothing was imported at this desk.")


def _undo(session: "Session", number: int, answer: Answer) -> None:
    from trafficdesk.services.importing.batches import TakenBack, take_back

    done = take_back(session, number, lambda taken: answer.step(0, 0, f"{taken} taken back"))
    if not isinstance(done, TakenBack):
        raise RefusedError(done, number=number)
    answer.tell(taken=done.taken, kept=done.kept)
    answer.say(f"Took back {done.taken} reports of {done.file}.")
    if done.kept:
        answer.say(f"{done.kept} stay: somebody has worked on them since.")
