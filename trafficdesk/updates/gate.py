"""Whether a new version works on this machine: its own self-test, before anybody gets to see it.

It is run as a user who may do nothing here, in a home that is thrown away. Whoever installs is
mostly root, and nothing is run as root that is not the machine's own version.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from trafficdesk.programs import Account, Ended, run_apart
from trafficdesk.updates.errors import UNSOUND, UNTRIED, UpdateError
from trafficdesk.updates.launching import VARIABLE
from trafficdesk.updates.places import program_name, version_of

TIMEOUT_S: Final = 300.0
_NOBODY: Final = "nobody"
# What a self-test leaves with when it was made and something is wrong; less than nothing is a
# signal.
_UNSOUND: Final = 5
_KEPT: Final = ("PATH", "LANG", "SYSTEMROOT", "QTWEBENGINE_CHROMIUM_FLAGS")


def try_version(tree: Path, version: str) -> None:
    """Return if a version is what it is called and passes its self-test.

    Raises:
        UpdateError: it does not, or that could not be found out now.
    """
    if version_of(tree) != version:
        raise UpdateError(UNSOUND, name=version, detail="it calls itself otherwise")
    home = Path(tempfile.mkdtemp(prefix="trafficdesk-selftest-"))
    try:
        account = _account_for(home)
        line = [str(tree / program_name()), "selftest", "--json"]
        ended = run_apart(
            line, _environment(home), timeout_s=TIMEOUT_S, account=account, folder=home
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UpdateError(UNTRIED, name=version, detail=str(error)) from error
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if ended.code != 0:
        raise UpdateError(UNSOUND, name=version, detail=_reason(ended))


def _account_for(home: Path) -> Account | None:
    """Return whom the self-test runs as, to whom the home is given; None where we are not root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        nobody = pwd.getpwnam(_NOBODY)
    except KeyError as error:
        raise OSError(f"there is no user {_NOBODY}") from error
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return Account(nobody.pw_uid, nobody.pw_gid)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {name: str(home) for name in ("HOME", "TRAFFICDESK_HOME", "TMPDIR", "TEMP", "TMP")}
    return {"LANG": "C.UTF-8", **kept, **own, VARIABLE: "-"}


def _reason(ended: Ended) -> str:
    """Name what the self-test found wrong, in its own words."""
    try:
        tests = json.loads(ended.out)["tests"]
        wrong = [str(test["name"]) for test in tests if not test["ok"]]
    except (ValueError, LookupError, TypeError):
        wrong = []
    return ", ".join(wrong) or f"it ended with {ended.code}"
