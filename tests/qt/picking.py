"""A file chosen without a dialog: stands where the system's would."""

from pathlib import Path

from PySide6.QtWidgets import QWidget


class Picker:
    """Chooses a name in a folder, the proposed one if it was given none; keeps what was offered."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self.folder = folder
        self.name = name
        self.kinds = ""

    @property
    def path(self) -> Path:
        """The file that is chosen."""
        return self.folder / self.name

    def to_open(self, _parent: QWidget, _title: str, _kinds: str) -> Path | None:
        """Choose nothing."""
        return None

    def to_save(self, _parent: QWidget, _title: str, name: str, kinds: str = "") -> Path | None:
        """Choose the name that was given, else the proposed one."""
        self.kinds = kinds
        return self.folder / (self.name or name)


def picker_beside(tmp_path: Path, name: str) -> Picker:
    """Return a picker for a new empty folder, where a test can list all that was written."""
    folder = tmp_path / "out"
    folder.mkdir()
    return Picker(folder, name)
