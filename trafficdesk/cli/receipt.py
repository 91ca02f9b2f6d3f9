"""``trafficdesk receipt``: the end-of-shift proof as a file, and on paper."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in

if TYPE_CHECKING:
    from trafficdesk.services.session import Session
    from trafficdesk.sync.receipts import Asked, Proof

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d"]


def receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    since: Annotated[
        datetime,
        typer.Option(
            "--since", formats=_FORMATS, help="When the shift began, by the clock of this machine."
        ),
    ],
    everybody: Annotated[
        bool, typer.Option("--everybody", help="The work of everybody at this desk.")
    ] = False,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Have the server state, signed, what it holds of a shift; write it as JSON."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.security.durable_file import write_durably

        if file.exists():
            raise RefusedError("cli.file_exists", path=file)
        asked = _asked(session, since, everybody=everybody)
        proof = _fetch(session, asked, answer)
        write_durably(file, proof.content)
        left = len(proof.lines) - proof.taken
        answer.tell(file=file, changes=len(proof.lines), taken=proof.taken, not_taken=left)
        answer.say(f"With the server: {proof.taken} of {len(proof.lines)} changes.")
        for line in proof.lines:
            if not line.is_taken:
                change = line.change
                answer.say(f"not taken  {change.action} {change.entity} {change.reference}")
        answer.say(f"Wrote the receipt to {file}.")
        if left:
            answer.leave = Exit.UNSOUND


def _asked(session: "Session", since: datetime, *, everybody: bool) -> "Asked":
    from trafficdesk.domain.times import to_ms
    from trafficdesk.sync.receipts import Asked

    who = session.officer
    return Asked(
        to_ms(since.astimezone()),
        to_ms(session.clock() + timedelta(seconds=1)),
        None if everybody else who.id,
        "" if everybody else who.name,
    )


def _fetch(session: "Session", asked: "Asked", answer: Answer) -> "Proof":
    """Return the proof; without contact tell what it would have proved."""
    from trafficdesk.domain.times import to_ms
    from trafficdesk.sync import receipts
    from trafficdesk.sync.errors import LineError, SignInNeededError, SyncError

    now_ms = to_ms(session.clock())
    try:
        return receipts.prove_shift(session.store, session.device, asked, now_ms)
    except SyncError as error:
        changes = receipts.find_shift(session.store, asked)
        answer.tell(changes=len(changes))
        code = "receipt.refused"
        if isinstance(error, LineError):
            code = "receipt.no_contact"
        elif isinstance(error, SignInNeededError):
            code = "receipt.sign_in_needed"
        raise RefusedError(code, changes=len(changes), detail=str(error)) from error
