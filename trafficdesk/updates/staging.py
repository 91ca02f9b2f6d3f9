"""A release laid out whole in a folder of its own, every file compared with what was signed.

It grows in ``<version>.partial`` and gets its name last, when all of it is on the disk: a folder
with a version's name is complete. What a kill leaves is gone on with.
"""

import errno
import os
import shutil
import stat
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from trafficdesk.updates.blobs import Parcel, fetch_file, sha256_of, whole
from trafficdesk.updates.errors import NO_ROOM, NOT_WRITABLE, MissingError, UpdateError
from trafficdesk.updates.fetching import BlobSource
from trafficdesk.updates.manifest import EXECUTABLE, PLAIN, FileEntry, Manifest
from trafficdesk.updates.repository import Release
from trafficdesk.updates.reusing import KnownFiles, lay_out

PARTIAL: Final = ".partial"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def stage(release: Release, blobs: BlobSource, known: Sequence[Path], into: Path) -> Path:
    """Leave ``into/<version>/`` complete and verified, and return it.

    ``known`` are the versions on this machine, whose files are not fetched again. What is there
    already is looked at and not made anew unless it was changed.

    Raises:
        UpdateError: it cannot be had whole; a version of that name is as it was.
    """
    place = into / release.version
    partial = into / f"{release.version}{PARTIAL}"
    try:
        if not is_whole(release.manifest, place):
            _lay_out(release.manifest, blobs, [*known, place], partial)
            _put(partial, place)
        if partial.exists():  # also what a kill left after the version had its name
            shutil.rmtree(partial)
    except OSError as error:
        code = NO_ROOM if error.errno in _NO_ROOM else NOT_WRITABLE
        detail = error.strerror or str(error)
        raise UpdateError(code, name=str(into), detail=detail) from error
    return place


def is_whole(manifest: Manifest, place: Path) -> bool:
    """Tell whether a folder holds a release, all of it and nothing else."""
    if not place.is_dir() or _names_in(place) != _names_of(manifest):
        return False
    return all(_is_same(file, place / file.path) for file in manifest.files) and all(
        (place / link.path).is_symlink() and (place / link.path).readlink() == Path(link.to)
        for link in manifest.links
    )


def _put(partial: Path, place: Path) -> None:
    """Give a complete tree its version's name; what somebody changed there gets out of its way."""
    changed = partial / "changed"
    if changed.exists():
        shutil.rmtree(changed)
    if place.exists():
        place.rename(changed)
    (partial / "tree").rename(place)
    _settle_folder(place.parent)


def _lay_out(manifest: Manifest, blobs: BlobSource, known: Sequence[Path], partial: Path) -> None:
    """Make what a partial tree lacks, of what is here already or of blobs."""
    tree, waiting = partial / "tree", partial / "blobs"
    for folder in (tree, waiting):
        folder.mkdir(parents=True, exist_ok=True)
    _drop_others(_names_of(manifest), tree)
    lacking = [file for file in manifest.files if not _is_same(file, tree / file.path)]
    here = KnownFiles([*(folder for folder in known if folder.is_dir()), tree])
    found = {file.sha256: here.find(file) for file in lacking}
    parcels = {f.sha256: here.parcel(f) for f in lacking if found[f.sha256] is None}
    _check_room(parcels.values(), partial)
    for file in lacking:
        path = _cleared(tree / file.path)
        source = found[file.sha256]
        if source is None or not lay_out(file, source, path):
            parcel = parcels.get(file.sha256, whole(file))
            _fetch(parcel, blobs, waiting, path)
            found[file.sha256] = path
        if _mode_of(path) != file.mode:
            path.chmod(file.mode)
    for link in manifest.links:
        _cleared(tree / link.path).symlink_to(link.to)
    _settle(tree)


def _fetch(parcel: Parcel, blobs: BlobSource, waiting: Path, path: Path) -> None:
    """Fetch a file as a delta, or whole where the source has no such delta."""
    try:
        fetch_file(parcel, blobs, waiting, path)
    except MissingError:
        if parcel.basis is None:
            raise
        fetch_file(whole(parcel.file), blobs, waiting, path)


def _cleared(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def _check_room(fetched: Collection[Parcel], partial: Path) -> None:
    """Refuse at once what would fill the disk half-way. Raises ``UpdateError``."""
    needed = sum(parcel.file.size for parcel in fetched)
    needed += max((parcel.size for parcel in fetched), default=0)
    free = shutil.disk_usage(partial).free
    if needed > free:
        detail = f"{needed} bytes are needed, {free} are free"
        raise UpdateError(NO_ROOM, name=str(partial.parent), detail=detail)


def _is_same(file: FileEntry, path: Path) -> bool:
    """Tell whether a file is what the release says, and may be used as it says."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size != file.size:
            return False
        return _mode_of(path) == file.mode and sha256_of(path) == file.sha256
    except OSError:
        return False


def _mode_of(path: Path) -> int:
    """Return what a file may be used for; Windows has no such word and decides by its folder."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix":
        return mode
    return EXECUTABLE if mode & stat.S_IXUSR else PLAIN


def _names_of(manifest: Manifest) -> set[str]:
    return {file.path for file in manifest.files} | {link.path for link in manifest.links}


def _names_in(tree: Path) -> set[str]:
    """Return what is in a tree, by its way below it, folders left out."""
    return {
        path.relative_to(tree).as_posix()
        for path in tree.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def _drop_others(names: set[str], tree: Path) -> None:
    """Remove what is no part of a release, and folders with nothing in them."""
    for name in _names_in(tree) - names:
        (tree / name).unlink()
    for folder, folders, files in os.walk(tree, topdown=False):
        if not folders and not files and Path(folder) != tree:
            Path(folder).rmdir()


def _settle(tree: Path) -> None:
    """Let everybody read the folders of a tree, and have their lists on the disk."""
    for folder, _folders, _files in os.walk(tree):
        Path(folder).chmod(EXECUTABLE)
        _settle_folder(Path(folder))


def _settle_folder(folder: Path) -> None:
    if os.name == "posix":  # Windows has folders on the disk by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
