"""Calls in the name of this device and its officer: tokens, their renewal, signatures, turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from trafficdesk.security.device import Device
from trafficdesk.store import outbox
from trafficdesk.store.engine import Store
from trafficdesk.store.replaying import put_again
from trafficdesk.sync import link
from trafficdesk.sync.errors import RefusedError, SignInNeededError
from trafficdesk.sync.line import Call, Line, Reply
from trafficdesk.sync.signatures import sign
from trafficdesk.wire import traces
from trafficdesk.wire.accounts import RefreshRequest, SignInRequest, Tokens
from trafficdesk.wire.codes import Code

Answer = TypeVar("Answer")
Got = TypeVar("Got")

AUTH: Final = "/api/v1/auth"
_RENEW_BEFORE_S: Final = 60.0


@dataclass(slots=True)
class Access:
    """Makes calls that the server can trust. One thread at a time, as its line.

    The access token lives in memory, by this process's own steady clock; the refresh token in
    the store, so that a restart needs no sign-in.
    """

    line: Line
    store: Store
    device: Device
    monotonic: Callable[[], float] = time.monotonic
    _token: str = field(default="", init=False)
    _renew_at: float = field(default=0.0, init=False)

    def sign_in(self, login: str, password: str) -> Tokens:
        """Sign an officer in; what was refused for want of it goes on.

        Raises ``RefusedError`` or ``LineError``.
        """
        body = msgspec.json.encode(SignInRequest(login=login, password=password))
        tokens = self.line.ask(sign(self.device, Call("POST", f"{AUTH}/sign-in", body)), Tokens)
        self._keep(tokens)
        with self.store.writing() as connection:
            put_again(connection, outbox.requeue_of_stranger(connection, tokens.user.id))
        return tokens

    def ask(self, call: Call, answer: type[Answer]) -> Answer:
        """Make a call as the officer who signed in; renew the token when it is time.

        Raises:
            SignInNeededError: no token is left.
            RefusedError, LineError: see ``Line.ask``.
        """
        return self._renewing(call, lambda signed: self.line.ask(signed, answer))

    def exchange(self, call: Call) -> Reply:
        """Make a call that is not about JSON as the officer who signed in. Raises as ``ask``."""
        return self._renewing(call, self.line.exchange)

    def _renewing(self, call: Call, send: Callable[[Call], Got]) -> Got:
        if self.monotonic() >= self._renew_at:
            self._renew()
        try:
            return send(self._signed(call))
        except RefusedError as error:
            if error.code != Code.SIGN_IN_NEEDED:
                raise
        self._renew()
        return send(self._signed(call))

    def websocket_headers(self, target: str) -> dict[str, str]:
        """Return the headers that open a WebSocket as the officer who signed in."""
        if self.monotonic() >= self._renew_at:
            self._renew()
        named = {traces.HEADER: traces.begin().header}
        return self._signed(Call("GET", target, headers=named)).headers

    def _signed(self, call: Call) -> Call:
        """Sign a call with the present turn, which tells this desk from a copy of it."""
        with self.store.reading() as connection:
            turn = link.get_marks(connection).turn
        return sign(self.device, call, token=self._token, turn=turn)

    def _renew(self) -> None:
        with self.store.reading() as connection:
            refresh_token = link.get_marks(connection).refresh_token
        if not refresh_token:
            raise SignInNeededError
        body = msgspec.json.encode(RefreshRequest(refresh_token=refresh_token))
        try:
            tokens = self.line.ask(sign(self.device, Call("POST", f"{AUTH}/refresh", body)), Tokens)
        except RefusedError as error:
            if error.code != Code.SIGN_IN_NEEDED:
                raise
            self._forget(refresh_token)
            raise SignInNeededError from error
        self._keep(tokens)

    def _keep(self, tokens: Tokens) -> None:
        self._token = tokens.access_token
        self._renew_at = self.monotonic() + tokens.access_lasts_s - _RENEW_BEFORE_S
        self._put(tokens.refresh_token, tokens.user.id)

    def _forget(self, refused: str) -> None:
        """Forget a refused refresh token, unless somebody signed in while it was asked about."""
        self._token, self._renew_at = "", 0.0
        self._put("", None, instead_of=refused)

    def _put(
        self, refresh_token: str, user_id: UUID | None, *, instead_of: str | None = None
    ) -> None:
        with self.store.writing() as connection:
            marks = link.get_marks(connection)
            if instead_of is not None and marks.refresh_token != instead_of:
                return
            link.put_marks(
                connection,
                msgspec.structs.replace(marks, refresh_token=refresh_token, user_id=user_id),
            )
