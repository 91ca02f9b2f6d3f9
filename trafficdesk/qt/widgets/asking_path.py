"""Asking for a file with the system's own dialog: the one way in which the desk does it."""

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget


class FilePicker(Protocol):
    """Asks the officer for a file; None when they let it be. Kinds are as Qt takes them."""

    def to_open(self, parent: QWidget, title: str, kinds: str, /) -> Path | None:
        """Ask for a file that exists."""

    def to_save(self, parent: QWidget, title: str, name: str, kinds: str = "", /) -> Path | None:
        """Ask where a new file shall go; ``name`` is suggested."""


class SystemFilePicker:
    """Asks with the system's own dialog."""

    def to_open(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        """Ask for a file that exists."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
        return Path(chosen) if chosen else None

    def to_save(self, parent: QWidget, title: str, name: str, kinds: str = "") -> Path | None:
        """Ask where a new file shall go; the dialog asks before it replaces one."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
        return Path(chosen) if chosen else None


class FolderPicker(Protocol):
    """Asks the officer for a folder; None when they let it be."""

    def to_use(self, parent: QWidget, title: str, /) -> Path | None:
        """Ask for a folder that exists."""


class SystemFolderPicker:
    """Asks with the system's own dialog."""

    def to_use(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder that exists."""
        chosen = QFileDialog.getExistingDirectory(parent, title)
        return Path(chosen) if chosen else None
