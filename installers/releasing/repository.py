"""A repository's folder: what is published, and the drafts of what comes next.

``metadata``, ``targets`` and ``files`` are what desks read; ``draft`` holds at most one next root
and one next list of releases (``targets``), until enough people have signed them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from installers.releasing.errors import ReleaseError

ONLINE: Final = (Snapshot.type, Timestamp.type)
ROLES: Final = (Root.type, Targets.type, *ONLINE)
LEAST_DAYS: Final = 90  # a laptop may be in a drawer for a season

AnyMetadata = Metadata[Root] | Metadata[Targets] | Metadata[Snapshot] | Metadata[Timestamp]
S = TypeVar("S", Root, Targets, Snapshot, Timestamp)


@dataclass(frozen=True, slots=True)
class Keys:
    """Who may sign a role, and how many of them it takes."""

    keys: tuple[SSlibKey, ...]
    threshold: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= len({key.keyid for key in self.keys}):
            raise ReleaseError(f"{self.threshold} of {len(self.keys)} keys cannot be.")


class Repository:
    """One repository on a disk."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self.metadata: Final = folder / "metadata"
        self.drafts: Final = folder / "draft"

    def newest_path(self, role: str) -> Path | None:
        """Return the newest published file of a role, None before the first."""
        versions = {int(path.name.split(".")[0]): path for path in self._all(role)}
        return versions[max(versions)] if versions else None

    def _all(self, role: str) -> list[Path]:
        return [p for p in self.metadata.glob(f"*.{role}.json") if p.name[0].isdecimal()]

    def draft_path(self, role: str) -> Path:
        """Return where the draft of a role is, or would be."""
        return self.drafts / f"{role}.json"

    def root(self) -> Metadata[Root]:
        """Return the published root. Raises ``ReleaseError``."""
        root: Metadata[Root] = self._published(Root.type)
        return root

    def targets(self) -> Metadata[Targets]:
        """Return the published list of releases. Raises ``ReleaseError``."""
        return self._published(Targets.type)

    def _published(self, role: str) -> Metadata[S]:
        path = self.newest_path(role)
        if path is None:
            raise ReleaseError(f"{self.folder} has no {role} yet: sign the draft and publish it.")
        return read(path)

    def next_root(self) -> Metadata[Root]:
        """Return the root to be changed: the draft, or one that follows the published."""
        return self._next(Root.type)

    def next_targets(self) -> Metadata[Targets]:
        """Return the list of releases to be changed, as ``next_root``."""
        return self._next(Targets.type)

    def _next(self, role: str) -> Metadata[S]:
        path = self.draft_path(role)
        if path.exists():
            return read(path)
        following: Metadata[S] = self._published(role)
        following.signed.version += 1
        return following

    def save_draft(self, draft: Metadata[Root] | Metadata[Targets], days: int) -> Path:
        """Keep a changed draft, valid for so many days from now; nobody has signed it yet."""
        draft.signatures.clear()
        draft.signed.expires = expiry(days)
        path = self.draft_path(draft.signed.type)
        write(draft, path)
        return path


def expiry(days: int) -> datetime:
    """Return when what is valid for so many days runs out. Raises ``ReleaseError``."""
    if days < LEAST_DAYS:
        raise ReleaseError(f"It has to be valid for {LEAST_DAYS} days at least.")
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


def found(folder: Path, roots: Keys, targets: Keys, online: Keys, days: int) -> Path:
    """Begin a repository with drafts to be signed. Raises ``ReleaseError``."""
    repository = Repository(folder)
    if repository.metadata.exists() or repository.drafts.exists():
        raise ReleaseError(f"There is a repository in {folder} already.")
    root = Root(consistent_snapshot=True)
    for role, keys in {Root.type: roots, Targets.type: targets}.items():
        set_keys(root, role, keys)
    for role in ONLINE:
        set_keys(root, role, online)
    repository.save_draft(Metadata(Targets()), days)
    return repository.save_draft(Metadata(root), days)


def set_keys(root: Root, role: str, keys: Keys) -> None:
    """Let these keys and no others sign a role."""
    for keyid in tuple(root.roles[role].keyids):
        root.revoke_key(keyid, role)
    for key in keys.keys:
        root.add_key(key, role)
    root.roles[role].threshold = keys.threshold


def sign(path: Path, signers: list[CryptoSigner]) -> AnyMetadata:
    """Add signatures to a draft, which may have been carried elsewhere, and return it."""
    draft = read_any(path)
    for signer in signers:
        draft.sign(signer, append=True)
    write(draft, path)
    return draft


def read(path: Path) -> Metadata[S]:
    """Return what is in a file of metadata. Raises ``ReleaseError``."""
    try:
        return Metadata[S].from_bytes(path.read_bytes())
    except (OSError, RepositoryError) as error:
        raise ReleaseError(f"{path} cannot be read: {error}") from error


def read_any(path: Path) -> AnyMetadata:
    """Return what is in a file of metadata, of whichever role. Raises ``ReleaseError``."""
    metadata: Metadata[Root] = read(path)  # what it is stands in the file
    return metadata


def write(metadata: AnyMetadata, path: Path) -> None:
    """Put metadata in its place, whole."""
    put(path, metadata.to_bytes(JSONSerializer(compact=True)))


def put(path: Path, text: bytes) -> None:
    """Put a file in its place, whole: desks may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coming = path.with_name(f".{path.name}.coming")
    coming.write_bytes(text)
    coming.replace(path)
