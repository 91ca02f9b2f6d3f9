# ruff: noqa: N818 - these are states of a desk ("key slots damaged"), read as such in the sentences
"""What can be wrong with a desk's keys: each error has a stable code and data, no sentence."""

from pathlib import Path
from typing import ClassVar


class SecurityError(Exception):
    """Base of this room's errors; ``code`` is stable, ``data`` is for the sentence made of it."""

    code: ClassVar[str] = "security"

    def __init__(self, **data: object) -> None:
        super().__init__(self.code)
        self.data = data

    def __str__(self) -> str:
        """Return the code and the data, for logs."""
        facts = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.code}({facts})"


class FileError(SecurityError):
    """An error about one file of the profile; ``remedy`` is a stable word for what to do."""

    remedy: ClassVar[str] = "restore_backup"

    def __init__(self, path: Path, **data: object) -> None:
        super().__init__(path=path, remedy=self.remedy, **data)
        self.path = path


class KeySlotsMissing(FileError):
    """There is no slot file: the desk was never set up, was shredded, or the file was lost."""

    code = "key_slots_missing"
    remedy = "set_up_or_restore_backup"


class KeySlotsDamaged(FileError):
    """The slot file cannot be read as one: cut off, not JSON, or its checksum does not fit."""

    code = "key_slots_damaged"


class KeySlotsTooNew(FileError):
    """The slot file was written by a newer TrafficDesk."""

    code = "key_slots_too_new"
    remedy = "update_program"


class KeySlotsTampered(FileError):
    """The slot file reads well but was changed by someone without the key (name, role, slot)."""

    code = "key_slots_tampered"
    remedy = "restore_backup_and_tell_it"


class AlreadySetUp(FileError):
    """The profile has key slots already."""

    code = "already_set_up"
    remedy = "unlock"


class DatabaseOrphaned(FileError):
    """A database lies in the profile without key slots: a new key could never open it."""

    code = "database_orphaned"
    remedy = "restore_backup_or_move_database"


class DeviceDamaged(FileError):
    """The device file is missing, unreadable or not sealed under this desk's key."""

    code = "device_damaged"
    remedy = "restore_backup_or_enrol_again"


class AnchorDamaged(FileError):
    """The audit anchor cannot be opened with this desk's key."""

    code = "audit_anchor_damaged"
    remedy = "verify_audit"


class AuditRolledBack(FileError):
    """The audit chain is shorter than what was anchored before."""

    code = "audit_rolled_back"
    remedy = "verify_audit"


class OfficerUnknown(SecurityError):
    """No slot belongs to this officer (removed meanwhile?)."""

    code = "officer_unknown"


class OfficerPresent(SecurityError):
    """This officer has a slot already."""

    code = "officer_present"


class KeyWiped(SecurityError):
    """A key was used after it had been wiped."""

    code = "key_wiped"


class SealBroken(SecurityError):
    """Sealed bytes do not open: wrong key, wrong context, changed, reordered or cut off."""

    code = "seal_broken"


class MemoryShort(SecurityError):
    """The machine cannot give the memory that hashing a password takes."""

    code = "memory_short"
