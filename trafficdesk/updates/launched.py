"""What this process is: a version that was chosen for a profile, for its desk or for a command."""

import os
from pathlib import Path
from typing import NamedTuple


class Launched(NamedTuple):
    """``profile`` is None where the choice was none of a profile's.

    ``locks`` are held until the process ends: on the version's files, and by a desk on the
    profile's trial, so that nobody takes a desk that starts for a dead one.
    """

    version: str
    profile: Path | None = None
    locks: tuple[int, ...] = ()


_known: list[Launched] = []


def note_launched(launched: Launched) -> None:
    """Have the process know what it is."""
    _known[:] = [launched]


def find_launched() -> Launched | None:
    """Return what was chosen; None where nothing was, for instance in a checkout."""
    return _known[0] if _known else None


def pass_on(lock: int, *, to_children: bool) -> None:
    """Say whether programs that this one starts hold a lock with it. Raises ``OSError``."""
    os.set_inheritable(lock, to_children)
