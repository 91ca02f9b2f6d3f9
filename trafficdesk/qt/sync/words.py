"""Every fault, refusal and rejection of the sync as a sentence that says what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.sync.errors import Fault
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import Reason

_FAULTS: Final[dict[str, tuple[object, object]]] = {
    Fault.NO_ANSWER: (
        QT_TRANSLATE_NOOP("Sync", "The server does not answer."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "Work on; it is tried again by itself. If other desks reach it, check this one's "
            "network.",
        ),
    ),
    Fault.CUT_OFF: (
        QT_TRANSLATE_NOOP("Sync", "The connection broke off."),
        QT_TRANSLATE_NOOP("Sync", "What was not confirmed is sent again by itself."),
    ),
    Fault.NOT_TRUSTED: (
        QT_TRANSLATE_NOOP("Sync", "The server cannot prove that it is the right one."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "Nothing was sent. Tell station IT: its certificate is not one that this desk trusts.",
        ),
    ),
    Fault.SERVER_FAULT: (
        QT_TRANSLATE_NOOP("Sync", "The server has a fault."),
        QT_TRANSLATE_NOOP("Sync", "It is tried again by itself. If it lasts, tell station IT."),
    ),
    Fault.BUSY: (
        QT_TRANSLATE_NOOP("Sync", "The server is busy and asked this desk to wait."),
        QT_TRANSLATE_NOOP("Sync", "It is tried again by itself."),
    ),
    Fault.WRONG_TYPE: (
        QT_TRANSLATE_NOOP("Sync", "Something else answers in the server's place."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "Often it is the sign-in page of a network. Sign in to the network, or tell station "
            "IT.",
        ),
    ),
    Fault.TOO_BIG: (
        QT_TRANSLATE_NOOP("Sync", "The server's answer was too large to be right."),
        QT_TRANSLATE_NOOP("Sync", "It was not used. If it lasts, tell station IT."),
    ),
    Fault.GARBLED: (
        QT_TRANSLATE_NOOP("Sync", "The server's answer cannot be understood."),
        QT_TRANSLATE_NOOP("Sync", "It was not used. If it lasts, tell station IT."),
    ),
    Fault.DISK_FULL: (
        QT_TRANSLATE_NOOP("Sync", "This desk's disk is full."),
        QT_TRANSLATE_NOOP(
            "Sync", "What was saved is safe. Make room on the disk; it then goes on by itself."
        ),
    ),
    Fault.READ_ONLY: (
        QT_TRANSLATE_NOOP("Sync", "This desk's disk takes nothing any more."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "What was saved is safe. Start the computer again; if it lasts, the disk is failing: "
            "tell station IT.",
        ),
    ),
    Code.SIGN_IN_NEEDED: (
        QT_TRANSLATE_NOOP("Sync", "Your sign-in to the server has run out."),
        QT_TRANSLATE_NOOP("Sync", "Work on as ever. Sign in when you like, and all of it is sent."),
    ),
    Code.DEVICE_REVOKED: (
        QT_TRANSLATE_NOOP("Sync", "This desk was revoked."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "The server takes nothing from it any more. What was not sent is kept here, "
            "encrypted. Tell station IT.",
        ),
    ),
    Code.DEVICE_COPIED: (
        QT_TRANSLATE_NOOP("Sync", "The server takes this desk for a copy of itself."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "That happens after its disk was cloned or restored. All work is kept: enrol the desk "
            "anew here, with a one-time token from station IT.",
        ),
    ),
    Code.UPGRADE_NEEDED: (
        QT_TRANSLATE_NOOP("Sync", "This desk and the server speak no common version."),
        QT_TRANSLATE_NOOP(
            "Sync",
            "Station IT must update the older of the two. All work is kept and sent afterwards.",
        ),
    ),
    Code.BAD_REQUEST: (
        QT_TRANSLATE_NOOP("Sync", "The server does not understand what this desk sends."),
        QT_TRANSLATE_NOOP("Sync", "Nothing is lost. Tell station IT."),
    ),
    Code.TOO_LARGE: (
        QT_TRANSLATE_NOOP("Sync", "One change is larger than the server takes."),
        QT_TRANSLATE_NOOP("Sync", "Nothing is lost. Tell station IT."),
    ),
    Code.TOO_MANY_REQUESTS: (
        QT_TRANSLATE_NOOP("Sync", "The server was asked too often and wants this desk to wait."),
        QT_TRANSLATE_NOOP("Sync", "It is tried again by itself."),
    ),
    Code.UNAVAILABLE: (
        QT_TRANSLATE_NOOP("Sync", "The server cannot work at the moment."),
        QT_TRANSLATE_NOOP("Sync", "It is tried again by itself."),
    ),
    Code.NOT_PERMITTED: (
        QT_TRANSLATE_NOOP("Sync", "The server does not let this officer send."),
        QT_TRANSLATE_NOOP("Sync", "All work is kept. Ask station IT about the account."),
    ),
    Code.NOT_FOUND: (
        QT_TRANSLATE_NOOP("Sync", "The server does not have what this desk asks for."),
        QT_TRANSLATE_NOOP("Sync", "Its address may be wrong. Tell station IT."),
    ),
    Code.NOT_ALLOWED: (
        QT_TRANSLATE_NOOP("Sync", "The server cannot do what this desk asks for."),
        QT_TRANSLATE_NOOP("Sync", "Its address may be wrong. Tell station IT."),
    ),
    Code.TAKEN: (
        QT_TRANSLATE_NOOP("Sync", "The server knows another desk under this one's number."),
        QT_TRANSLATE_NOOP("Sync", "All work is kept. Tell station IT."),
    ),
    Code.FAULT: (
        QT_TRANSLATE_NOOP("Sync", "The server has a fault."),
        QT_TRANSLATE_NOOP("Sync", "It is tried again by itself. If it lasts, tell station IT."),
    ),
}
_TOO_OLD: Final[dict[str, tuple[object, object]]] = {
    "desk": (
        QT_TRANSLATE_NOOP("Sync", "This desk's program is too old for the server."),
        QT_TRANSLATE_NOOP(
            "Sync", "Have station IT update it. All work is kept and sent afterwards."
        ),
    ),
    "server": (
        QT_TRANSLATE_NOOP("Sync", "The server's program is too old for this desk."),
        QT_TRANSLATE_NOOP(
            "Sync", "Station IT must update the server. All work is kept and sent afterwards."
        ),
    ),
}
_UNKNOWN: Final = (
    QT_TRANSLATE_NOOP("Sync", "The server refuses what this desk asks for."),
    QT_TRANSLATE_NOOP("Sync", "Nothing is lost. Tell station IT: {code}."),
)
_SHORT: Final[dict[str, object]] = {
    Fault.BUSY: QT_TRANSLATE_NOOP("Sync", "Server busy"),
    Fault.NOT_TRUSTED: QT_TRANSLATE_NOOP("Sync", "Server not trusted"),
    Fault.SERVER_FAULT: QT_TRANSLATE_NOOP("Sync", "Server fault"),
    Fault.DISK_FULL: QT_TRANSLATE_NOOP("Sync", "Disk full"),
    Fault.READ_ONLY: QT_TRANSLATE_NOOP("Sync", "Disk failing"),
    Code.DEVICE_REVOKED: QT_TRANSLATE_NOOP("Sync", "desk revoked"),
    Code.DEVICE_COPIED: QT_TRANSLATE_NOOP("Sync", "enrol anew"),
    Code.UPGRADE_NEEDED: QT_TRANSLATE_NOOP("Sync", "update needed"),
}
_REASONS: Final[dict[str, object]] = {
    Reason.ALTERED: QT_TRANSLATE_NOOP(
        "Sync",
        "The server has had this very change with other content. Withdraw it and do it again.",
    ),
    Reason.NOT_PERMITTED: QT_TRANSLATE_NOOP(
        "Sync",
        "The officer's role on the server does not allow it. Ask somebody who may, and withdraw "
        "this.",
    ),
    Reason.UNKNOWN_ACTOR: QT_TRANSLATE_NOOP(
        "Sync",
        "The officer never signed in to the server on this desk. Let them sign in, then retry.",
    ),
    Reason.OUT_OF_SCOPE: QT_TRANSLATE_NOOP(
        "Sync", "It belongs to another city or station. Tell them, and withdraw this."
    ),
    Reason.UNKNOWN_RECORD: QT_TRANSLATE_NOOP(
        "Sync",
        "The server does not have it. If its filing is set aside here, retry that first; else "
        "withdraw this.",
    ),
    Reason.UNKNOWN_ENTITY: QT_TRANSLATE_NOOP(
        "Sync",
        "The server is older than this desk. It is sent again by itself after the server's update.",
    ),
    Reason.UNKNOWN_FIELD: QT_TRANSLATE_NOOP(
        "Sync",
        "The server is older than this desk and does not know one of the facts. It is sent again "
        "by itself after the server's update.",
    ),
    Reason.BAD_VALUE: QT_TRANSLATE_NOOP(
        "Sync",
        "The server does not take one of the values. Open the report, correct it, and withdraw "
        "this.",
    ),
    Reason.ILLEGAL_MOVE: QT_TRANSLATE_NOOP(
        "Sync",
        "The report stands where this step is not possible. Open it, decide anew, and withdraw "
        "this.",
    ),
    Reason.OVERTAKEN: QT_TRANSLATE_NOOP(
        "Sync", "Somebody else was first with the report. There is nothing to do."
    ),
}
_UNKNOWN_REASON: Final = QT_TRANSLATE_NOOP(
    "Sync", "The server refused it ({code}). Retry after the next update, or withdraw this."
)


def _say(source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Sync", str(source))


def known_codes() -> frozenset[str]:
    """Return the codes of faults and refusals that have sentences of their own."""
    return frozenset(str(code) for code in _FAULTS)


def known_reasons() -> frozenset[str]:
    """Return the reasons of rejections that have a sentence of their own."""
    return frozenset(str(reason) for reason in _REASONS)


def contact_words(code: str, side: str = "") -> tuple[str, str]:
    """Return what a fault or refusal of the exchange means, and what to do about it.

    ``side`` is the one that is too old, where that was told.
    """
    what, do = _FAULTS.get(code, _UNKNOWN)
    if code == Code.UPGRADE_NEEDED and side in _TOO_OLD:
        what, do = _TOO_OLD[side]
    return _say(what), _say(do).format(code=code)


def short_word(code: str) -> str:
    """Return a fault in a word or two, for the pill."""
    return _say(_SHORT.get(code, QT_TRANSLATE_NOOP("Sync", "Offline")))


def reason_sentence(reason: str) -> str:
    """Return why an operation was set aside, and what to do about it."""
    return _say(_REASONS.get(reason, _UNKNOWN_REASON)).format(code=reason)
