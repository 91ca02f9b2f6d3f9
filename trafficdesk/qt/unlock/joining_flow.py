"""Joining a server from the first set-up, off the GUI thread, as often as it takes."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from trafficdesk.policy.schema import Policy
from trafficdesk.profile import Profile
from trafficdesk.qt.fault_words import fault_words, find_fault_words
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.unlock.join_page import JoinForm, JoinPage
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services.founding import Prepared

if TYPE_CHECKING:
    from trafficdesk.joining import Joining

Take = Callable[[Prepared | PasswordRefused], None]


class JoiningFlow(QObject):
    """Drives one ``JoinPage``. A token that a wrong password met first is still good here."""

    def __init__(self, page: JoinPage, profile: Profile, lanes: Lanes, take: Take) -> None:
        super().__init__(page)
        self._page = page
        self._profile = profile
        self._lanes = lanes
        self._take = take
        self._joining: Joining | None = None
        page.submitted.connect(self._begin)

    def abandon(self) -> None:
        """Wait for no server any more: the program ends."""
        if self._joining is not None:
            self._joining.cut()

    def _begin(self, form: JoinForm) -> None:
        # The writer's line: whatever still loads what a desk needs stands before it there.
        load = partial(import_module, "trafficdesk.joining")
        self._lanes.owned_by(self).run(
            Lane.WRITER, load, lambda _module: self._join(form), self._fail
        )

    def _join(self, form: JoinForm) -> None:
        from trafficdesk.joining import Joining

        if self._joining is None:
            self._joining = Joining(self._profile)
        work = partial(_prepare, self._joining, form, self._profile.policy)
        self._lanes.owned_by(self).run(Lane.WRITER, work, self._take, self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, _TokenMissingError):
            self._page.ask_for_token()
            return
        code = _code_of(error)
        if code:
            self._page.tell_code(code)
            return
        self._page.tell_fault(*fault_words(error))
        if find_fault_words(error) is None:
            self._lanes.failed.emit(error)


class _TokenMissingError(Exception):
    """The file of the token that policy names is not there, or there is nothing in it."""


def _prepare(joining: "Joining", form: JoinForm, policy: Policy) -> Prepared | PasswordRefused:
    from trafficdesk.joining import Invitation, ruled_address

    ca_pem = Path(form.ca_path).read_bytes() if form.ca_path else b""
    address = ruled_address(policy.server, form.server, ca_pem, form.proxy)
    rules = policy.enrolment
    file = None if rules is None or form.token else Path(rules.token_file)
    token = form.token if file is None else _read_token(file)
    done = joining.prepare(Invitation(address, token, form.login, form.password))
    if file is not None and isinstance(done, Prepared):
        with suppress(OSError):  # Admin says of a spent token that it still lies there
            file.unlink()
    return done


def _read_token(file: Path) -> str:
    try:
        token = file.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        token = ""
    if not token:
        raise _TokenMissingError
    return token


def _code_of(error: Exception) -> str:
    from trafficdesk.joining import AddressError
    from trafficdesk.sync.errors import LineError, RefusedError

    if isinstance(error, LineError):
        return str(error.fault)
    return error.code if isinstance(error, AddressError | RefusedError) else ""
