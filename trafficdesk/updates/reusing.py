"""Files of a release that this machine has already, in the versions that lie on it."""

import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from trafficdesk.updates.blobs import Parcel, sha256_of, whole
from trafficdesk.updates.fetching import PIECE_BYTES
from trafficdesk.updates.manifest import FileEntry


class KnownFiles:
    """The files of versions already here, found by what is in them."""

    def __init__(self, trees: Sequence[Path]) -> None:
        self._trees = trees
        self._by_size = defaultdict[int, list[Path]](list)
        self._hashes: dict[Path, str] = {}
        for tree in trees:
            for path, size in _files_of(tree):
                self._by_size[size].append(path)

    def find(self, file: FileEntry) -> Path | None:
        """Return a file with the very same bytes, None if there is none."""
        return self._find(file.path, file.size, file.sha256)

    def parcel(self, file: FileEntry) -> Parcel:
        """Return what has to be fetched for a file: as little as what is here allows."""
        for delta in file.deltas:
            basis = self._find(file.path, delta.basis_size, delta.basis_sha256)
            if basis is not None:
                name = file.delta_blob(delta)
                return Parcel(file, name, delta.packed_size, delta.packed_sha256, basis)
        return whole(file)

    def _find(self, name: str, size: int, sha256: str) -> Path | None:
        namesakes = [tree / name for tree in self._trees]
        # Most of what is of one size and name is the same: look there first.
        for path in sorted(self._by_size[size], key=lambda path: path not in namesakes):
            if self._hash(path) == sha256:
                return path
        return None

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            try:
                self._hashes[path] = sha256_of(path)
            except OSError:  # gone in the meantime, or on a bad block
                self._hashes[path] = ""
        return self._hashes[path]


def parcels(files: Iterable[FileEntry], known: Sequence[Path]) -> tuple[Parcel, ...]:
    """Return what has to be fetched for a release, beside the versions here."""
    here = KnownFiles(known)
    wanted = {file.sha256: file for file in files if here.find(file) is None}
    return tuple(here.parcel(file) for file in wanted.values())


def lay_out(file: FileEntry, found: Path, place: Path) -> bool:
    """Put a file that is here already to a place of a version, as a link where that is safe.

    Returns False, and puts nothing there, where it was changed since it was found.
    """
    if _is_ours(found, file.mode) and _link(found, place):
        return True
    digest = hashlib.sha256()
    with found.open("rb") as source, place.open("xb") as to:
        while piece := source.read(PIECE_BYTES):
            digest.update(piece)
            to.write(piece)
        to.flush()
        os.fsync(to.fileno())
    if digest.hexdigest() == file.sha256:
        return True
    place.unlink()
    return False


def _link(found: Path, place: Path) -> bool:
    try:
        place.hardlink_to(found)
    except OSError:  # on another file system, or one that has no links
        return False
    return True


def _is_ours(found: Path, mode: int) -> bool:
    """Tell whether a file is nobody else's to change, and to be used as the release says.

    Two names of one file have one owner: who could write to the first would write to the second.
    """
    if os.name != "posix":
        return True
    status = found.stat()
    return status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) == mode


def _files_of(tree: Path) -> Iterator[tuple[Path, int]]:
    for folder, _folders, names in os.walk(tree):
        for name in names:
            path = Path(folder, name)
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                yield path, status.st_size
