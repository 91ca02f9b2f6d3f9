"""Where each system keeps the policy of a machine: places that only its administrators write to."""

import stat
import sys
from pathlib import Path
from typing import Final

from trafficdesk.policy.errors import GARBLED, OPEN_TO_ALL, TOO_BIG, UNREADABLE, PolicyError
from trafficdesk.policy.reading import MachinePolicy, read_policy, read_sections
from trafficdesk.policy.registry import find_registry_policy

LINUX_FILE: Final = Path("/etc/trafficdesk/policies.json")
MACOS_FILE: Final = Path("/Library/Managed Preferences/org.trafficdesk.desk.plist")
WINDOWS_KEY: Final = r"SOFTWARE\Policies\TrafficDesk"
_MOST_BYTES: Final = 256 * 1024


def find_machine_policy() -> MachinePolicy:
    """Return the policy of this machine; an empty one where there is none.

    Raises:
        PolicyError: there is one that cannot be followed.
    """
    if sys.platform == "win32":
        found = find_registry_policy(WINDOWS_KEY)
    elif sys.platform == "darwin":
        found = find_preferences(MACOS_FILE)
    else:
        found = find_file(LINUX_FILE)
    return found


def find_file(path: Path) -> MachinePolicy:
    """Return the policy in a JSON file. Raises ``PolicyError``."""
    text = _read(path)
    return MachinePolicy() if text is None else read_policy(text, str(path))


def find_preferences(path: Path) -> MachinePolicy:
    """Return the policy in managed preferences, a property list. Raises ``PolicyError``."""
    text = _read(path)
    if text is None:
        return MachinePolicy()
    import plistlib  # its XML parser is none of what the unlock screen waits for

    try:
        told = plistlib.loads(text)
    except (ValueError, plistlib.InvalidFileException, RecursionError) as error:
        raise PolicyError(GARBLED, path=str(path), detail=str(error)) from error
    if not isinstance(told, dict):
        raise PolicyError(GARBLED, path=str(path), detail="it is no dictionary")
    return read_sections(told, str(path))


def _read(path: Path) -> bytes | None:
    """Return what is in a file that only administrators may write to; None if there is none."""
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        detail = error.strerror or str(error)
        raise PolicyError(UNREADABLE, path=str(path), detail=detail) from error
    if mode & stat.S_IWOTH:
        raise PolicyError(OPEN_TO_ALL, path=str(path))
    if len(text) > _MOST_BYTES:
        raise PolicyError(TOO_BIG, path=str(path))
    return text
