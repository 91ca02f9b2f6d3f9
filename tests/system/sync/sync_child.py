"""Works and syncs without end, and says each action once its commit has come back.

Started by ``killing``: the first line of stdin tells the desk, its key and its server; each further
line forks a worker, which says its number, works until it is killed, and is followed by ``end``.
"""

import json
import os
import random
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.system.sync.desks import open_desk
from tests.system.sync.working import Shift
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services.desk import open_session
from trafficdesk.sync.line import Line, ServerAddress


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def _work(told: dict[str, Any], seed: int) -> None:
    holder = Holder(UUID(told["officer"]), "Velu R", "VR", "SI", Role.SUPERVISOR)
    key = SecretKey(bytes.fromhex(told["key"]))
    session = open_session(Profile(Path(told["folder"])), key, holder)
    desk = open_desk(session, Line(ServerAddress(told["url"])))
    shift = Shift(session, random.Random(seed))  # noqa: S311 - the same seed does the same
    desk.engine.start()
    while True:
        action = shift.act()
        desk.engine.poke()
        if action is not None:
            _say(action.hex)


def main() -> None:
    """Fork a worker for every line, which is its seed."""
    told = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            _say(str(os.getpid()))
            _work(told, int(line))
        os.waitpid(worker, 0)
        _say("end")


if __name__ == "__main__":
    main()
