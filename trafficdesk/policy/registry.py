"""The policy in the registry of Windows, as group policy and the ADMX template write it there."""

import sys
from typing import Final

from trafficdesk.policy.errors import UNREADABLE, PolicyError
from trafficdesk.policy.reading import MachinePolicy, read_sections

_ROOT: Final = "HKEY_LOCAL_MACHINE"


def find_registry_policy(key: str) -> MachinePolicy:
    """Return the policy under a key of the machine's. Raises ``PolicyError``."""
    place = rf"{_ROOT}\{key}"
    try:
        told = _read_sections(key)
    except FileNotFoundError:
        return MachinePolicy()
    except OSError as error:
        detail = error.strerror or str(error)
        raise PolicyError(UNREADABLE, path=place, detail=detail) from error
    # A number stands for yes and no there: the registry knows no truth values.
    return read_sections(told, place, strict=False)


if sys.platform == "win32":
    import winreg

    def _read_sections(key: str) -> dict[str, object]:
        """Return each section's values; a section is a key below ``key``."""
        view = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        told = dict[str, object]()
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, view) as root:
            for index in range(winreg.QueryInfoKey(root)[0]):
                name = winreg.EnumKey(root, index)
                with winreg.OpenKey(root, name, 0, view) as section:
                    told[name] = _values_of(section)
        return told

    def _values_of(section: winreg.HKEYType) -> dict[str, object]:
        values = dict[str, object]()
        for index in range(winreg.QueryInfoKey(section)[1]):
            name, value, _kind = winreg.EnumValue(section, index)
            if value != "":  # a box of group policy that was left empty
                values[name] = value
        return values

else:

    def _read_sections(key: str) -> dict[str, object]:
        raise FileNotFoundError(key)
