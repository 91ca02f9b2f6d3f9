"""The disk under a folder that may not be there yet: its room, and whether it may be written."""

import os
import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that the folder lies, or would lie, on."""
    return shutil.disk_usage(_nearest(folder)).free


def may_write(folder: Path) -> bool:
    """Tell whether the program may write into the folder, or make it."""
    return os.access(_nearest(folder), os.W_OK | os.X_OK)


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
