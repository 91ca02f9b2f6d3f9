"""Sets a desk up and is killed just before one of its steps.

Started by ``test_founding``: each line of stdin names a folder and the number of a step; a worker
is forked for it, which says how many steps it made when it was not killed.
"""

import functools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trafficdesk.profile import Profile
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services import founding

LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)
WANTED = founding.NewDesk(
    "Revathi M", "Inspector", "Gandhipuram", "Coimbatore", "CBE", "Asia/Kolkata", "correct-horse-9"
)
# What changes the folder or brings it to the disk.
STEPS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")


class _Killer:
    def __init__(self, at: int) -> None:
        self._at = at
        self.made = 0

    def watch(self, step: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(step)
        def watched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any step of the system
            self.made += 1
            if self.made == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **kwargs)

        return watched


def _found(folder: Path, at: int) -> None:
    killer = _Killer(at)
    for name in STEPS:
        setattr(os, name, killer.watch(getattr(os, name)))
    profile = Profile(folder)
    founding.prepare(profile, WANTED, LIGHT)
    founding.publish(profile)
    os.write(sys.stdout.fileno(), f"{killer.made}\n".encode())


def main() -> None:
    """Fork a worker for every line and say what became of it."""
    for line in sys.stdin:
        folder, at = line.rstrip("\n").split("\t")
        shutil.rmtree(folder, ignore_errors=True)
        worker = os.fork()
        if worker == 0:
            _found(Path(folder), int(at))
            os._exit(0)
        _pid, status = os.waitpid(worker, 0)
        os.write(sys.stdout.fileno(), f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
