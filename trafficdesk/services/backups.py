"""Backups of a desk: a folder with the encrypted store, its keys and photos, and their hashes."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import msgspec

from trafficdesk import __version__
from trafficdesk.domain.times import to_ms
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import sync_folder, write_durably
from trafficdesk.services import auditing
from trafficdesk.services.demo.marker import demo_file
from trafficdesk.services.session import Session
from trafficdesk.store import copying
from trafficdesk.store.errors import StoreFullError
from trafficdesk.store.migrations import SCHEMA_VERSION

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class BackupFault(StrEnum):
    """Why a backup was not made or not taken. The values are stable codes."""

    TARGET_EXISTS = "backup.target_exists"
    TARGET_IN_PROFILE = "backup.target_in_profile"
    NOT_A_BACKUP = "backup.not_a_backup"
    DAMAGED = "backup.damaged"  # detail: the file that is missing or not what it was
    TOO_NEW = "backup.too_new"
    PROFILE_NEWER = "backup.profile_newer"  # detail: how many audited actions would be lost
    NO_SPACE = "backup.no_space"
    UNWRITABLE = "backup.unwritable"


@dataclass(frozen=True, slots=True)
class BackupRefused:
    """Nothing was made or changed, and why."""

    fault: BackupFault
    path: Path
    detail: str = ""


class _RefusedError(Exception):
    def __init__(self, fault: BackupFault, path: Path, detail: str = "") -> None:
        super().__init__(fault)
        self.refused = BackupRefused(fault, path, detail)


class KeptFile(msgspec.Struct, frozen=True):
    """One file of a backup: its path inside, its size and its SHA-256 in hex."""

    path: str
    size_bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself; ``made_ms`` in epoch milliseconds."""

    format: int
    program: str
    schema: int
    made_ms: int
    audit_seq: int
    files: tuple[KeptFile, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of all files."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that is complete and on the disk."""

    folder: Path
    manifest: Manifest


def _sources(profile: Profile) -> Iterator[Path]:
    """Yield what a backup holds beside the database; map packs can be imported again."""
    for path in (
        profile.key_slots,
        profile.tries,
        profile.device,
        profile.audit_anchor,
        profile.settings,
        demo_file(profile),
    ):
        if path.is_file():
            yield path
    for path in sorted(profile.media.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path


def back_up(session: Session, target: Path) -> BackedUp | BackupRefused:
    """Write a backup into the new folder ``target``, wholly or not at all.

    Raises:
        StoreError: the store cannot be read; nothing is left behind.
    """
    profile = session.profile
    if target.exists():
        return BackupRefused(BackupFault.TARGET_EXISTS, target)
    if profile.folder.resolve() in target.resolve().parents:
        return BackupRefused(BackupFault.TARGET_IN_PROFILE, target)
    auditing.note(session, auditing.Audited("desk.backup", "desk", str(session.device_id)))
    auditing.keep_head(session)
    part = target.with_name(f".{target.name}.part-{uuid4().hex}")
    try:
        with _sweeping(part), _as_refusal(target):
            part.mkdir(parents=True, mode=0o700)
            manifest = _fill(session, part)
            part.rename(target)
            sync_folder(target.parent)
    except _RefusedError as error:
        return error.refused
    return BackedUp(target, manifest)


def _fill(session: Session, part: Path) -> Manifest:
    profile = session.profile
    database = part / profile.database.name
    copying.copy_to(session.store, database)
    for source in _sources(profile):
        _copy(source, part / source.relative_to(profile.folder))
    manifest = Manifest(
        format=FORMAT,
        program=__version__,
        schema=SCHEMA_VERSION,
        made_ms=to_ms(session.clock()),
        audit_seq=copying.find_audit_seq(database, session.key.hex()) or 0,
        files=tuple(
            KeptFile(path.relative_to(part).as_posix(), path.stat().st_size, _sha256(path))
            for path in sorted(part.rglob("*"))
            if path.is_file()
        ),
    )
    write_durably(part / MANIFEST, msgspec.json.encode(manifest))
    return manifest


@contextmanager
def _sweeping(part: Path) -> Iterator[None]:
    """Leave nothing half-made behind."""
    try:
        yield
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _as_refusal(path: Path) -> Iterator[None]:
    try:
        yield
    except StoreFullError as error:  # the store's copy did not fit; the store itself is whole
        raise _RefusedError(BackupFault.NO_SPACE, path) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        fault = BackupFault.NO_SPACE if full else BackupFault.UNWRITABLE
        raise _RefusedError(fault, path, error.strerror or "") from error


def _copy(source: Path, target: Path) -> str:
    """Copy a file down to the disk and return its SHA-256 in hex."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup copied beside the profile, every file as it was; not yet opened with a key."""

    profile: Profile
    manifest: Manifest

    def discard(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.profile.folder, ignore_errors=True)


def stage(source: Path, profile: Profile) -> Staged | BackupRefused:
    """Copy a backup beside ``profile`` and prove every hash; the backup itself is never changed."""
    folder = profile.folder.with_name(f".{profile.folder.name}.restoring-{uuid4().hex}")
    staged: Staged | None = None
    try:
        manifest = _load_manifest(source)
        with _as_refusal(profile.folder):
            folder.mkdir(parents=True, mode=0o700)
            for file in manifest.files:
                _copy_proved(source, file, folder)
        staged = Staged(profile.at(folder), manifest)
    except _RefusedError as error:
        return error.refused
    finally:
        if staged is None:
            shutil.rmtree(folder, ignore_errors=True)
    return staged


def _load_manifest(source: Path) -> Manifest:
    try:
        content = (source / MANIFEST).read_bytes()
    except OSError as error:
        raise _RefusedError(BackupFault.NOT_A_BACKUP, source) from error
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise _RefusedError(BackupFault.DAMAGED, source, MANIFEST) from error
    if manifest.format > FORMAT or manifest.schema > SCHEMA_VERSION:
        raise _RefusedError(BackupFault.TOO_NEW, source, manifest.program)
    return manifest


def _copy_proved(source: Path, file: KeptFile, folder: Path) -> None:
    target = folder / file.path
    is_inside = folder.resolve() in target.resolve().parents
    if not is_inside or not (source / file.path).is_file():
        raise _RefusedError(BackupFault.DAMAGED, source, file.path)
    if _copy(source / file.path, target) != file.sha256:
        raise _RefusedError(BackupFault.DAMAGED, source, file.path)


@dataclass(frozen=True, slots=True)
class Restored:
    """The backup is in the profile's place; what was there lies ``aside`` (None: nothing was)."""

    profile: Profile
    aside: Path | None
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Restoring:
    """Which staged backup goes where; ``force`` puts it in a newer profile's place too."""

    staged: Staged
    profile: Profile
    now: datetime
    force: bool = False


def put_in_place(plan: Restoring, key_hex: str) -> Restored | BackupRefused:
    """Prove the staged store with its key, then give it the profile's place.

    Map packs go over to it. Nothing is deleted: the old profile is kept aside.

    Raises:
        StoreError: the store in the backup is damaged or not for this key.
    """
    staged, profile = plan.staged, plan.profile
    copying.prove(staged.profile.database, key_hex)
    if not plan.force and (lost := _newer_by(plan, key_hex)):
        return BackupRefused(BackupFault.PROFILE_NEWER, profile.folder, lost)
    try:
        with _as_refusal(profile.folder):
            aside = _change_places(staged.profile, profile, plan.now)
    except _RefusedError as error:
        return error.refused
    return Restored(profile, aside, staged.manifest)


def _change_places(coming: Profile, profile: Profile, now: datetime) -> Path | None:
    """Set the profile aside and give its place away, or leave everything where it was.

    Raises ``OSError``.
    """
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        source.rename(target)
        moved.append((source, target))

    name = f"{profile.folder.name}.before-restore-{now:%Y%m%d-%H%M%S}"
    aside = profile.at(profile.folder.with_name(name))
    try:
        if profile.folder.exists():
            move(profile.folder, aside.folder)
        move(coming.folder, profile.folder)
        if aside.packs.is_dir():
            move(aside.packs, profile.packs)
    except OSError:
        for source, target in reversed(moved):
            target.rename(source)
        raise
    sync_folder(profile.folder.parent)
    return aside.folder if aside.folder.exists() else None


def _newer_by(plan: Restoring, key_hex: str) -> str:
    """Return how many audited actions the present profile is ahead, '' when it is not."""
    database = plan.profile.database
    if not database.exists():
        return ""
    present = copying.find_audit_seq(database, key_hex)
    if present is not None:
        ahead = present - plan.staged.manifest.audit_seq
        return str(ahead) if ahead > 0 else ""
    # Under another key, or damaged: only the file's own time is left to judge by.
    changed_ms = int(database.stat().st_mtime * 1000)
    return "some" if changed_ms > plan.staged.manifest.made_ms else ""
