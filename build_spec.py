"""Freezes the desk into one folder, ``dist/trafficdesk``: ``.venv/bin/python build_spec.py``.

PyInstaller takes only ``*.spec`` files for specifications and would bundle this script itself, so
its API is called here on ``installers/trafficdesk.spec``.
"""

import os
import sys

from installers.bundle import BUILD, DIST, BundleError, check
from installers.page_assets import ROOT


def build() -> None:
    """Make the bundle anew.

    Raises:
        BundleError: a library is missing on this machine, or the bundle lacks a part.
    """
    os.environ["PYINSTALLER_CONFIG_DIR"] = str(BUILD / "cache")
    import PyInstaller.__main__

    folders = ["--distpath", str(DIST), "--workpath", str(BUILD / "work")]
    # --clean: PyInstaller warns of missing libraries only while it analyses, not from its cache.
    options = ["--noconfirm", "--clean", "--log-level", "WARN", *folders]
    PyInstaller.__main__.run([*options, str(ROOT / "installers" / "trafficdesk.spec")])
    check(DIST / "trafficdesk")


def main() -> int:
    """Build, and return the exit code."""
    try:
        build()
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"The frozen desk is in {DIST / 'trafficdesk'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
