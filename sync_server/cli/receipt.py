"""``sync-server receipt``: is what a desk's receipt says still what the database holds?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.exits import Exit
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync.receipts import Verdict
from trafficdesk.wire.codes import Code
from trafficdesk.wire.receipts import MAX_FILE_BYTES, ReceiptError

app = typer.Typer(help="Prove end-of-shift receipts.", no_args_is_help=True)

_MS: Final = 1000
SENTENCES: Final = {
    "receipt.damaged": "The file is no receipt, or was damaged.",
    "receipt.too_new": "The receipt was written by a newer program: update the server.",
    "receipt.forged": "The receipt was altered, or was not signed by this server and the desk it "
    "names: nothing in it is to be believed.",
    "receipt.mixed": "The receipt is put together from two: nothing in it is to be believed.",
}


@app.callback()
def receipts() -> None:
    """Prove end-of-shift receipts."""


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt, as JSON.")],
    as_json: AsJson = False,
) -> None:
    """Hold a receipt against the server's key, the desk's key and the database."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        try:
            verdict = _verify(server, _read(file))
        except ReceiptError as error:
            answer.leave = Exit.UNSOUND
            answer.tell(code=error.code, message=SENTENCES[error.code])
            answer.say(SENTENCES[error.code])
            return
        _tell(answer, verdict)


def _verify(server: Server, content: bytes) -> Verdict:
    from sync_server.accounts.service.known import find_device
    from sync_server.sync.receipts import verify as hold
    from trafficdesk.wire.receipts import read_receipt, read_statement

    receipt = read_receipt(content)
    device = find_device(server, read_statement(receipt).device_id)
    if device is None:
        raise ReceiptError("forged")
    return hold(server, receipt, device)


def _tell(answer: Answer, verdict: Verdict) -> None:
    statement, desk = verdict.statement, verdict.desk
    answer.tell(
        device=statement.device_id,
        operations=len(statement.operations),
        changes=len(desk.changes),
        untaken=verdict.untaken,
        faults=verdict.faults,
        is_old_epoch=verdict.is_old_epoch,
    )
    made_at = datetime.fromtimestamp(statement.server_time_ms / _MS, UTC)
    answer.say(f"Receipt of desk {desk.desk_code}, made at {made_at:%Y-%m-%d %H:%M} UTC.")
    answer.say(
        f"{len(desk.changes)} changes; {verdict.untaken} of them the server had not taken then."
    )
    if verdict.is_old_epoch:
        answer.say("The server was restored since: what it lost then is named below.")
    for fault in verdict.faults:
        answer.say(f"failed  {fault}")
    if verdict.faults:
        answer.leave = Exit.UNSOUND
    else:
        answer.say("Both signatures are right, and the database holds all that it states.")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{file}: {error.strerror}.") from error
