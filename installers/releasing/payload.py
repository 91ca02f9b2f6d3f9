"""What desks fetch of a frozen desk: a blob for each file, and the manifest that names them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from installers.releasing.deltas import add_deltas
from installers.releasing.errors import ReleaseError
from installers.releasing.repository import Repository
from installers.slimming import files_of
from trafficdesk.updates.blobs import sha256_of
from trafficdesk.updates.errors import UpdateError
from trafficdesk.updates.manifest import FileEntry, Link, Manifest, check_places

LEVEL: Final = 19
ROOT_OF_TRUST: Final = "resources/updates/root.json"
_EXECUTABLE_BITS: Final = 0o111


def pack(
    repository: Repository, bundle: Path, before: Sequence[Manifest], level: int = LEVEL
) -> Manifest:
    """Lay the blobs of a frozen desk into a repository and return its manifest.

    A blob that is there is kept as it is: manifests already published name its bytes. Deltas are
    made from the releases ``before``.

    Raises:
        ReleaseError: the folder is no whole frozen desk, or could never be updated again.
    """
    told = told_of(bundle)
    _check_sums(bundle)
    _check_root(repository, bundle)
    files = [_pack_file(repository, bundle, path, level) for path in files_of(bundle)]
    links = [
        Link(path.relative_to(bundle).as_posix(), path.readlink().as_posix())
        for path in sorted(bundle.rglob("*"))
        if path.is_symlink()
    ]
    try:
        parts = {"files": [add_deltas(repository, each, before) for each in files], "links": links}
        manifest = msgspec.convert(told | parts, Manifest, from_attributes=True)
        check_places(manifest)
    except (msgspec.ValidationError, UpdateError) as error:
        raise ReleaseError(f"{bundle} cannot be released: {error}.") from error
    return manifest


def told_of(bundle: Path) -> dict[str, object]:
    """Return what a frozen desk says of itself. Raises ``ReleaseError``."""
    try:
        told = json.loads((bundle / "about" / "versions.json").read_bytes())
        named = {"version": "trafficdesk", "platform": "platform", "schema": "store_schema"}
        return {ours: told[theirs] for ours, theirs in named.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{bundle} is no frozen desk: run build_spec.py first.") from error


def _check_sums(bundle: Path) -> None:
    """Refuse a folder that was copied in part, or changed since it was made."""
    lines = (bundle / "about" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in lines:
        digest, _, name = line.partition("  ")
        path = bundle / name
        if not path.is_file() or sha256_of(path) != digest:
            raise ReleaseError(f"{path} is not as it was built.")


def _check_root(repository: Repository, bundle: Path) -> None:
    """Refuse a desk that would believe no update after this one, or those of somebody else."""
    places = [bundle / ROOT_OF_TRUST, bundle / "_internal" / ROOT_OF_TRUST]
    brought = next((path.read_bytes() for path in places if path.is_file()), None)
    if brought is None:
        raise ReleaseError(f"{bundle} has no {ROOT_OF_TRUST}: put it there and build again.")
    ours = [path.read_bytes() for path in repository.metadata.glob("*.root.json")]
    if brought not in ours:
        raise ReleaseError(f"The {ROOT_OF_TRUST} in {bundle} is none of this repository's.")


def _pack_file(repository: Repository, bundle: Path, path: Path, level: int) -> FileEntry:
    name, mode = path.relative_to(bundle).as_posix(), path.stat().st_mode
    digest = sha256_of(path)
    bare = FileEntry(name, path.stat().st_size, digest, 0, "0" * len(digest))
    blob = repository.folder / bare.blob
    if not blob.exists():
        blob.parent.mkdir(parents=True, exist_ok=True)
        _compress(path, blob, level)
    return msgspec.structs.replace(
        bare,
        packed_size=blob.stat().st_size,
        packed_sha256=sha256_of(blob),
        is_executable=bool(mode & _EXECUTABLE_BITS),
    )


def _compress(path: Path, blob: Path, level: int) -> None:
    coming = blob.with_name(f".{blob.name}.coming")
    size = path.stat().st_size
    given = zstandard.ZstdCompressionParameters.from_level(level, source_size=size)
    packer = zstandard.ZstdCompressor(compression_params=given)
    with path.open("rb") as source, coming.open("wb") as to:
        packer.copy_stream(source, to, size=size)
    coming.replace(blob)
