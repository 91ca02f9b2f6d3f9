"""Drafts that enough people have signed become what desks see; the online keys say so last."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from installers.releasing.errors import ReleaseError
from installers.releasing.repository import AnyMetadata, Repository, expiry, read, read_any, write
from trafficdesk.updates.errors import UpdateError
from trafficdesk.updates.fetching import FolderSource
from trafficdesk.updates.machine import Machine
from trafficdesk.updates.repository import Trusted, newest


def publish(repository: Repository, online: Sequence[CryptoSigner], days: int) -> list[str]:
    """Publish the drafts that are there, and the state anew, valid for so many days from now.

    Without drafts it only lets the state be valid for longer. Returns what was published.

    Raises:
        ReleaseError: a draft lacks signatures, or the keys are not the online keys.
    """
    root, drafts = _checked_drafts(repository)
    snapshot = _next_snapshot(repository, drafts, days)
    timestamp = _next_timestamp(repository, snapshot.signed.version, days)
    following: tuple[AnyMetadata, ...] = (snapshot, timestamp)
    for metadata in following:
        for signer in online:
            metadata.sign(signer, append=True)
        _check_signed(root, metadata)
    for metadata in (*drafts, *following):  # what tells of another after it
        write(metadata, _place(repository, metadata))
    for draft in drafts:
        repository.draft_path(draft.signed.type).unlink()
    _prove(repository)
    return [f"{metadata.signed.type} {metadata.signed.version}" for metadata in drafts]


def _checked_drafts(repository: Repository) -> tuple[Root, list[AnyMetadata]]:
    """Return the root that will hold, and the drafts; each is signed as those before it ask."""
    drafts: list[AnyMetadata] = []
    before = repository.root().signed if repository.newest_path(Root.type) else None
    root = before
    if repository.draft_path(Root.type).exists():
        draft: Metadata[Root] = read(repository.draft_path(Root.type))
        root = draft.signed
        for asking in (root, before or root):
            _check_signed(asking, draft)
        drafts.append(draft)
    if root is None:
        raise ReleaseError(f"{repository.folder} has no root.")
    if repository.draft_path(Targets.type).exists():
        drafts.append(read_any(repository.draft_path(Targets.type)))
    _check_signed(root, drafts[-1] if _has_targets(drafts) else repository.targets())
    return root, drafts


def _has_targets(drafts: Sequence[AnyMetadata]) -> bool:
    return bool(drafts) and drafts[-1].signed.type == Targets.type


def _check_signed(root: Root, metadata: AnyMetadata) -> None:
    role = metadata.signed.type
    try:
        root.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except RepositoryError as error:
        lacking = root.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
        names = ", ".join(key[:8] for key in lacking.unsigned)
        raise ReleaseError(
            f"{role} lacks {lacking.missing} signature(s); these keys have not signed: {names}."
        ) from error


def _next_snapshot(
    repository: Repository, drafts: Sequence[AnyMetadata], days: int
) -> Metadata[Snapshot]:
    path = repository.newest_path(Snapshot.type)
    listed = drafts[-1] if _has_targets(drafts) else repository.targets()
    version = 1
    if path is not None:
        before: Metadata[Snapshot] = read(path)
        version = before.signed.version + 1
    meta = {"targets.json": MetaFile(listed.signed.version)}
    return Metadata(Snapshot(version=version, expires=expiry(days), meta=meta))


def _next_timestamp(repository: Repository, snapshot: int, days: int) -> Metadata[Timestamp]:
    path = repository.metadata / "timestamp.json"
    version = 1
    if path.exists():
        before: Metadata[Timestamp] = read(path)
        version = before.signed.version + 1
    return Metadata(
        Timestamp(version=version, expires=expiry(days), snapshot_meta=MetaFile(snapshot))
    )


def _place(repository: Repository, metadata: AnyMetadata) -> Path:
    role = metadata.signed.type
    if role == Timestamp.type:
        return repository.metadata / "timestamp.json"
    return repository.metadata / f"{metadata.signed.version}.{role}.json"


def _prove(repository: Repository) -> None:
    """Read what was published as a desk does that starts from the very first root."""
    first = (repository.metadata / "1.root.json").read_bytes()
    nobody = Machine("", "none")
    try:
        with tempfile.TemporaryDirectory() as folder:
            trusted = Trusted(first, Path(folder))
            newest(FolderSource(repository.folder), trusted, nobody, datetime.now(UTC))
    except UpdateError as error:
        raise ReleaseError(f"No desk would believe what was published: {error}") from error
