"""``trafficdesk enrol``: a new desk that is joined to a server from its first day."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, PasswordFile
from trafficdesk.cli.recovery import Keeping, RecoveryFile
from trafficdesk.cli.signing_in import Credentials, read_password
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.profile import Profile

if TYPE_CHECKING:
    from trafficdesk.joining import Invitation
    from trafficdesk.services.founding import Prepared
    from trafficdesk.sync.line import ServerAddress


@dataclass(frozen=True)
class Enrol:
    """Make a desk in an empty profile that is joined to a server, with its first officer."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    server: Annotated[
        str, typer.Option("--server", metavar="URL", help="The server, as https://sync.example.")
    ]
    token_file: Annotated[
        Path,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help="The one-time token; the file is removed once the desk is enrolled.",
        ),
    ]
    login: Annotated[
        str, typer.Option("--login", metavar="NAME", help="The first officer's login there.")
    ]
    password_file: PasswordFile = None
    ca: Annotated[
        Path | None,
        typer.Option("--ca", metavar="FILE", help="Trust only this authority (PEM)."),
    ] = None
    proxy: Annotated[
        str, typer.Option("--proxy", metavar="URL", help="Reach the server over this proxy.")
    ] = ""
    recovery_file: RecoveryFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(self.as_json) as answer:
            self._run(answer)

    def _run(self, answer: Answer) -> None:
        from trafficdesk.joining import Invitation

        keeping = Keeping.of(self.recovery_file, as_json=self.as_json)
        address = _address(self.server, self.ca, self.proxy)
        token = _read(self.token_file).decode("ascii", "replace").strip()
        if not token:
            raise RefusedError("enrol.token_empty", path=self.token_file)
        password = read_password(self.login, Credentials(None, self.password_file))
        profile = Profile.from_environment()
        lock = hold_profile(profile.instance_lock)
        if isinstance(lock, HeldByOther):
            raise RefusedError("cli.in_use", Exit.IN_USE, path=profile.folder)
        with lock:
            made = _join(profile, Invitation(address, token, self.login, password), keeping)
        _forget(self.token_file, answer)
        _tell(answer, profile, address, made)
        if self.recovery_file is not None and made.recovery_code:
            answer.tell(recovery_file=self.recovery_file)
            answer.say(f"The recovery code is in {self.recovery_file}. Give it to station IT.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        detail = error.strerror or str(error)
        raise RefusedError("enrol.file", path=path, detail=detail) from error


def _address(server: str, ca: Path | None, proxy: str) -> "ServerAddress":
    from trafficdesk.joining import AddressError, server_address

    try:
        return server_address(server, b"" if ca is None else _read(ca), proxy)
    except AddressError as error:
        raise RefusedError(f"enrol.{error.code}", server=server, path=ca) from error


def _join(profile: Profile, invitation: "Invitation", keeping: Keeping) -> "Prepared":
    from trafficdesk.joining import Joining
    from trafficdesk.security.passwords import PasswordRefused
    from trafficdesk.services import founding
    from trafficdesk.sync.errors import LineError
    from trafficdesk.sync.errors import RefusedError as ServerRefusedError
    from trafficdesk.wire.codes import Code

    try:
        made = Joining(profile).prepare(invitation)
    except ServerRefusedError as error:
        codes: dict[str, str] = {
            Code.NOT_PERMITTED: "enrol.token",
            Code.SIGN_IN_NEEDED: "enrol.password",
        }
        code = codes.get(error.code, "enrol.refused")
        raise RefusedError(code, login=invitation.login, detail=error.code) from error
    except LineError as error:
        server = invitation.address.base_url
        raise RefusedError(f"enrol.{error.fault}", server=server) from error
    if isinstance(made, PasswordRefused):
        raise RefusedError("enrol.password_weak", least=made.min_characters)
    made.unlocked.key.wipe()
    if made.recovery_code is not None:
        try:
            keeping.keep(made.recovery_code)
        except BaseException:
            founding.abandon(profile)
            raise
    founding.publish(profile)
    return made


def _forget(token_file: Path, answer: Answer) -> None:
    """Remove the spent token; where that may not be, say so."""
    try:
        token_file.unlink()
    except OSError:
        answer.say(f"The token in {token_file} is spent; the file could not be removed.")


def _tell(answer: Answer, profile: Profile, address: "ServerAddress", made: "Prepared") -> None:
    officer = made.unlocked.holder
    answer.tell(
        profile=profile.folder,
        server=address.base_url,
        officer=officer.name,
        role=officer.role,
    )
    answer.say(
        f"The desk in {profile.folder} is joined to {address.base_url}. {officer.name} opens it "
        "with the password of the server; the first exchange brings its reports."
    )
