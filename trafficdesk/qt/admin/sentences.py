"""What the administration screens say when something was refused or failed."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.maps.faults import PackFault, PackRefused
from trafficdesk.security.audit import AuditFault
from trafficdesk.security.enrolment import LastOfficerWhoMay
from trafficdesk.security.keyring_slot import KeyringFault
from trafficdesk.services.administration import OfficerFault, OfficerRefused
from trafficdesk.services.desk_care import TypeFault

_OFFICERS: Final[dict[OfficerFault, object]] = {
    OfficerFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Admin", "Your role may not do this."),
    OfficerFault.NAME_MISSING: QT_TRANSLATE_NOOP("Admin", "Enter the officer's name."),
    OfficerFault.INITIALS_WRONG: QT_TRANSLATE_NOOP("Admin", "Use 2 or 3 letters."),
    OfficerFault.INITIALS_TAKEN: QT_TRANSLATE_NOOP(
        "Admin", "{name} has these initials. Choose others: they mark who holds a report."
    ),
    OfficerFault.ROLE_WITHOUT_DESK: QT_TRANSLATE_NOOP("Admin", "Choose a role that uses a desk."),
    OfficerFault.ONESELF: QT_TRANSLATE_NOOP(
        "Admin", "You can't do this to yourself. Ask another administrator."
    ),
    OfficerFault.UNKNOWN: QT_TRANSLATE_NOOP("Admin", "This officer is not at this desk any more."),
    OfficerFault.NOTHING_TO_CHANGE: QT_TRANSLATE_NOOP("Admin", "Nothing was changed."),
    OfficerFault.SERVER_RULES: QT_TRANSLATE_NOOP(
        "Admin",
        "Who works here is said at the server. Ask station IT to change it there; this desk "
        "follows by itself.",
    ),
}
_KEYRINGS: Final[dict[KeyringFault, object]] = {
    KeyringFault.POLICY: QT_TRANSLATE_NOOP(
        "Admin", "Your agency's policy does not allow the system keyring."
    ),
    KeyringFault.NO_KEYRING: QT_TRANSLATE_NOOP(
        "Admin",
        "This system has no keyring that keeps secrets safely. Your password opens the desk.",
    ),
    KeyringFault.NOT_ENABLED: QT_TRANSLATE_NOOP("Admin", "The system keyring is switched off."),
    KeyringFault.ENTRY_LOST: QT_TRANSLATE_NOOP(
        "Admin", "The keyring has lost its entry. Switch it off and on again."
    ),
    KeyringFault.REFUSED: QT_TRANSLATE_NOOP(
        "Admin", "The keyring did not take the entry. Unlock it in your system, then try again."
    ),
}
_TYPES: Final[dict[TypeFault, object]] = {
    TypeFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Admin", "Your role may not do this."),
    TypeFault.NAME_MISSING: QT_TRANSLATE_NOOP("Admin", "Enter a name."),
    TypeFault.NAME_TAKEN: QT_TRANSLATE_NOOP("Admin", "There is a type of this name already."),
}
_AUDIT: Final[dict[AuditFault, object]] = {
    AuditFault.NUMBER: QT_TRANSLATE_NOOP("Admin", "an entry is missing or out of order"),
    AuditFault.PREVIOUS: QT_TRANSLATE_NOOP("Admin", "it does not follow the entry before it"),
    AuditFault.HASH: QT_TRANSLATE_NOOP("Admin", "its text was changed"),
    AuditFault.UNKNOWN_DEVICE: QT_TRANSLATE_NOOP("Admin", "another device wrote it"),
    AuditFault.SIGNATURE: QT_TRANSLATE_NOOP("Admin", "its signature is wrong"),
    AuditFault.CUT_OFF: QT_TRANSLATE_NOOP("Admin", "the newest entries are gone"),
    AuditFault.NOT_AS_ANCHORED: QT_TRANSLATE_NOOP(
        "Admin", "it is not what it was at the last lock"
    ),
}
_PACKS: Final[dict[PackFault, object]] = {
    PackFault.NOT_TILES: QT_TRANSLATE_NOOP(
        "Admin", "{name} is neither MBTiles nor PMTiles. Choose another file."
    ),
    PackFault.TRUNCATED: QT_TRANSLATE_NOOP("Admin", "{name} is cut short. Copy it again."),
    PackFault.RASTER: QT_TRANSLATE_NOOP(
        "Admin", "{name} holds pictures ({detail}); a base map needs vector tiles."
    ),
    PackFault.COMPRESSION: QT_TRANSLATE_NOOP(
        "Admin", "The tiles of {name} are packed in a way that can't be read. Make them with gzip."
    ),
    PackFault.EMPTY: QT_TRANSLATE_NOOP("Admin", "{name} holds no tile."),
    PackFault.DAMAGED: QT_TRANSLATE_NOOP(
        "Admin", "The tiles of {name} can't be read. Copy it again."
    ),
    PackFault.UNREADABLE: QT_TRANSLATE_NOOP("Admin", "{name} can't be read: {detail}."),
    PackFault.UNWRITABLE: QT_TRANSLATE_NOOP("Admin", "{name} can't be written: {detail}."),
    PackFault.NO_SPACE: QT_TRANSLATE_NOOP(
        "Admin", "The disk is full. Free some space and try again; nothing is left behind."
    ),
    PackFault.NAME_TAKEN: QT_TRANSLATE_NOOP(
        "Admin", "There is a base map called {name}. Remove it first, or rename the file."
    ),
    PackFault.CANCELLED: QT_TRANSLATE_NOOP("Admin", "Stopped. Nothing is left behind."),
}


def say(source: object) -> str:
    """Return a text of this screen, translated."""
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Admin", str(source))


def officer_sentence(refused: OfficerRefused) -> str:
    """Return why something about an officer was not done."""
    return say(_OFFICERS[refused.fault]).replace("{name}", refused.detail)


def last_officer_sentence(last: LastOfficerWhoMay) -> str:
    """Return why an officer can't go or step down."""
    if last.permission is Permission.OFFICER_UNLOCK:
        source = QT_TRANSLATE_NOOP(
            "Admin",
            "{name} is the last who can help a locked-out officer. Make somebody else a supervisor "
            "first.",
        )
    else:
        source = QT_TRANSLATE_NOOP(
            "Admin",
            "{name} is the last who manages this desk. Make somebody else an administrator first.",
        )
    return say(source).replace("{name}", last.holder.name)


def keyring_sentence(fault: KeyringFault) -> str:
    """Return why the OS keyring does not serve."""
    return say(_KEYRINGS[fault])


def type_sentence(fault: TypeFault) -> str:
    """Return why a violation type was not kept."""
    return say(_TYPES[fault])


def audit_reason(fault: AuditFault) -> str:
    """Return what is wrong with an audit entry, as half a sentence."""
    return say(_AUDIT[fault])


def pack_sentence(refused: PackRefused) -> str:
    """Return why a file was not taken as a base map."""
    source = _PACKS.get(refused.fault, _PACKS[PackFault.NOT_TILES])
    return say(source).replace("{name}", refused.path.name).replace("{detail}", refused.detail)
