"""Where versions lie on a machine: the one that the package brought, and those that came since.

What is here and in ``launching`` runs before the desk is loaded: it imports next to nothing.
"""

import json
import os
import sys
from pathlib import Path
from typing import Final, NamedTuple

from trafficdesk.updates.versions import is_version

LINUX_FOLDER: Final = Path("/var/lib/trafficdesk/updates")
MACOS_FOLDER: Final = Path("/Library/Application Support/TrafficDesk/updates")
# Beside the program and not in ProgramData: there every user may make folders.
WINDOWS_NAME: Final = "TrafficDesk Updates"
_OTHERS_WRITE: Final = 0o022


class Places(NamedTuple):
    """``folder`` holds what came since, ``base`` is the folder of the package's own version."""

    folder: Path
    base: Path

    @property
    def state(self) -> Path:
        """Which version runs, and which ran before it."""
        return self.folder / "state.json"

    @property
    def versions(self) -> Path:
        """One folder for each version, named by it."""
        return self.folder / "versions"

    @property
    def metadata(self) -> Path:
        """What was seen of the repository."""
        return self.folder / "metadata"

    @property
    def lock(self) -> Path:
        """Held by whoever changes anything here."""
        return self.folder / "lock"

    def tree(self, version: str) -> Path:
        """Return the folder of a version that came since."""
        return self.versions / version


def program_name() -> str:
    """Return the name of the executable in every version's folder."""
    return "trafficdesk.exe" if sys.platform == "win32" else "trafficdesk"


def find_places() -> Places | None:
    """Return where the versions of the running program lie; None where it is not frozen."""
    if not getattr(sys, "frozen", False):
        return None
    return places_of(running_folder())


def running_folder() -> Path:
    """Return the folder of the running version."""
    return Path(sys.executable).parent


def running_version() -> str:
    """Return the exact version of the running program; nothing where it is not frozen."""
    return version_of(running_folder()) if getattr(sys, "frozen", False) else ""


def places_of(here: Path) -> Places:
    """Return where versions lie, for a program that runs from a folder."""
    folder = _updates_folder(here)
    if here.parent == folder / "versions":
        return Places(folder, _base_told(folder) or here)
    return Places(folder, here)


def _updates_folder(here: Path) -> Path:
    if sys.platform == "win32":
        is_update = here.parent.name == "versions"
        return here.parent.parent if is_update else here.parent / WINDOWS_NAME
    return MACOS_FOLDER if sys.platform == "darwin" else LINUX_FOLDER


def _base_told(folder: Path) -> Path | None:
    told = read_json(folder / "state.json").get("base")
    return Path(told) if isinstance(told, str) and told else None


def version_of(tree: Path) -> str:
    """Return the version of a program by what it tells of itself; nothing where it does not."""
    told = read_json(tree / "about" / "versions.json").get("trafficdesk")
    return told if isinstance(told, str) and is_version(told) else ""


def read_json(path: Path) -> dict[str, object]:
    """Return the object in a small file; an empty one where there is none to be understood."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def is_owners_alone(path: Path, owner: int) -> bool:
    """Tell whether only the owner of the program may write to a file or folder.

    On Windows the folder's own rights see to that: it lies beside the program.
    """
    try:
        status = path.lstat()
    except OSError:
        return False
    if os.name != "posix":
        return True
    return status.st_uid == owner and not status.st_mode & _OTHERS_WRITE
