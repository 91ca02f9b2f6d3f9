"""Calls for help and is killed before anything could be sent; run by ``test_own_unit``."""

import json
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import incidents, own_unit
from trafficdesk.services.desk import open_session


def main() -> None:
    """Read folder, key and officer from stdin, call for the own unit, and die."""
    given = json.load(sys.stdin)
    holder = Holder(UUID(given["officer"]), "Meena K", "MK", "SI", Role.OFFICER)
    key = SecretKey(bytes.fromhex(given["key"]))
    session = open_session(Profile(Path(given["folder"])), key, holder)
    riding = own_unit.find(session)
    if riding is not None and incidents.call_for_help(session, riding.unit.id).outcome.is_done:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
