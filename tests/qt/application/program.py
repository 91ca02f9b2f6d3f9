"""A program of its own that opens a desk: what it imports and when is its own, too."""

import os
import subprocess
import sys
from pathlib import Path

from trafficdesk.home import HOME_VARIABLE
from trafficdesk.profile import Profile

ROOT = Path(__file__).parent.parent.parent.parent


def run_program(program: str, profile: Profile, within_s: float) -> str:
    """Run a program on a profile to its good end; return what it printed.

    ``LIMIT`` in it is half of the time that it may take, ``PASSWORD`` the officer's.
    """
    program = program.replace("LIMIT", str(within_s / 2))
    done = subprocess.run(
        [sys.executable, "-c", program.replace("PASSWORD", repr("a long password"))],
        cwd=ROOT,
        env={**os.environ, HOME_VARIABLE: str(profile.folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=within_s,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
