"""Carries a file, and stands still once the server has answered: to be killed there."""

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
from trafficdesk.services.carried import note_carried
from trafficdesk.services.desk import open_session
from trafficdesk.sync.carrying import Errand, Handed, carry_file


def main() -> None:
    """Read from stdin which desk carries which file; say ``handed`` and wait for the end."""
    told = json.loads(sys.stdin.readline())
    holder = Holder(UUID(told["officer"]), "Meena K", "MK", "SI", Role.OFFICER)
    key = SecretKey(bytes.fromhex(told["key"]))
    session = open_session(Profile(Path(told["folder"])), key, holder)

    def note(handed: Handed) -> None:
        note_carried(session, handed.name, handed.sha256)
        os.write(sys.stdout.fileno(), b"handed\n")
        signal.pause()

    carry_file(session.store, session.device, Errand(Path(told["file"])), note)


if __name__ == "__main__":
    main()
