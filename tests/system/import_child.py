"""Imports files until it is killed, for ``test_import_kill``.

The first line of stdin tells the desk, its key and the mapping; each further line names a file and
forks a worker, which says its number, imports, and is followed by ``end``.
"""

import json
import os
import sys
from pathlib import Path
from uuid import UUID

from tests.system.triage_child import say
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import desk
from trafficdesk.services.importing.files import Imported, import_reports
from trafficdesk.services.importing.mapping import load_mapping


def main() -> None:
    """Fork a worker for every line."""
    told = json.loads(sys.stdin.readline())
    name, initials, rank = told["names"]
    holder = Holder(UUID(told["officer"]), name, initials, rank, Role.SUPERVISOR)
    profile, mapping = Profile(Path(told["folder"])), load_mapping(Path(told["mapping"]))
    while line := sys.stdin.readline().strip():
        worker = os.fork()
        if worker == 0:
            session = desk.open_session(profile, SecretKey(bytes.fromhex(told["key"])), holder)
            say(str(os.getpid()))
            done = import_reports(session, Path(line), mapping)
            say("whole" if isinstance(done, Imported) else str(done))
            os._exit(0)
        os.waitpid(worker, 0)
        say("end")


if __name__ == "__main__":
    main()
