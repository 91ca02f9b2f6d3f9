"""Asking for a file: the one dialog the administration opens."""

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget


class FilePicker(Protocol):
    """Asks the officer for a file; None when they let it be."""

    def to_open(self, parent: QWidget, title: str, pattern: str, /) -> Path | None:
        """Ask for a file that exists; ``pattern`` as Qt takes it."""

    def to_save(self, parent: QWidget, title: str, name: str, /) -> Path | None:
        """Ask where a new file shall go."""


class SystemFilePicker:
    """Asks with the system's own dialog."""

    def to_open(self, parent: QWidget, title: str, pattern: str) -> Path | None:
        """Ask for a file that exists."""
        name, _ = QFileDialog.getOpenFileName(parent, title, "", pattern)
        return Path(name) if name else None

    def to_save(self, parent: QWidget, title: str, name: str) -> Path | None:
        """Ask where a new file shall go; the dialog asks before it replaces one."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, name)
        return Path(chosen) if chosen else None
