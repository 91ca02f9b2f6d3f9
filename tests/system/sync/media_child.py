"""Sends a desk's photos and says after each piece how far they are, until it is killed.

Started by ``test_media_kill``; the first line of stdin tells the desk, its key and its server.
"""

import json
import os
import sys
from pathlib import Path
from uuid import UUID

from tests.system.sync.desks import open_desk
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services.desk import open_session
from trafficdesk.store import media_transfers
from trafficdesk.sync.line import Line, ServerAddress


def main() -> None:
    """Send until there is nothing more."""
    told = json.loads(sys.stdin.readline())
    holder = Holder(UUID(told["officer"]), "Meena K", "MK", "SI", Role.OFFICER)
    key = SecretKey(bytes.fromhex(told["key"]))
    session = open_session(Profile(Path(told["folder"])), key, holder)
    desk = open_desk(session, Line(ServerAddress(told["url"])))
    while desk.engine.transfers.step() is not None:
        with session.store.reading() as connection:
            (found,) = media_transfers.find_of(connection, [told["sha256"]])
        os.write(sys.stdout.fileno(), f"{found.done_bytes}\n".encode())


if __name__ == "__main__":
    main()
