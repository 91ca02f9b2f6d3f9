"""A desk that cannot open: one window that says why and what to do."""

import sys
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QMessageBox

from trafficdesk.instance import HeldByOther
from trafficdesk.policy import errors
from trafficdesk.policy.errors import PolicyError

_POLICY: Final = {
    errors.UNREADABLE: QT_TRANSLATE_NOOP(
        "Refusal",
        "The policy of this machine, {path}, cannot be read ({detail}). Ask IT to make it "
        "readable.",
    ),
    errors.OPEN_TO_ALL: QT_TRANSLATE_NOOP(
        "Refusal",
        "The policy of this machine, {path}, may be written to by everybody. Ask IT to take that "
        "right away.",
    ),
    errors.TOO_BIG: QT_TRANSLATE_NOOP(
        "Refusal", "{path} is too large to be a policy. Ask IT to put the right file there."
    ),
    errors.GARBLED: QT_TRANSLATE_NOOP(
        "Refusal",
        "The policy of this machine, {path}, cannot be understood: {detail}. Ask IT to mend it.",
    ),
    errors.WRONG: QT_TRANSLATE_NOOP(
        "Refusal",
        "The policy of this machine, {path}, is wrong about {section}: {detail}. The desk does not "
        "open on rules of safety that it cannot follow. Ask IT to mend it.",
    ),
}


def held_sentence(held: HeldByOther) -> str:
    """Return why a second desk on one profile does not open."""
    if held.process_id:
        return QCoreApplication.translate(
            "Refusal",
            "TrafficDesk is already open on this profile (process {process}). "
            "Use its window, or close it first.",
        ).format(process=held.process_id)
    return QCoreApplication.translate(
        "Refusal",
        "TrafficDesk is already open on this profile. Use its window, or close it first.",
    )


def policy_sentence(error: PolicyError) -> str:
    """Return why no desk opens on this machine's policy, and who can mend it."""
    say = QCoreApplication.translate
    return say("Refusal", str(_POLICY[error.code])).format(**error.data)


def show_refusal(sentence: str) -> None:
    """Say it in a window of its own, and on the standard error stream for who started it."""
    sys.stderr.write(sentence + "\n")
    box = QMessageBox(QMessageBox.Icon.Information, "TrafficDesk", sentence)
    box.exec()
