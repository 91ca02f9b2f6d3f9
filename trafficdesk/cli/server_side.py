"""What commands that ask a server have in common: its address, the token, and its refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trafficdesk.cli.answers import Answer, RefusedError
from trafficdesk.policy.schema import Policy

if TYPE_CHECKING:
    from trafficdesk.sync.line import ServerAddress


def read_token(path: Path) -> str:
    """Return the one-time token in a file. Raises ``RefusedError``."""
    token = read(path).decode("ascii", "replace").strip()
    if not token:
        raise RefusedError("enrol.token_empty", path=path)
    return token


def read(path: Path) -> bytes:
    """Return what is in a file. Raises ``RefusedError``."""
    try:
        return path.read_bytes()
    except OSError as error:
        detail = error.strerror or str(error)
        raise RefusedError("enrol.file", path=path, detail=detail) from error


def address_of(policy: Policy, server: str, ca: Path | None, proxy: str) -> "ServerAddress":
    """Return the server's address: policy's, else as typed. Raises ``RefusedError``."""
    from trafficdesk.joining import AddressError, ruled_address

    rules = policy.server
    if not server and rules is None:
        raise RefusedError("enrol.no_server")
    try:
        return ruled_address(rules, server, b"" if ca is None else read(ca), proxy)
    except AddressError as error:
        ruled = "" if rules is None else rules.address
        raise RefusedError(f"enrol.{error.code}", server=server, path=ca, ruled=ruled) from error


def token_file_of(policy: Policy, named: Path | None) -> Path:
    """Return the file of the one-time token: as named, else policy's. Raises ``RefusedError``."""
    if named is not None:
        return named
    if policy.enrolment is None:
        raise RefusedError("enrol.no_token_file")
    return Path(policy.enrolment.token_file)


@contextmanager
def asking(server: str, login: str) -> Iterator[None]:
    """Turn what a server refuses, and a line that fails, into refusals with a sentence."""
    from trafficdesk.sync.errors import LineError
    from trafficdesk.sync.errors import RefusedError as ServerRefusedError
    from trafficdesk.wire.accounts import NEEDS_MANAGER
    from trafficdesk.wire.codes import Code

    codes: dict[str, str] = {
        Code.NOT_PERMITTED: "enrol.token",
        Code.SIGN_IN_NEEDED: "enrol.password",
    }
    try:
        yield
    except ServerRefusedError as error:
        code = codes.get(error.code, "enrol.refused")
        if error.problem.detail == NEEDS_MANAGER:
            code = "join.needs_manager"
        raise RefusedError(code, login=login, detail=error.code) from error
    except LineError as error:
        raise RefusedError(f"enrol.{error.fault}", server=server) from error


def forget_token(path: Path, answer: Answer) -> None:
    """Remove the spent token; where that may not be, say so."""
    try:
        path.unlink()
    except OSError:
        answer.say(f"The token in {path} is spent; the file could not be removed.")
