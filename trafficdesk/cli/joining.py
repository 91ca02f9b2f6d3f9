"""``trafficdesk join``: a desk that is at work joins a server with its work, or joins it anew."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.options import AsJson, AuthorityFile, OfficerOption, PasswordFile, ProxyOption
from trafficdesk.cli.server_side import (
    address_of,
    asking,
    forget_token,
    read_token,
    token_file_of,
)
from trafficdesk.cli.signing_in import Credentials, read_password, signed_in

if TYPE_CHECKING:
    from trafficdesk.joining import Invitation
    from trafficdesk.services.session import Session
    from trafficdesk.sync.line import ServerAddress


@dataclass(frozen=True)
class Join:
    """Join this desk with its work: one without a server, or one that its server calls a copy."""

    # A class, for a function would have more parameters than one can read: making it runs it.

    login: Annotated[
        str,
        typer.Option(
            "--login",
            metavar="NAME",
            help="Who vouches at the server; with a first join somebody who manages officers.",
        ),
    ]
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help="The one-time token, else where policy says; the file is removed once the desk "
            "has joined.",
        ),
    ] = None
    server: Annotated[
        str,
        typer.Option("--server", metavar="URL", help="The server, if the desk has none so far."),
    ] = ""
    server_password_file: Annotated[
        Path | None,
        typer.Option(
            "--server-password-file", metavar="FILE", help="The password of --login at the server."
        ),
    ] = None
    ca: AuthorityFile = None
    proxy: ProxyOption = ""
    officer: OfficerOption = None
    password_file: PasswordFile = None
    as_json: AsJson = False

    def __post_init__(self) -> None:
        """Run the command."""
        who = Credentials(self.officer, self.password_file)
        with answering(self.as_json) as answer, signed_in(who) as session:
            self._run(answer, session)

    def _run(self, answer: Answer, session: "Session") -> None:
        from trafficdesk.domain.permissions import Permission
        from trafficdesk.joining import Invitation
        from trafficdesk.services.administration import is_joined

        me = session.officer
        if not session.may(Permission.OFFICER_MANAGE):
            raise RefusedError("cli.not_permitted", name=me.name, role=me.role)
        is_anew = is_joined(session)
        address = self._address(session, is_anew=is_anew)
        token_file = token_file_of(session.profile.policy, self.token_file)
        token = read_token(token_file)
        password = read_password(self.login, Credentials(None, self.server_password_file))
        invitation = Invitation(address, token, self.login, password)
        if is_anew:
            _rejoin(answer, session, invitation)
        else:
            _join(answer, session, invitation)
        forget_token(token_file, answer)

    def _address(self, session: "Session", *, is_anew: bool) -> "ServerAddress":
        from trafficdesk.rejoining import present_address

        policy = session.profile.policy
        if self.server or (policy.server is not None and not is_anew):
            return address_of(policy, self.server, self.ca, self.proxy)
        if is_anew:
            return present_address(session)
        raise RefusedError("join.no_server")


def _rejoin(answer: Answer, session: "Session", invitation: "Invitation") -> None:
    from trafficdesk.rejoining import RejoinError, rejoin

    try:
        with asking(invitation.address.base_url, invitation.login):
            rejoin(session, invitation)
    except RejoinError as error:
        raise RefusedError(f"join.{error.code}") from error
    answer.tell(server=invitation.address.base_url, anew=True, device=str(session.device_id))
    answer.say(
        f"This desk is enrolled anew with {invitation.address.base_url}. What waits is sent with "
        "the next exchange."
    )


def _join(answer: Answer, session: "Session", invitation: "Invitation") -> None:
    from trafficdesk.rejoining import join

    with asking(invitation.address.base_url, invitation.login):
        logins = join(session, invitation)
    answer.tell(server=invitation.address.base_url, anew=False, logins=logins)
    answer.say(
        f"This desk is joined to {invitation.address.base_url}. All that was done here is sent "
        "with the next exchanges; officers open the desk as before."
    )
    for name, login in sorted(logins.items()):
        answer.say(f"{name} has the login {login} at the server, without a password so far.")
