"""A desk that cannot open: one window that says why and what to do."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox

from trafficdesk.instance import HeldByOther


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


def show_refusal(held: HeldByOther) -> None:
    """Say it in a window of its own, and on the standard error stream for who started it."""
    import sys

    sentence = held_sentence(held)
    sys.stderr.write(sentence + "\n")
    box = QMessageBox(QMessageBox.Icon.Information, "TrafficDesk", sentence)
    box.exec()
