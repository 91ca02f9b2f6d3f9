"""One HTTP exchange with the server, distrustful of everything that comes back."""

import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlencode

import msgspec
import requests
import zstandard
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError

from trafficdesk.sync.cutting import CuttableAdapter, OpenSockets
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.wire import traces
from trafficdesk.wire.accounts import Problem
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import MAX_UNPACKED_BYTES

Answer = TypeVar("Answer")

CONNECT_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 60.0  # nothing came, or nothing could be sent, for so long
WHOLE_TIMEOUT_S: Final = 300.0  # a line that trickles is no line
MAX_PACKED_BYTES: Final = 32 * 2**20
_PIECE_BYTES: Final = 64 * 1024
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_BUSY: Final = frozenset({429, 503})
_REFUSALS: Final = range(400, 500)
_TOO_LARGE: Final = 413
# Our servers send nobody elsewhere: this is a network that wants to be signed in to.
_NOT_OURS: Final = frozenset({*range(300, 400), 511})
_MAX_WINDOW_BYTES: Final = 2**24
# What decoding says of a body that is none; nested too deep, it ends Python's own patience.
_NO_JSON: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_GOOD: Final = frozenset({200, 201, 204, 206})


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the server is, and whom to believe that it is the one.

    ``base_url`` is such as ``https://sync.example.org``; ``ca_pem`` pins a private authority, ''
    trusts the usual ones; ``proxy`` overrides the environment's proxy.
    """

    base_url: str
    ca_pem: str = ""
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked: ``target`` is the path with its query, ``body`` as it travels."""

    method: str
    target: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back of a call that is not about JSON; names of headers in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def target_of(path: str, **query: object) -> str:
    """Return a path with its query, left out where a value is None."""
    given = {name: str(value) for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


class _Session(requests.Session):
    """Goes nowhere else; where it is sent to is not even looked at."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nowhere: requests reads a redirect's whole body first, however large it is."""


class Line:
    """A kept connection to one server; closes with ``close``. One thread at a time.

    ``cut`` alone may be called by another thread. Each call is a span of the line's trace.
    """

    def __init__(self, address: ServerAddress) -> None:
        self.address = address
        self._http = _Session()
        self._sockets = OpenSockets()
        self._trace = traces.begin()
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, CuttableAdapter(self._sockets, READ_TIMEOUT_S))
        self._ca_file: Path | None = None
        if address.ca_pem:
            self._ca_file = _write_privately(address.ca_pem)
        if address.proxy is not None:
            self._http.trust_env = False
            self._http.proxies = {"http": address.proxy, "https": address.proxy}

    def begin_trace(self) -> str:
        """Let the calls from here on be of another trace; return its id."""
        self._trace = traces.begin()
        return self._trace.trace_id

    def cut(self) -> None:
        """End the call that is under way, and let none come through any more."""
        self._sockets.cut()

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()
        if self._ca_file is not None:
            self._ca_file.unlink(missing_ok=True)

    def ask(self, call: Call, answer: type[Answer]) -> Answer:
        """Make the call and return its answer, decoded and checked.

        Raises:
            LineError: there was no answer, or none that can be believed.
            RefusedError: the server says it will not.
        """
        body = self.fetch(call)
        try:
            return msgspec.json.decode(body, type=answer)
        except _NO_JSON as error:
            raise LineError(Fault.GARBLED, f"{call.target}: {error}") from error

    def fetch(self, call: Call) -> bytes:
        """Make the call and return the unpacked JSON of a good answer. Raises as ``ask``."""
        with self._asking(call, {"Accept": _JSON, "Accept-Encoding": "zstd"}) as response:
            return _read(response)

    def exchange(self, call: Call) -> Reply:
        """Make a call whose answer is in its status, headers and bytes. Raises as ``ask``."""
        with self._asking(call, {"Accept": "*/*", "Accept-Encoding": "identity"}) as response:
            return _reply(response)

    @contextmanager
    def _asking(self, call: Call, accept: dict[str, str]) -> Iterator[requests.Response]:
        try:
            with (
                self._sockets.ending_after(WHOLE_TIMEOUT_S),
                self._http.request(
                    call.method,
                    self.address.base_url + call.target,
                    # A stream is sent piece by piece, and each may take as long as a piece read.
                    data=io.BytesIO(call.body) if call.body else None,
                    headers={**accept, traces.HEADER: self._trace.span().header, **call.headers},
                    timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                    # Said with each call: the session's own gives way to the environment's.
                    verify=None if self._ca_file is None else str(self._ca_file),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                yield response
        except SSLError as error:
            raise LineError(Fault.NOT_TRUSTED, _kind(error)) from error
        except NotConnected as error:
            raise LineError(Fault.NO_ANSWER, _kind(error)) from error
        except (RequestException, HTTPError, OSError) as error:
            raise LineError(Fault.CUT_OFF, _kind(error)) from error


def _write_privately(pem: str) -> Path:
    """Write a certificate where only this user can: requests takes it from a file alone."""
    handle, name = tempfile.mkstemp(prefix="trafficdesk-", suffix=".pem")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(pem)
    return Path(name)


def _kind(error: Exception) -> str:
    """Name an error without its text, which may hold an address of a person's network."""
    return type(error).__name__


def _read(response: requests.Response) -> bytes:
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    _check_status(response)
    if status in _REFUSALS and kind == _PROBLEM:
        raise RefusedError(_problem(_unpacked(response)))
    if status == _TOO_LARGE:  # said by a proxy that stands before the server
        raise RefusedError(Problem(status=status, code=Code.TOO_LARGE, title="Too large"))
    if status != requests.codes.ok:
        raise LineError(Fault.SERVER_FAULT, str(status))
    # Headers that end early are taken for whole: then there is no body.
    if kind != _JSON and response.raw.read(1):
        raise LineError(Fault.WRONG_TYPE, kind)
    body = _unpacked(response)
    if not body:
        raise LineError(Fault.CUT_OFF, "nothing came")
    return body


def _reply(response: requests.Response) -> Reply:
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    _check_status(response)
    if kind == _PROBLEM:
        raise RefusedError(_problem(_unpacked(response)))
    if status not in _GOOD:
        raise LineError(Fault.SERVER_FAULT, str(status))
    return Reply(status, response.headers, _unpacked(response))


def _check_status(response: requests.Response) -> None:
    """Raise for what is no answer of the server's to the call, whatever its body."""
    status = response.status_code
    if status in _BUSY:
        raise LineError(Fault.BUSY, str(status), _retry_after_s(response))
    if status in _NOT_OURS:
        raise LineError(Fault.WRONG_TYPE, str(status))


def _retry_after_s(response: requests.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return None


def _problem(body: bytes) -> Problem:
    try:
        return msgspec.json.decode(body, type=Problem)
    except _NO_JSON as error:
        raise LineError(Fault.GARBLED, "problem details") from error


def _unpacked(response: requests.Response) -> bytes:
    """Return the body, unpacked; no more of either than the stated limits is ever held."""
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdecimal() and int(expected) > MAX_PACKED_BYTES:
        raise LineError(Fault.TOO_BIG, f"says {expected} bytes")
    packed = bytearray()
    for piece in response.raw.stream(_PIECE_BYTES, decode_content=False):
        packed += piece
        if len(packed) > MAX_PACKED_BYTES:
            raise LineError(Fault.TOO_BIG, f"over {MAX_PACKED_BYTES} bytes")
    if expected is not None and expected != str(len(packed)):
        raise LineError(Fault.CUT_OFF, f"{len(packed)} of {expected} bytes")
    encoding = response.headers.get("Content-Encoding", "")
    if encoding == "":
        return bytes(packed)
    if encoding != "zstd":
        raise LineError(Fault.WRONG_TYPE, encoding)
    return _unpack(bytes(packed))


def _unpack(packed: bytes) -> bytes:
    try:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
        with unpacker.stream_reader(packed) as reader:
            body = reader.read(MAX_UNPACKED_BYTES + 1)
    except zstandard.ZstdError as error:
        raise LineError(Fault.GARBLED, "zstd") from error
    if len(body) > MAX_UNPACKED_BYTES:
        raise LineError(Fault.TOO_BIG, f"over {MAX_UNPACKED_BYTES} bytes unpacked")
    return body
