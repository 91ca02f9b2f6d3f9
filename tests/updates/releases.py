"""A small repository of updates, made by the steps that IT takes, and machines that read it."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from installers import release
from installers.releasing.keys import load_signer
from installers.slimming import write_sums
from trafficdesk.updates.fetching import BlobSource, FolderSource
from trafficdesk.updates.machine import Machine
from trafficdesk.updates.repository import Release, Trusted, newest

PLATFORM = "linux-x86_64"
FILES = {"trafficdesk": b"program one", "_internal/base.so": b"library " * 1000, "empty": b""}
KEYS = ("r1", "r2", "r3", "t1", "t2", "online", "r4", "t3", "online2", "thief")


@dataclass
class Counted:
    """A source that notes what it was asked for."""

    source: BlobSource
    asked: list[tuple[str, int]] = field(default_factory=list)

    def pieces(self, name: str, start: int = 0) -> Iterator[bytes]:
        self.asked.append((name, start))
        return self.source.pieces(name, start)

    @property
    def blobs(self) -> list[str]:
        return [name for name, _ in self.asked if name.startswith("files/")]


def run(*words: object) -> None:
    assert release.main([str(word) for word in words]) == 0


class Releases:
    """A repository of two of three root keys, two targets keys and one online key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"

    def found(self) -> None:
        """Make the keys and an empty repository."""
        for name in KEYS:
            run("make-key", self.key(name), "--unlocked")
        roots = [word for name in ("r1", "r2", "r3") for word in ("--root", self.public(name))]
        targets = [word for name in ("t1", "t2") for word in ("--targets", self.public(name))]
        thresholds = ("--root-threshold", 2, "--targets-threshold", 2)
        online = ("--online", self.public("online"))
        run("found", self.repository, *roots, *targets, *thresholds, *online)
        self.sign("root", "r1", "r2")
        self.sign("targets", "t1", "t2")
        self.publish()

    def key(self, name: str) -> Path:
        return self.folder / name

    def public(self, name: str) -> Path:
        return self.folder / f"{name}.pub"

    def signer(self, name: str) -> CryptoSigner:
        return load_signer(self.key(name), str)

    def draft(self, role: str) -> Path:
        return self.repository / "draft" / f"{role}.json"

    def sign(self, role: str, *names: str) -> None:
        run("sign", self.draft(role), *(w for name in names for w in ("--key", self.key(name))))

    def publish(self, key: str = "online") -> None:
        run("publish", self.repository, "--key", self.key(key))

    def bundle(self, version: str, files: Mapping[str, bytes] = FILES, **links: str) -> Path:
        """Return a frozen desk with these files."""
        bundle = self.folder / "bundles" / version
        told = {"trafficdesk": version, "platform": PLATFORM, "store_schema": 3}
        root = (self.repository / "metadata" / "1.root.json").read_bytes()
        own = {
            "about/versions.json": json.dumps(told).encode(),
            "_internal/resources/updates/root.json": root,
        }
        for name, content in {**files, **own}.items():
            (bundle / name).parent.mkdir(parents=True, exist_ok=True)
            (bundle / name).write_bytes(content)
        (bundle / "trafficdesk").chmod(0o755)
        for name, to in links.items():
            (bundle / name).symlink_to(to)
        write_sums(bundle, bundle / "about" / "SHA256SUMS")
        return bundle

    def add(self, bundle: Path, *, percent: int = 100, channel: str = "stable") -> None:
        run("add", self.repository, bundle, "--percent", percent, "--channel", channel)

    def release(self, version: str, files: Mapping[str, bytes] = FILES, percent: int = 100) -> None:
        """Publish a version."""
        self.add(self.bundle(version, files), percent=percent)
        self.sign("targets", "t1", "t2")
        self.publish()

    def copy(self, name: str) -> Path:
        """Return a copy of the repository as it is now: a stick, or what a thief changes."""
        return Path(shutil.copytree(self.repository, self.folder / name))

    @property
    def source(self) -> Counted:
        return Counted(FolderSource(self.repository))


class Desk:
    """A machine that knows the first root of a repository."""

    def __init__(self, releases: Releases, name: str = "desk", channel: str = "stable") -> None:
        root = (releases.repository / "metadata" / "1.root.json").read_bytes()
        self.folder = releases.folder / f"machine-{name}"
        self.versions = self.folder / "versions"
        self.versions.mkdir(parents=True)
        self.trusted = Trusted(root, self.folder / "metadata")
        self.machine = Machine(name, PLATFORM, "pilot" if channel == "pilot" else "stable")

    def look(self, source: BlobSource | Path, now: datetime | None = None) -> Release | None:
        """Return the newest release of a source or a folder."""
        asked = FolderSource(source) if isinstance(source, Path) else source
        return newest(asked, self.trusted, self.machine, now or datetime.now(UTC))


class Thief:
    """Somebody with some of the keys, who changes a repository by hand."""

    def __init__(self, repository: Path, *signers: CryptoSigner) -> None:
        self.metadata = repository / "metadata"
        self.signers = signers

    def targets(self, version: int) -> Metadata[Targets]:
        return Metadata[Targets].from_file(str(self.metadata / f"{version}.targets.json"))

    def snapshot(self, version: int) -> Metadata[Snapshot]:
        return Metadata[Snapshot].from_file(str(self.metadata / f"{version}.snapshot.json"))

    def timestamp(self) -> Metadata[Timestamp]:
        return Metadata[Timestamp].from_file(str(self.metadata / "timestamp.json"))

    def put(
        self, made: Metadata[Targets] | Metadata[Snapshot] | Metadata[Timestamp] | Metadata[Root]
    ) -> None:
        """Sign with every key there is, and put it where desks look."""
        made.signatures.clear()
        for signer in self.signers:
            made.sign(signer, append=True)
        role, version = made.signed.type, made.signed.version
        name = "timestamp.json" if role == "timestamp" else f"{version}.{role}.json"
        (self.metadata / name).write_bytes(made.to_bytes())
