"""What a desk in a car says."""

from PySide6.QtCore import QCoreApplication


def say(source: str) -> str:
    """Return a sentence in the officer's language."""
    return QCoreApplication.translate("OwnUnit", source)
