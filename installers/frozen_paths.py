"""Runs early in the frozen desk: PROJ reads the database in the bundle, never the system's."""

import os
import sys
from pathlib import Path

_PROJ = str(Path(getattr(sys, "_MEIPASS", ".")) / "proj")
os.environ["PROJ_DATA"] = _PROJ
os.environ["PROJ_LIB"] = _PROJ  # its name before PROJ 9.1
