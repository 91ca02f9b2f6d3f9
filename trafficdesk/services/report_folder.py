"""Where a report lies in the clear while it is made: for its moment, in the profile alone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import overwrite_and_remove

_PREFIX: Final = "report-"


@contextmanager
def making_folder(profile: Profile) -> Iterator[Path]:
    """Give a folder that only this account can read; what is in it is overwritten at the end."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=profile.folder))
    try:
        yield folder
    finally:
        _remove(folder)


def remove_left(profile: Profile) -> None:
    """Overwrite and remove what a kill has left of reports that were being made."""
    for folder in profile.folder.glob(f"{_PREFIX}*/"):
        _remove(folder)


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        overwrite_and_remove(file)
    folder.rmdir()
