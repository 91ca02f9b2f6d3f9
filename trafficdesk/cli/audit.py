"""``trafficdesk audit``: proving the chain of what was done, and handing it out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in

if TYPE_CHECKING:
    from trafficdesk.services.session import Session

app = typer.Typer(help="The chain of everything that was done.", no_args_is_help=True)

_FAULTS = {
    "number": "an entry is missing or was put in",
    "previous": "an entry does not follow the one before it",
    "hash": "an entry was changed",
    "unknown_device": "an entry is of a device that this desk does not know",
    "signature": "an entry was not signed by this desk",
    "cut_off": "the last entries are missing",
    "not_as_anchored": "the chain was written anew",
}


@app.command("verify")
def verify(
    officer: OfficerOption = None, password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Prove that no entry was changed, put in, taken out or cut off."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services import auditing

        verdict = auditing.verify(session)
        answer.tell(
            entries=verdict.count,
            first_bad=verdict.first_bad_seq,
            reason=verdict.reason,
            head=verdict.head_hash.hex(),
        )
        if verdict.reason is None:
            answer.say(f"The audit chain is whole: {verdict.count} entries.")
            answer.say(f"Its head is {verdict.head_hash.hex()}")
        else:
            answer.leave = Exit.UNSOUND
            answer.say(
                f"The audit chain is broken at entry {verdict.first_bad_seq}: "
                f"{_FAULTS[verdict.reason]}. Tell station IT and keep this profile as it is."
            )


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write every entry as JSON lines, with what is needed to prove them elsewhere."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.domain.permissions import Permission

        me = session.officer
        if not session.may(Permission.AUDIT_READ):
            raise RefusedError("cli.not_permitted", name=me.name, role=me.role)
        if file.exists():
            raise RefusedError("cli.file_exists", path=file)
        count = _write(session, file)
        answer.tell(file=file, entries=count)
        answer.say(f"Wrote {count} entries to {file}.")


def _write(session: "Session", file: Path) -> int:
    from trafficdesk.security.durable_file import replacing
    from trafficdesk.services import auditing

    auditing.note(session, auditing.Audited("audit.export", "desk", str(session.device_id)))
    device = session.device
    count = 0
    with replacing(file) as target, session.store.reading() as connection:
        keys = auditing.find_keys(session, connection)
        head = {"format": 1, "device_id": device.device_id, "public_key": device.public_key}
        head["public_keys"] = {str(each): key.hex() for each, key in keys.items()}
        target.write(_line(head))
        for entry in auditing.entries(connection):
            target.write(_line({name: getattr(entry, name) for name in entry.__slots__}))
            count += 1
    return count


def _line(told: dict[str, object]) -> bytes:
    plain = {
        name: value.hex() if isinstance(value, bytes) else value for name, value in told.items()
    }
    return json.dumps(plain, default=str, ensure_ascii=False).encode() + b"\n"
