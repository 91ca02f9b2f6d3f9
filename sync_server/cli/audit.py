"""``sync-server audit``: is the audit as it was written, and a copy of it for others to see."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.exits import Exit
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson

if TYPE_CHECKING:
    from sync_server.audit.exporting import Proof

app = typer.Typer(help="Prove the audit, and write it out.", no_args_is_help=True)


@app.callback()
def audits() -> None:
    """Prove the audit, and write it out."""


@app.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="An export; the database without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute every hash of the audit anew, in the database or in an export."""
    with answering(as_json=as_json) as answer:
        from sync_server.audit.exporting import prove, prove_file

        if file is not None:
            _tell(answer, prove_file(file))
            return
        with opened_server() as server:
            _tell(answer, prove(server))


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    as_json: AsJson = False,
) -> None:
    """Write the audit of every agency and the server's own as JSON lines."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.audit.exporting import export as write

        done = write(server, file)
        answer.tell(file=file)
        _tell(answer, done)
        answer.say(f"Wrote {file}; sync-server audit verify {file} proves it anywhere.")


def _tell(answer: Answer, proof: "Proof") -> None:
    chains = {str(chain): length for chain, length in sorted(proof.lengths.items())}
    faults = {str(fault.chain): fault.seq for fault in proof.faults}
    answer.tell(chains=chains, faults=faults)
    for chain, length in chains.items():
        if chain in faults:
            answer.say(f"failed  {chain}: not as it was written from entry {faults[chain]} on")
        else:
            answer.say(f"ok      {chain}: {length} entries")
    if faults:
        answer.leave = Exit.UNSOUND
