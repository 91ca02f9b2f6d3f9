"""Which releases a repository has, and to whom each is offered: changes of the next list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from tuf.api.metadata import TargetFile

from installers.releasing.errors import ReleaseError
from installers.releasing.payload import LEVEL, pack, told_of
from installers.releasing.repository import Repository, put
from trafficdesk.updates.machine import Offer
from trafficdesk.updates.manifest import Manifest, read_manifest
from trafficdesk.updates.repository import target_name
from trafficdesk.updates.versions import order_of

# Releases before, from which a desk gets by with deltas: a year of them, one a month.
_BASES: Final = 12


def add(
    repository: Repository, bundle: Path, offer: Offer, days: int, level: int = LEVEL
) -> Manifest:
    """Draft the release of a frozen desk. Raises ``ReleaseError``.

    A version that was released once stays what it was: its number stands for its bytes.
    """
    repository.root()  # a repository that nobody has signed for yet can promise nothing
    told = told_of(bundle)
    name = target_name(str(told["platform"]), str(told["version"]))
    draft = repository.next_targets()
    targets = draft.signed.targets
    if name in targets:
        raise ReleaseError(f"There is a release {name} already: give it another number.")
    manifest = pack(repository, bundle, releases_before(repository, targets, name), level)
    text = msgspec.json.encode(manifest)
    target = TargetFile.from_data(name, text, ["sha256"])
    put(manifest_path(repository, target), text)
    targets[name] = _offered(target, offer)
    repository.save_draft(draft, days)
    return manifest


def releases_before(
    repository: Repository, targets: dict[str, TargetFile], name: str
) -> list[Manifest]:
    """Return the newest other releases for the platform of a release, the very newest last."""
    platform = name.partition("/")[0]
    alike = [
        target
        for path, target in targets.items()
        if path.startswith(f"{platform}/") and path != name
    ]
    read = [read_manifest(manifest_path(repository, one).read_bytes()) for one in alike]
    return sorted(read, key=lambda manifest: order_of(manifest.version))[-_BASES:]


def fetched(manifest: Manifest, older: Manifest) -> int:
    """Return how many bytes a desk fetches that has an older release, the manifest among them."""
    here = {file.sha256 for file in older.files}
    needed = {file.sha256: file for file in manifest.files if file.sha256 not in here}
    return len(msgspec.json.encode(manifest)) + sum(
        next((d.packed_size for d in file.deltas if d.basis_sha256 in here), file.packed_size)
        for file in needed.values()
    )


def manifest_path(repository: Repository, target: TargetFile) -> Path:
    """Return where a manifest lies: its own hash stands before its name."""
    folder, _, name = target.path.rpartition("/")
    return repository.folder / "targets" / folder / f"{target.hashes['sha256']}.{name}"


def _offered(target: TargetFile, offer: Offer) -> TargetFile:
    target.unrecognized_fields["custom"] = msgspec.to_builtins(offer)
    return target


def offer_to(repository: Repository, name: str, offer: Offer, days: int) -> None:
    """Draft another channel or share of machines for a release, as ``linux-x86_64/0.2.0``."""
    draft = repository.next_targets()
    _offered(_named(draft.signed.targets, name), offer)
    repository.save_draft(draft, days)


def withdraw(repository: Repository, name: str, days: int) -> None:
    """Draft that a release is offered to nobody any more; who has it keeps it."""
    draft = repository.next_targets()
    _named(draft.signed.targets, name)
    del draft.signed.targets[_name_of(name)]
    repository.save_draft(draft, days)


def _name_of(name: str) -> str:
    return f"{name}.json"


def _named(targets: dict[str, TargetFile], name: str) -> TargetFile:
    try:
        return targets[_name_of(name)]
    except KeyError:
        raise ReleaseError(f"There is no release {name}.") from None


def offers(targets: dict[str, TargetFile]) -> Iterator[tuple[str, Offer]]:
    """Yield every release of a list by its name, and whom it is offered to."""
    for name, target in sorted(targets.items()):
        yield name.removesuffix(".json"), msgspec.convert(target.custom, Offer)


def prune(repository: Repository) -> int:
    """Remove blobs and manifests that no published or drafted release names; return the bytes."""
    lists = [repository.targets(), repository.next_targets()]
    named = [target for listed in lists for target in listed.signed.targets.values()]
    kept = {manifest_path(repository, target) for target in named}
    manifests = [read_manifest(path.read_bytes()) for path in kept]
    for file in (file for manifest in manifests for file in manifest.files):
        kept.add(repository.folder / file.blob)
        kept |= {repository.folder / file.delta_blob(delta) for delta in file.deltas}
    freed = 0
    for folder in ("targets", "files"):
        for path in (repository.folder / folder).rglob("*"):
            if path.is_file() and path not in kept:
                freed += path.stat().st_size
                path.unlink()
    return freed
