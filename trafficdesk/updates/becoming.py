"""Turning this process into another version of the desk, and keeping that version's files."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from trafficdesk.programs import replace_by, run_along
from trafficdesk.updates.launched import pass_on

if sys.platform != "win32":
    import fcntl


def hold_tree(folder: Path) -> list[int]:
    """Have a version's files kept for as long as the process lives; return what holds them.

    On Windows nothing is needed: there nobody can remove a program that runs.
    """
    with suppress(OSError):
        if sys.platform != "win32":
            descriptor = os.open(folder, os.O_RDONLY)
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return [descriptor]
    return []


def is_held(folder: Path) -> bool:
    """Tell whether somebody runs a version. Raises ``OSError``: there is no such folder."""
    if sys.platform == "win32":
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def become(line: Sequence[str], told: Mapping[str, str], locks: Iterable[int]) -> None:
    """Put another program in this one's place, with its locks; returns where that cannot be.

    Windows knows no such step: there the other runs beside this one, which ends with it.
    """
    environment = {**clean_environment(), **told}
    with suppress(OSError):
        if sys.platform == "win32":
            sys.exit(run_along(line, environment))
        for lock in locks:
            pass_on(lock, to_children=True)
        replace_by(line, environment)
    for lock in locks:
        pass_on(lock, to_children=False)


def clean_environment() -> dict[str, str]:
    """Return the environment as it was before this program's own loader changed it."""
    environment = dict(os.environ)
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        environment["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        environment.pop("LD_LIBRARY_PATH", None)
    return environment | {"PYINSTALLER_RESET_ENVIRONMENT": "1"}
