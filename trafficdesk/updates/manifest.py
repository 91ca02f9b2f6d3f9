"""What a release consists of: every file with its size and hash, as the release's keys vouch for.

A file travels as a blob of its own, named by the file's hash and packed with zstd, so that of a
release only those travel that the one before had not; of the program, which changes with every
line of code, only what is other than before (a delta). The blob's own size and hash are here, too:
nothing is unpacked that was not proved first.
"""

import re
from pathlib import PurePosixPath
from typing import Annotated, Final

import msgspec

from trafficdesk.updates.errors import GARBLED, UpdateError
from trafficdesk.updates.versions import PATTERN

MOST_BYTES: Final = 16 * 2**20  # of a manifest
MOST_FILES: Final = 50_000
MOST_FILE_BYTES: Final = 2**30
MOST_BASIS_BYTES: Final = 2**26  # it is held in memory
EXECUTABLE: Final = 0o755
PLAIN: Final = 0o644

_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_FILE_BYTES)]
_Path = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
# What no system of ours takes in a name, or takes for something else.
_BAD_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]|^\.{1,2}$|^$|[. ]$')
_DEVICE: Final = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


class Delta(msgspec.Struct, frozen=True):
    """A way to a file from an older one, its basis, that a machine may have."""

    basis_size: Annotated[int, msgspec.Meta(ge=0, le=MOST_BASIS_BYTES)]
    basis_sha256: _Hash
    packed_size: _Size
    packed_sha256: _Hash


class FileEntry(msgspec.Struct, frozen=True):
    """One file: ``path`` with slashes below the version's folder, the rest in bytes.

    ``packed_size`` and ``packed_sha256`` are those of the blob.
    """

    path: _Path
    size: _Size
    sha256: _Hash
    packed_size: _Size
    packed_sha256: _Hash
    is_executable: bool = False
    deltas: tuple[Delta, ...] = ()

    @property
    def mode(self) -> int:
        """Return what the file may be used for: nobody but its owner writes to it."""
        return EXECUTABLE if self.is_executable else PLAIN

    @property
    def blob(self) -> str:
        """Return the name of its blob at a source."""
        return f"files/{self.sha256[:2]}/{self.sha256}.zst"

    def delta_blob(self, delta: Delta) -> str:
        """Return the name of a delta's blob at a source."""
        return f"files/{self.sha256[:2]}/{self.sha256}-{delta.basis_sha256}.zst"


class Link(msgspec.Struct, frozen=True):
    """A symbolic link; ``to`` is relative to its own folder and stays in the version's."""

    path: _Path
    to: _Path


class Manifest(msgspec.Struct, frozen=True):
    """All of a release for one platform; ``schema`` is that of the store it brings along."""

    version: Annotated[str, msgspec.Meta(pattern=PATTERN)]
    platform: str
    schema: Annotated[int, msgspec.Meta(ge=1)]
    files: Annotated[tuple[FileEntry, ...], msgspec.Meta(min_length=1, max_length=MOST_FILES)]
    links: Annotated[tuple[Link, ...], msgspec.Meta(max_length=MOST_FILES)] = ()

    @property
    def size(self) -> int:
        """Return how many bytes all of it takes."""
        return sum(file.size for file in self.files)


def read_manifest(text: bytes) -> Manifest:
    """Return what a manifest says.

    Raises:
        UpdateError: it says nothing that can be laid out safely.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UpdateError(GARBLED, name="manifest", detail=str(error)) from error
    check_places(manifest)
    return manifest


def check_places(manifest: Manifest) -> None:
    """Raise ``UpdateError`` for a name that leaves the folder, or stands for two things."""
    taken: dict[str, bool] = {}  # by what systems without capitals see: whether it is a folder
    for path in (*(f.path for f in manifest.files), *(link.path for link in manifest.links)):
        parts = path.split("/")
        if any(_BAD_NAME.search(part) or _DEVICE.match(part) for part in parts):
            raise _wrong(path, "it is no name of a file")
        for depth in range(1, len(parts)):
            if not taken.setdefault("/".join(parts[:depth]).casefold(), True):
                raise _wrong(path, "it lies in a file")
        if path.casefold() in taken:
            raise _wrong(path, "it is there twice")
        taken[path.casefold()] = False
    for link in manifest.links:
        if not _stays_inside(link):
            raise _wrong(link.path, f"it leads to {link.to}")


def _stays_inside(link: Link) -> bool:
    """Tell whether each step of a link's way, taken from its folder, is one inside the version's.

    A link on the way to it would be followed by the system: what lies below a link is no place.
    """
    depth = len(PurePosixPath(link.path).parts) - 1
    for part in link.to.split("/"):
        if part == "..":
            depth -= 1
        elif _BAD_NAME.search(part):
            return False
        else:
            depth += 1
        if depth < 0:
            return False
    return True


def _wrong(path: str, detail: str) -> UpdateError:
    return UpdateError(GARBLED, name=path, detail=detail)
