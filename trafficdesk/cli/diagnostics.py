"""``trafficdesk diagnostics``: a file for whoever mends this desk."""

from pathlib import Path
from typing import Annotated

import typer

from trafficdesk.cli.answers import RefusedError, answering
from trafficdesk.cli.options import AsJson, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in
from trafficdesk.profile import Profile


def diagnostics(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A ZIP file that is not there yet.")],
    officer: Annotated[
        str | None,
        typer.Option(
            "--officer", metavar="NAME", help="Unlock the store, to tell of it and of the sync."
        ),
    ] = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write what the program is, where it stands and what it met; nothing of people or cases."""
    with answering(as_json) as answer:
        from trafficdesk.services.diagnostics import write_diagnostics

        profile = Profile.from_environment()
        if not profile.folder.is_dir():
            raise RefusedError("cli.no_desk", path=profile.folder)
        if file.exists():
            raise RefusedError("cli.file_exists", path=file)
        if officer is None:
            parts = write_diagnostics(profile, file)
        else:
            with signed_in(Credentials(officer, password_file)) as session:
                parts = write_diagnostics(profile, file, session)
        answer.tell(file=file, parts=parts)
        answer.say(f"{file} holds: {', '.join(parts)}.")
        if officer is None:
            answer.say("The store stayed locked; name yourself with --officer to tell of it, too.")
