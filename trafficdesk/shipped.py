"""Where the files that are shipped with the program lie, from a checkout or frozen."""

import sys
from pathlib import Path


def shipped(*parts: str) -> Path:
    """Return the path of a file under ``resources/``."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
    return root.joinpath("resources", *parts)
