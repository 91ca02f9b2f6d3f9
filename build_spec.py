"""Freezes the desk into one folder, ``dist/trafficdesk``: ``.venv/bin/python build_spec.py``.

PyInstaller takes only ``*.spec`` files for specifications and would bundle this script itself, so
its API is called here on ``installers/trafficdesk.spec``. The same source gives the same bytes:
times are ``SOURCE_DATE_EPOCH`` (by default that of the last commit), and the order of sets is
fixed, for which Python has to be started anew.
"""

import argparse
import os
import sys
from pathlib import Path

from installers.about import describe
from installers.bundle import BUILD, DIST, BundleError, check
from installers.licences import refuse_bound
from installers.page_assets import ROOT
from installers.slimming import date, strip, write_sums
from installers.source import source_date
from installers.systems import LINUX, this_system
from sync_server.programs import start

_FIXED = {"PYTHONHASHSEED": "0"}


def build(to: Path) -> Path:
    """Make the bundle anew in a folder of that folder, and return it.

    Raises:
        BundleError: a library is missing on this machine, the bundle lacks a part, or a part of it
            is under the GPL.
    """
    os.environ["PYINSTALLER_CONFIG_DIR"] = str(BUILD / "cache")
    import PyInstaller.__main__

    system = this_system()
    folders = ["--distpath", str(to), "--workpath", str(BUILD / "work")]
    # --clean: PyInstaller warns of missing libraries only while it analyses, not from its cache.
    options = ["--noconfirm", "--clean", "--log-level", "WARN", *folders]
    PyInstaller.__main__.run([*options, str(ROOT / "installers" / "trafficdesk.spec")])
    bundle = to / "trafficdesk"
    check(bundle, system)
    if system is LINUX:
        strip(bundle)
    made_at = source_date()
    refuse_bound(describe(bundle, made_at), bundle)
    write_sums(bundle, bundle / "about" / "SHA256SUMS")
    date(bundle, made_at)
    return bundle


def main() -> int:
    """Build, and return the exit code."""
    parser = argparse.ArgumentParser(description="Freeze the desk into one folder.")
    parser.add_argument("--to", type=Path, default=DIST, help="where its folder goes")
    to = parser.parse_args().to.resolve()
    fixed = _FIXED | {"SOURCE_DATE_EPOCH": str(source_date())}
    if not fixed.items() <= os.environ.items():
        again = [sys.executable, str(ROOT / "build_spec.py"), "--to", str(to)]
        return start(again, environment=os.environ | fixed).wait()
    try:
        bundle = build(to)
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"The frozen desk is in {bundle}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
