"""The first lines of the frozen desk: which version runs, and the step over to it.

The package's program is what is started. It reads which version is the machine's, asks the profile
whether that one failed there, and becomes it; where there is nothing else to run it goes on itself.
Nothing that is wrong with an update keeps it from that.
"""

import os
import sys
from pathlib import Path
from typing import Final

from trafficdesk.updates.launched import Launched, note_launched, pass_on
from trafficdesk.updates.places import Places, find_places, program_name, running_folder

# In the environment of a version: '0.2.0 profile 7 8', with the descriptors of the locks that it
# holds. What it starts itself finds '-', and stays what it is.
VARIABLE: Final = "TRAFFICDESK_LAUNCHED"
_STAY: Final = "-"
_OF_A_PROFILE, _OF_THE_MACHINE = "profile", "machine"


def start() -> None:
    """Become the version that is to run. Returns in that one, or where it is this very program."""
    launch(find_places(), running_folder())


def launch(places: Places | None, here: Path) -> None:
    """Do so for a program that runs in a folder."""
    told = os.environ.get(VARIABLE, "")
    os.environ[VARIABLE] = _STAY
    if places is None or told == _STAY:
        return
    if here != places.base:
        _adopt(here.name, told.split())
        return
    if not places.state.is_file():
        return
    from trafficdesk.home import profile_folder
    from trafficdesk.updates.choosing import choose_for
    from trafficdesk.updates.state import folder_of

    chosen = choose_for(places, sys.argv[1:], profile_folder())
    folder = folder_of(places, chosen.version)
    if folder == places.base:
        note_launched(chosen)
    else:
        _become(folder, chosen)


def _adopt(version: str, told: list[str]) -> None:
    """Take over what the package's program chose; without it this version is not on trial."""
    if told[:1] != [version]:
        return
    from trafficdesk.home import profile_folder

    locks = [int(each) for each in told[2:] if each.isdecimal()]
    for lock in locks:
        try:
            pass_on(lock, to_children=False)
        except OSError:
            locks = []
    profile = profile_folder() if told[1:2] == [_OF_A_PROFILE] else None
    note_launched(Launched(version, profile, tuple(locks)))


def _become(folder: Path, chosen: Launched) -> None:
    """Become another version; returns only where that cannot be."""
    from trafficdesk.updates.becoming import become, hold_tree

    locks = [*chosen.locks, *hold_tree(folder)]
    for_whom = _OF_THE_MACHINE if chosen.profile is None else _OF_A_PROFILE
    told = " ".join([chosen.version, for_whom, *map(str, locks)])
    become([str(folder / program_name()), *sys.argv[1:]], {VARIABLE: told}, locks)
