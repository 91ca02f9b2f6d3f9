"""Passwords of the server: which are taken, and their Argon2id hashes."""

import os
import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

MIN_CHARACTERS: Final = 10
MAX_CHARACTERS: Final = 1024
_LANES: Final = 4
_WAIT_S: Final = 10.0


class Passwords:
    """Hashes and compares; as many at once as there are processors, for each costs memory."""

    def __init__(self, *, memory_mib: int, passes: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_mib * 1024, parallelism=_LANES
        )
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._nobodys = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """Return the password's hash, with its salt and costs."""
        with self._turn():
            return self._hasher.hash(_form(password))

    def matches(self, password: str, hashed: str) -> bool:
        """Compare; a login that is unknown (``hashed`` empty) takes as long as one that is."""
        with self._turn():
            try:
                return self._hasher.verify(hashed or self._nobodys, _form(password)) and bool(
                    hashed
                )
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other costs than those of today."""
        return self._hasher.check_needs_rehash(hashed)

    def _turn(self) -> "_Turn":
        return _Turn(self._turns)


class _Turn:
    """Waits for one of the places, but not for ever."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=_WAIT_S):
            raise RefusedError(Code.UNAVAILABLE, "Too many sign-ins at once.", retry_after_s=5)

    def __exit__(self, *_: object) -> None:
        self._places.release()


def find_fault(password: str, *names: str) -> str:
    """Return why a password is not taken, in one sentence, or nothing if it is."""
    form = _form(password)
    if not MIN_CHARACTERS <= len(form) <= MAX_CHARACTERS:
        return f"A password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters."
    if len(set(form)) == 1:
        return "A password is more than one character repeated."
    if form.casefold() in {_form(name).casefold() for name in names}:
        return "A password is not one's own name."
    return ""


def _form(password: str) -> str:
    # Two keyboards may compose one Tamil letter differently.
    return unicodedata.normalize("NFC", password)
