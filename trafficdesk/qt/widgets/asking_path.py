"""Asking where a file shall go, with the system's own dialog."""

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

# Asked of a parent with a title, a suggested name and the kinds of file; "" is no.
AskPath = Callable[[QWidget, str, str, str], str]


def ask_path(parent: QWidget, title: str, suggested: str, kinds: str) -> str:
    """Let the officer choose where a file goes; "" when they think better of it."""
    path, _ = QFileDialog.getSaveFileName(parent, title, suggested, kinds)
    return path
