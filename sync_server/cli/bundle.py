"""``sync-server bundle``: desks that cannot reach the server exchange files with it."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.it_key import load_it_key
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.settings import PREFIX
from trafficdesk.wire.boxes import new_private_key, public_key_of
from trafficdesk.wire.bundles import MAX_FILE_BYTES, BundleError, BundleFault
from trafficdesk.wire.codes import Code

app = typer.Typer(help="Exchange with desks by file.", no_args_is_help=True)

_OUT = Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")]
SENTENCES: Final = {
    BundleFault.NOT_A_BUNDLE: "The file is no bundle.",
    BundleFault.TOO_NEW: "The bundle was written by a newer program: update the server.",
    BundleFault.TOO_OLD: "The desk's program is too old for this server: update the desk, then "
    "have it write the bundle again.",
    BundleFault.WRONG_KIND: "The bundle is of another kind: take in what a desk wrote, and what a "
    "revoked desk left with --it-key.",
    BundleFault.CUT_SHORT: "The bundle is cut short; nothing of it was taken in. Copy it again.",
    BundleFault.TOO_BIG: "The bundle is larger than any may be; nothing of it was taken in.",
    BundleFault.OTHER_RECEIVER: "The bundle is sealed to another server or key; it cannot be "
    "opened here.",
    BundleFault.DAMAGED: "The bundle was changed or damaged; nothing of it was taken in. Have the "
    "desk write it again.",
    BundleFault.FORGED: "The bundle was not signed by the desk it names; nothing of it was taken "
    "in.",
    BundleFault.OTHER_TENANT: "The bundle names another agency than the desk's; nothing of it was "
    "taken in.",
    BundleFault.OTHER_DEVICE: "The bundle names another desk than the one that signed it; nothing "
    "of it was taken in.",
    BundleFault.UNKNOWN_DEVICE: "This server does not know the desk.",
    BundleFault.REVOKED: "The desk was revoked: nothing is taken in from it, and nothing is given "
    "to it. What it left for station IT is taken in with --it-key.",
    BundleFault.REPLAYED: "This very bundle was taken in before; nothing was changed. Its answer "
    "can be written again with: sync-server bundle export --device ID FILE",
    BundleFault.OLDER: "A newer bundle of this desk was taken in before, which held all that is in "
    "this one; nothing was changed.",
    BundleFault.COPIED: "Two bundles of this desk have the same number: the desk was copied, or an "
    "old disk was put back. Nothing of it was taken in; enrol the desk anew.",
    BundleFault.NOTHING_TAKEN: "No bundle of this desk was taken in that could be answered.",
}


@app.command("import")
def import_bundle(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What a desk wrote.")],
    answer_file: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="Write the answer as well.")
    ] = None,
    it_key: Annotated[
        Path | None,
        typer.Option("--it-key", metavar="FILE", help="Station IT's key, for a revoked desk."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what a desk wrote, once; with --it-key what a revoked desk left."""
    with answering(as_json=as_json) as answer, _refusing(), opened_server() as server:
        from sync_server.bundles.service import import_legacy, import_request

        if answer_file is not None:
            _check_free(answer_file)
        content = _read(file)
        if it_key is None:
            done = import_request(server, content)
        else:
            done = import_legacy(server, content, load_it_key(it_key))
        answer.tell(device=done.device.id, number=done.number, results=dict(done.results))
        results = ", ".join(f"{count} {result}" for result, count in sorted(done.results.items()))
        answer.say(f"{done.device.name} ({done.device.desk_code}): {results or 'nothing waited'}.")
        if done.is_old_epoch:
            answer.say("The desk has yet to hear of the restore: give it the answer first.")
        if answer_file is not None and it_key is None:
            _write_answer(answer, server, done.device.id, answer_file)


@app.command("export")
def export(
    file: _OUT,
    device: Annotated[UUID, typer.Option("--device", metavar="ID", help="The desk's id.")],
    as_json: AsJson = False,
) -> None:
    """Write the answer to a desk's latest bundle: outcomes, and what changed since."""
    with answering(as_json=as_json) as answer, _refusing(), opened_server() as server:
        _check_free(file)
        _write_answer(answer, server, device, file)


@app.command("it-key")
def it_key(file: _OUT, as_json: AsJson = False) -> None:
    """Make station IT's key pair: the private half goes to FILE, the public one is printed."""
    with answering(as_json=as_json) as answer:
        _check_free(file)
        private_key = new_private_key()
        _write(file, private_key.hex().encode() + b"\n")
        public_key = base64.b64encode(public_key_of(private_key)).decode()
        answer.tell(file=file, public_key=public_key)
        answer.say(f"{PREFIX}IT_PUBLIC_KEY={public_key}")
        answer.say(f"Keep {file} in a safe, not on the server.")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BundleError as error:
        raise RefusedError(Code.BAD_REQUEST, SENTENCES[error.fault]) from error


def _write_answer(answer: Answer, server: Server, device_id: UUID, file: Path) -> None:
    from sync_server.bundles.answering import answer as answer_newest

    made = answer_newest(server, device_id)
    _write(file, made.content)
    answer.tell(answer=file, answers=made.number, operations=made.operations)
    answer.say(f"Wrote the answer to bundle {made.number} to {file}.")


def _check_free(file: Path) -> None:
    if file.exists():
        raise RefusedError(Code.BAD_REQUEST, f"{file} exists already. Choose another name.")


def _write(file: Path, content: bytes) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{file}: {error.strerror}.") from error


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{file}: {error.strerror}.") from error
