"""Faults of keys, store and disk as sentences: what happened, what is safe, what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.security.errors import SecurityError
from trafficdesk.security.passwords import PasswordFault, PasswordRefused
from trafficdesk.security.recovery_code import RecoveryCodeWrong, RecoveryFault
from trafficdesk.store.errors import StoreError

_FAULTS: Final[dict[str, tuple[object, object]]] = {
    "key_slots_missing": (
        QT_TRANSLATE_NOOP("Faults", "The desk's key file is missing."),
        QT_TRANSLATE_NOOP(
            "Faults", "Put {path} back from a backup. Without it nobody can open the data."
        ),
    ),
    "key_slots_damaged": (
        QT_TRANSLATE_NOOP("Faults", "The desk's key file is damaged."),
        QT_TRANSLATE_NOOP(
            "Faults",
            "Put {path} back from a backup. The reports are untouched, but stay closed until then.",
        ),
    ),
    "key_slots_too_new": (
        QT_TRANSLATE_NOOP("Faults", "This profile was made by a newer TrafficDesk."),
        QT_TRANSLATE_NOOP("Faults", "Update the program on this desk, then open it again."),
    ),
    "key_slots_tampered": (
        QT_TRANSLATE_NOOP("Faults", "The desk's key file was changed by someone else."),
        QT_TRANSLATE_NOOP(
            "Faults", "Tell station IT, and put {path} back from a backup that you trust."
        ),
    ),
    "already_set_up": (
        QT_TRANSLATE_NOOP("Faults", "This desk is set up already."),
        QT_TRANSLATE_NOOP("Faults", "Start TrafficDesk again and unlock it."),
    ),
    "database_orphaned": (
        QT_TRANSLATE_NOOP("Faults", "There is a database here, but no key file for it."),
        QT_TRANSLATE_NOOP(
            "Faults",
            "Put the key file back beside {path} from a backup, or move the database away.",
        ),
    ),
    "device_damaged": (
        QT_TRANSLATE_NOOP("Faults", "This desk's own key cannot be read."),
        QT_TRANSLATE_NOOP(
            "Faults", "Put {path} back from a backup, or have IT enrol the desk again."
        ),
    ),
    "audit_anchor_damaged": (
        QT_TRANSLATE_NOOP("Faults", "The audit log's anchor cannot be read."),
        QT_TRANSLATE_NOOP("Faults", "Have station IT run “trafficdesk audit verify”."),
    ),
    "audit_rolled_back": (
        QT_TRANSLATE_NOOP("Faults", "The audit log is shorter than it was."),
        QT_TRANSLATE_NOOP(
            "Faults", "An old copy may have been put back. Have IT run “trafficdesk audit verify”."
        ),
    ),
    "officer_unknown": (
        QT_TRANSLATE_NOOP("Faults", "This officer was removed from this desk."),
        QT_TRANSLATE_NOOP("Faults", "Choose another officer, or ask a supervisor."),
    ),
    "memory_short": (
        QT_TRANSLATE_NOOP("Faults", "The machine has too little free memory to check a password."),
        QT_TRANSLATE_NOOP("Faults", "Close other programs, then try again."),
    ),
    "store.missing": (
        QT_TRANSLATE_NOOP("Faults", "The desk's database is missing."),
        QT_TRANSLATE_NOOP("Faults", "Put {path} back from a backup."),
    ),
    "store.not_encrypted": (
        QT_TRANSLATE_NOOP(
            "Faults", "The file in the database's place is not this desk's database."
        ),
        QT_TRANSLATE_NOOP("Faults", "It is not encrypted, so it was not opened. Restore {path}."),
    ),
    "store.unreadable": (
        QT_TRANSLATE_NOOP("Faults", "The database cannot be read with this desk's key."),
        QT_TRANSLATE_NOOP(
            "Faults", "It is damaged, or of another desk. Restore {path} from a backup."
        ),
    ),
    "store.damaged": (
        QT_TRANSLATE_NOOP("Faults", "The database is damaged."),
        QT_TRANSLATE_NOOP(
            "Faults", "Nothing was written. Restore {path} with “trafficdesk store restore”."
        ),
    ),
    "store.too_new": (
        QT_TRANSLATE_NOOP("Faults", "The database was made by a newer TrafficDesk."),
        QT_TRANSLATE_NOOP("Faults", "Update the program on this desk, then open it again."),
    ),
    "store.not_writable": (
        QT_TRANSLATE_NOOP("Faults", "The profile folder cannot be written."),
        QT_TRANSLATE_NOOP("Faults", "Give this user the right to write to {path}, then try again."),
    ),
    "store.full": (
        QT_TRANSLATE_NOOP("Faults", "The disk is full."),
        QT_TRANSLATE_NOOP(
            "Faults", "What was saved before is safe. Make room on the disk, then do it again."
        ),
    ),
    "store.closed": (
        QT_TRANSLATE_NOOP("Faults", "The desk was locked meanwhile."),
        QT_TRANSLATE_NOOP("Faults", "Unlock it, then do it again."),
    ),
    "store.spatialite_missing": (
        QT_TRANSLATE_NOOP("Faults", "The SpatiaLite library is not installed."),
        QT_TRANSLATE_NOOP(
            "Faults", "Install the package libsqlite3-mod-spatialite, then try again."
        ),
    ),
}
_PASSWORDS: Final[dict[PasswordFault, object]] = {
    PasswordFault.TOO_SHORT: QT_TRANSLATE_NOOP("Faults", "Use at least {least} characters."),
    PasswordFault.TOO_LONG: QT_TRANSLATE_NOOP("Faults", "This password is too long."),
    PasswordFault.OFFICERS_NAME: QT_TRANSLATE_NOOP("Faults", "A name is too easy to guess."),
    PasswordFault.ONE_CHARACTER: QT_TRANSLATE_NOOP("Faults", "One letter repeated is too easy."),
    PasswordFault.SAME_AS_BEFORE: QT_TRANSLATE_NOOP("Faults", "Choose another than before."),
}


def _say(source: object) -> str:
    return QCoreApplication.translate("Faults", str(source))


def find_fault_words(error: Exception) -> tuple[str, str] | None:
    """Return what happened and what to do, for a fault that is expected to happen at all."""
    if isinstance(error, SecurityError | StoreError):
        words = _FAULTS.get(error.code)
        path = str(getattr(error, "path", ""))
        if words is not None:
            return _say(words[0]), _say(words[1]).format(path=path)
    if isinstance(error, OSError):
        title = _say(QT_TRANSLATE_NOOP("Faults", "A file of the profile cannot be used."))
        return title, f"{error.strerror or error}: {error.filename or ''}".strip(": ")
    return None


def fault_words(error: Exception) -> tuple[str, str]:
    """Return what happened and what to do, also for a fault nobody foresaw."""
    known = find_fault_words(error)
    if known is not None:
        return known
    return (
        _say(QT_TRANSLATE_NOOP("Faults", "Something went wrong that should not.")),
        _say(QT_TRANSLATE_NOOP("Faults", "Your work is safe. The fault was written down for IT.")),
    )


def password_words(refused: PasswordRefused) -> str:
    """Return why a new password was not taken."""
    return _say(_PASSWORDS[refused.fault]).format(least=refused.min_characters)


def recovery_words(wrong: RecoveryCodeWrong) -> str:
    """Return what is wrong with a recovery code."""
    if wrong.fault is RecoveryFault.LENGTH:
        words = QT_TRANSLATE_NOOP("Faults", "A recovery code has 13 groups of five characters.")
    elif wrong.fault is RecoveryFault.TYPO:
        words = QT_TRANSLATE_NOOP("Faults", "Look at group {group} again: it is mistyped.")
    else:
        words = QT_TRANSLATE_NOOP("Faults", "This is the recovery code of another desk.")
    return _say(words).format(group=wrong.group)
