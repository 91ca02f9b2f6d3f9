"""Hands a revoked desk over and is killed at the given step; run by ``test_leaving``."""

import json
import os
import signal
import sys
from pathlib import Path

from trafficdesk.profile import Profile
from trafficdesk.security.device import load_device
from trafficdesk.security.keys import SecretKey
from trafficdesk.store.engine import Store
from trafficdesk.sync.leaving import hand_over

WATCHED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "tempfile.mkstemp"})


def _kill_at(step: int) -> None:
    """Kill this process before its ``step``-th touch of the file system."""
    seen = 0

    def hook(event: str, _args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in WATCHED:
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    """Read folder, key and step from stdin and do it."""
    given = json.load(sys.stdin)
    profile = Profile(Path(given["folder"]))
    key = SecretKey(bytes.fromhex(given["key"]))
    device = load_device(profile, key)
    store = Store.open(profile.database, key.hex())
    _kill_at(given["step"])
    hand_over(profile, store, device, key, 1_795_000_000_000)
    store.close()


if __name__ == "__main__":
    main()
