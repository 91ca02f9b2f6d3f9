"""Where releases come from: the sync server over HTTPS, or a folder such as that of a USB stick.

A source is believed in nothing: it only brings bytes, and whoever asks says how many.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import requests
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError

from trafficdesk.updates.errors import (
    CUT_OFF,
    NOT_TRUSTED,
    UNREACHABLE,
    MissingError,
    UpdateError,
)

PATH: Final = "/updates/"
PIECE_BYTES: Final = 256 * 1024
CONNECT_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 60.0
# A line may be slow, but not so slow that nobody would ever see the end.
PATIENCE_S: Final = 120.0
LEAST_BYTES_PER_S: Final = 512
_MISSING: Final = frozenset({403, 404, 410})


class BlobSource(Protocol):
    """Brings files by their names, which have slashes: ``metadata/timestamp.json``."""

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield a file's bytes from a place in it on.

        Raises:
            MissingError: there is none of that name.
            UpdateError: it cannot be had now.
        """
        ...


class FolderSource:
    """A repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield a file's bytes; see ``BlobSource``."""
        path = self._folder.joinpath(*name.split("/"))
        try:
            # A stick that was pulled out must not look like one that has nothing newer.
            if not (self._folder / "metadata").is_dir():
                raise UpdateError(UNREACHABLE, name=str(self._folder), detail="it is no repository")
            if not path.is_file():  # nor a pipe, which might never end
                raise MissingError(name)
            with path.open("rb") as file:
                file.seek(start)
                while piece := file.read(PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise UpdateError(UNREACHABLE, name=name, detail=error.strerror or "") from error


class ServerSource:
    """The repository that a sync server serves; ``address`` as ``https://sync.example``.

    ``ca_file`` pins an authority, None trusts the usual ones; ``proxy`` goes before the
    environment's. Closes with ``close``.
    """

    def __init__(self, address: str, ca_file: Path | None = None, proxy: str = "") -> None:
        self._base: Final = address.rstrip("/") + PATH
        self._verify: Final = None if ca_file is None else str(ca_file)
        self._http: Final = requests.Session()
        if proxy:
            self._http.trust_env = False
            self._http.proxies = {"http": proxy, "https": proxy}

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield a file's bytes; see ``BlobSource``."""
        asked = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        try:
            with self._http.get(
                self._base + name,
                headers=asked,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            ) as response:
                yield from _from(start, response, name)
        except SSLError as error:
            raise UpdateError(NOT_TRUSTED, name=name, detail=type(error).__name__) from error
        except NotConnected as error:
            raise UpdateError(UNREACHABLE, name=name, detail=type(error).__name__) from error
        except (RequestException, HTTPError, OSError) as error:
            raise UpdateError(CUT_OFF, name=name, detail=type(error).__name__) from error


def _from(start: int, response: requests.Response, name: str) -> Iterator[bytes]:
    """Yield the body from ``start`` on, also of a server that began before it."""
    if response.status_code in _MISSING:
        raise MissingError(name)
    skipped = start
    if response.status_code == requests.codes.partial_content:
        if not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise UpdateError(CUT_OFF, name=name, detail="another part came than was asked for")
        skipped = 0
    elif response.status_code != requests.codes.ok:
        raise UpdateError(UNREACHABLE, name=name, detail=str(response.status_code))
    for piece in _patiently(response, name):
        left = piece[skipped:]
        skipped -= len(piece) - len(left)
        if left:
            yield left


def _patiently(response: requests.Response, name: str) -> Iterator[bytes]:
    """Yield what comes as it comes, until it comes too slowly to be waited for."""
    began, had = time.monotonic(), 0
    while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
        had += len(piece)
        if time.monotonic() - began > PATIENCE_S + had / LEAST_BYTES_PER_S:
            raise UpdateError(CUT_OFF, name=name, detail="too slow")
        yield piece
