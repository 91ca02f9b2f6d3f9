"""Carrying a colleague's bundle to the server over this desk's line, and its answer back."""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from trafficdesk.security.device import Device
from trafficdesk.security.durable_file import write_durably
from trafficdesk.store.engine import Store
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import Fault, LineError, RefusedError, SignInNeededError
from trafficdesk.sync.line import Call, Line, ServerAddress
from trafficdesk.sync.link import Link
from trafficdesk.wire.bundles import (
    MAX_FILE_BYTES,
    TYPE,
    BundleError,
    BundleFault,
    Kind,
    named_receiver,
    receiver_of,
)
from trafficdesk.wire.codes import Code

BUNDLES: Final = "/api/v1/sync/bundles"
_ENDING: Final = ".tdbundle"
_TOO_LARGE_HERE: Final = "413"  # said by a proxy that stands before the server
_NOT_THERE: Final = frozenset({Code.NOT_FOUND, Code.NOT_ALLOWED})


class CarryFault(StrEnum):
    """Why a bundle was not carried, beside what may be wrong with the bundle itself."""

    UNREADABLE = "unreadable"
    NO_FOLDER = "no_folder"
    NO_CONTACT = "no_contact"
    BUSY = "busy"
    SIGN_IN_NEEDED = "sign_in_needed"
    NO_ROUTE = "no_route"
    TOO_LARGE_HERE = "too_large_here"
    REFUSED = "refused"
    UNWRITTEN = "unwritten"


class CarryError(Exception):
    """A bundle was not carried, or its answer not written; ``code`` is stable.

    The file is where it was, and carried again comes to the same.
    """

    def __init__(self, fault: CarryFault | BundleFault, **data: object) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.data = data

    @property
    def code(self) -> str:
        """The fault as the code of a sentence."""
        return f"carry.{self.fault}"


@dataclass(frozen=True, slots=True)
class Errand:
    """Which file is to be carried, and the folder for its answer; None is the file's own."""

    file: Path
    folder: Path | None = None

    @property
    def back(self) -> Path:
        """Where the answer goes."""
        return self.file.parent if self.folder is None else self.folder


@dataclass(frozen=True, slots=True)
class Handed:
    """What the server answered: the name of the file it was handed, and its SHA-256."""

    name: str
    sha256: str


Noting = Callable[[Handed], None]


def carry_file(store: Store, device: Device, errand: Errand, note: Noting) -> Path:
    """Hand a colleague's bundle in, and write the answer beside it; return where that lies.

    ``note`` is called when the server has answered, before anything is written. No other file is
    replaced.

    Raises:
        CarryError: see there.
    """
    content = _read(errand)
    with store.reading() as connection:
        enrolled = link.find_link(connection)
    if enrolled is None:
        raise CarryError(BundleFault.NOT_ENROLLED)
    _look_at(content, enrolled)
    line = Line(ServerAddress(enrolled.base_url, enrolled.ca_pem, enrolled.proxy))
    try:
        answer = hand_in(Access(line, store, device), content)
    finally:
        line.close()
    note(Handed(errand.file.name, hashlib.sha256(content).hexdigest()))
    return _write(errand, answer)


def _read(errand: Errand) -> bytes:
    """Return the file's bytes, no more of them than a bundle may have."""
    try:
        with errand.file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _file_error(CarryFault.UNREADABLE, errand.file, error) from error
    if not errand.back.is_dir():
        raise CarryError(CarryFault.NO_FOLDER, path=errand.back)
    return content


def _look_at(content: bytes, enrolled: Link) -> None:
    """Refuse from outside what this desk's server could not open either."""
    try:
        receiver = named_receiver(content, [Kind.REQUEST])
    except BundleError as error:
        raise CarryError(error.fault) from error
    key = enrolled.server_sealing_key  # a desk that was enrolled long ago has none
    if key and receiver != receiver_of(key):
        raise CarryError(BundleFault.OTHER_RECEIVER)


def hand_in(access: Access, content: bytes) -> bytes:
    """Send a request to the server, and return its answer, whole as far as one sees from outside.

    Raises:
        CarryError: see there.
    """
    call = Call("POST", BUNDLES, content, {"Content-Type": TYPE})
    try:
        answer = access.exchange(call).body
    except SignInNeededError as error:
        raise CarryError(CarryFault.SIGN_IN_NEEDED) from error
    except RefusedError as error:
        raise _refusal(error) from error
    except LineError as error:
        raise _line_error(error) from error
    try:
        named_receiver(answer, [Kind.ANSWER])
    except BundleError as error:
        raise CarryError(CarryFault.NO_CONTACT, detail=str(Fault.GARBLED)) from error
    return answer


def _refusal(error: RefusedError) -> CarryError:
    code = error.code
    if code == Code.BUNDLE_REFUSED:
        told = error.problem.fault
        if told in set(BundleFault):
            return CarryError(BundleFault(str(told)))
        return CarryError(CarryFault.REFUSED, detail=str(told or code))
    if code in _NOT_THERE:
        return CarryError(CarryFault.NO_ROUTE)
    if code == Code.SIGN_IN_NEEDED:
        return CarryError(CarryFault.SIGN_IN_NEEDED)
    if code == Code.TOO_LARGE:
        return CarryError(CarryFault.TOO_LARGE_HERE)
    return CarryError(CarryFault.REFUSED, detail=code)


def _line_error(error: LineError) -> CarryError:
    if error.fault is Fault.SERVER_FAULT and error.detail == _TOO_LARGE_HERE:
        return CarryError(CarryFault.TOO_LARGE_HERE)
    if error.fault is Fault.BUSY:
        return CarryError(CarryFault.BUSY, wait_s=round(error.retry_after_s or 60))
    return CarryError(CarryFault.NO_CONTACT, detail=str(error.fault))


def _write(errand: Errand, answer: bytes) -> Path:
    place = _free_place(errand)
    try:
        write_durably(place, answer)
    except OSError as error:
        raise _file_error(CarryFault.UNWRITTEN, place, error) from error
    return place


def _free_place(errand: Errand) -> Path:
    """Return a place that no file has: an answer to an earlier request may lie there."""
    stem = errand.file.name.removesuffix(_ENDING)
    names = (f"{stem}.answer{mark}{_ENDING}" for mark in _marks())
    return next(place for name in names if not (place := errand.back / name).exists())


def _marks() -> "itertools.chain[str]":
    return itertools.chain([""], (f"-{number}" for number in itertools.count(2)))


def _file_error(fault: CarryFault, path: Path, error: OSError) -> CarryError:
    return CarryError(fault, path=path, detail=error.strerror or type(error).__name__)
