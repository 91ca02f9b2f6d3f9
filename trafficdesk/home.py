"""Where the profile of whoever runs the desk lies; asked before anything else is loaded."""

import os
from pathlib import Path
from typing import Final

HOME_VARIABLE: Final = "TRAFFICDESK_HOME"


def profile_folder() -> Path:
    """Return the folder that ``TRAFFICDESK_HOME`` names, else the user's own."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("TrafficDesk", appauthor=False)
