"""``trafficdesk enrol``: a new desk that is joined to a server from its first day."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, AuthorityFile, PasswordFile, ProxyOption
from trafficdesk.cli.recovery import Keeping, RecoveryFile
from trafficdesk.cli.server_side import (
    address_of,
    asking,
    forget_token,
    read_token,
    token_file_of,
)
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

    login: Annotated[
        str, typer.Option("--login", metavar="NAME", help="The first officer's login there.")
    ]
    server: Annotated[
        str,
        typer.Option(
            "--server",
            metavar="URL",
            help="The server, as https://sync.example; not needed where policy names it.",
        ),
    ] = ""
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help="The one-time token, else where policy says; the file is removed once the desk "
            "is enrolled.",
        ),
    ] = None
    password_file: PasswordFile = None
    ca: AuthorityFile = None
    proxy: ProxyOption = ""
    recovery_file: RecoveryFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        with answering(self.as_json) as answer:
            self._run(answer)

    def _run(self, answer: Answer) -> None:
        from trafficdesk.joining import Invitation

        keeping = Keeping.of(self.recovery_file, as_json=self.as_json)
        profile = Profile.from_environment()
        address = address_of(profile.policy, self.server, self.ca, self.proxy)
        token_file = token_file_of(profile.policy, self.token_file)
        token = read_token(token_file)
        password = read_password(self.login, Credentials(None, self.password_file))
        lock = hold_profile(profile.instance_lock)
        if isinstance(lock, HeldByOther):
            raise RefusedError("cli.in_use", Exit.IN_USE, path=profile.folder)
        with lock:
            made = _join(profile, Invitation(address, token, self.login, password), keeping)
        forget_token(token_file, answer)
        _tell(answer, profile, address, made)
        if self.recovery_file is not None and made.recovery_code:
            answer.tell(recovery_file=self.recovery_file)
            answer.say(f"The recovery code is in {self.recovery_file}. Give it to station IT.")


def _join(profile: Profile, invitation: "Invitation", keeping: Keeping) -> "Prepared":
    from trafficdesk.joining import Joining
    from trafficdesk.security.passwords import PasswordRefused
    from trafficdesk.services import founding

    with asking(invitation.address.base_url, invitation.login):
        made = Joining(profile).prepare(invitation)
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
