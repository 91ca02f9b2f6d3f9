"""The newest release that a source has for this machine, believed only where keys vouch for it.

The metadata is that of The Update Framework; ``python-tuf`` reads it. What has been seen is kept,
so that a source cannot go back to an older state; what has expired says nothing, so that a source
cannot stand still for ever either.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from tuf.api import exceptions
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.ngclient import FetcherInterface, Updater

from trafficdesk.updates.errors import (
    EXPIRED,
    GARBLED,
    NOT_SIGNED,
    NOT_WRITABLE,
    OLDER,
    TAMPERED,
    TOO_LONG,
    UNREACHABLE,
    MissingError,
    UpdateError,
)
from trafficdesk.updates.fetching import BlobSource
from trafficdesk.updates.machine import Machine, Offer
from trafficdesk.updates.manifest import MOST_BYTES, Manifest, read_manifest
from trafficdesk.updates.versions import is_version, order_of

METADATA: Final = "metadata/"
TARGETS: Final = "targets/"
_ROLES: Final = (Root.type, Timestamp.type, Snapshot.type, Targets.type)
_AT_WORK: Final = "at-work"  # what a kill leaves there is written over
_HTTP_MISSING: Final = 404
# The first that fits; each of the others is a fault of the signatures or of what was signed.
_CODES: Final = (
    (exceptions.ExpiredMetadataError, EXPIRED),
    (exceptions.BadVersionNumberError, OLDER),
    (exceptions.LengthOrHashMismatchError, TAMPERED),
    (exceptions.DownloadLengthMismatchError, TOO_LONG),
    (exceptions.DownloadError, UNREACHABLE),
    (exceptions.RepositoryError, NOT_SIGNED),
)


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a machine starts from: the root that came with its package, and what it saw since.

    ``folder`` is written to; only who may install programs may write there.
    """

    root: bytes
    folder: Path


@dataclass(frozen=True, slots=True)
class Release:
    """A version that may be installed; ``expires_at`` is when its repository's word runs out."""

    version: str
    schema: int
    platform: str
    manifest: Manifest
    expires_at: datetime
    percent: int


def newest(source: BlobSource, trusted: Trusted, machine: Machine, now: datetime) -> Release | None:
    """Return the newest release offered to a machine, None where there is none.

    It may be older than what the machine runs. ``now`` only makes things expire sooner than by
    the system's clock, never later.

    Raises:
        UpdateError: the source cannot be reached, or is not to be believed.
    """
    try:
        at_work = trusted.folder / _AT_WORK
        at_work.mkdir(parents=True, exist_ok=True)
        found = _find(_open(source, trusted, at_work), trusted.folder, machine, now)
        _settle(trusted.folder)
        shutil.rmtree(at_work)
    except (exceptions.RepositoryError, exceptions.DownloadError) as error:
        code = next(code for kind, code in _CODES if isinstance(error, kind))
        raise UpdateError(code, name="metadata", detail=str(error)) from error
    except OSError as error:
        detail = error.strerror or str(error)
        raise UpdateError(NOT_WRITABLE, name=str(trusted.folder), detail=detail) from error
    return found


def _open(source: BlobSource, trusted: Trusted, at_work: Path) -> Updater:
    updater = Updater(
        metadata_dir=str(trusted.folder),
        metadata_base_url=METADATA,
        target_dir=str(at_work),
        target_base_url=TARGETS,
        fetcher=_Fetcher(source),
        bootstrap=trusted.root,
    )
    updater.refresh()
    return updater


class _Fetcher(FetcherInterface):
    """Lets python-tuf ask a source."""

    def __init__(self, source: BlobSource) -> None:
        self._source = source

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._source.pieces(url)
        except MissingError as error:
            raise exceptions.DownloadHTTPError(f"{url} is not there", _HTTP_MISSING) from error


def _find(updater: Updater, known: Path, machine: Machine, now: datetime) -> Release | None:
    """Return the newest release of a repository whose metadata was just proved and kept."""
    expires_at = _expires_at(known)
    if expires_at <= now:
        raise UpdateError(EXPIRED, name="metadata", detail=expires_at.isoformat())
    targets: Metadata[Targets] = Metadata.from_file(str(known / "targets.json"))
    offers = dict(_offers(targets.signed.targets, machine))
    if not offers:
        return None
    version = max(offers, key=order_of)
    manifest = _manifest(updater, target_name(machine.platform, version))
    if (manifest.version, manifest.platform) != (version, machine.platform):
        raise UpdateError(GARBLED, name=version, detail="its manifest is another's")
    percent = offers[version].percent
    return Release(version, manifest.schema, manifest.platform, manifest, expires_at, percent)


def target_name(platform: str, version: str) -> str:
    """Return the name of a release's manifest in the repository."""
    return f"{platform}/{version}.json"


def _expires_at(known: Path) -> datetime:
    """Return when the first of the metadata files runs out."""
    files = [Metadata.from_file(str(known / f"{role}.json")) for role in _ROLES]
    return min(file.signed.expires for file in files)


def _offers(targets: dict[str, TargetFile], machine: Machine) -> Iterator[tuple[str, Offer]]:
    """Yield the versions that this machine is offered."""
    for name, target in targets.items():
        platform, _, file = name.partition("/")
        version = file.removesuffix(".json")
        if platform != machine.platform or not is_version(version):
            continue
        try:
            offer = msgspec.convert(target.custom or {}, Offer)
        except msgspec.ValidationError as error:
            raise UpdateError(GARBLED, name=name, detail=str(error)) from error
        if machine.is_offered(version, offer):
            yield version, offer


def _manifest(updater: Updater, name: str) -> Manifest:
    target = updater.get_targetinfo(name)
    if target is None or target.length > MOST_BYTES:
        raise UpdateError(GARBLED, name=name, detail="there is none that could be read")
    return read_manifest(Path(updater.download_target(target)).read_bytes())


def _settle(folder: Path) -> None:
    """Have what was seen on the disk: forgotten in a power cut, an older state would pass."""
    for role in _ROLES:
        with (folder / f"{role}.json").open("rb+") as file:
            os.fsync(file.fileno())
