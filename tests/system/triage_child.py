"""Decides on reports without end and says each decision once its commit has come back.

Started by ``test_kill``: the first line of stdin tells the desk and its key; each further line
forks a worker, which says its number, decides until it is killed, and is followed by ``end``.
"""

import json
import os
import sys
from pathlib import Path
from uuid import UUID

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import RejectionReason, Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import desk
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session

REJECT = Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE)
NEXT = {
    "pending": Step(Move.CLAIM),
    "under_review": Step(Move.APPROVE),
    "approved": Step(Move.CITE),
    "cited": Step(Move.REOPEN),
}


def say(line: str) -> None:
    """Write one line whole and at once."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def triage(session: Session) -> None:
    """Move every report a step on, over and over."""
    while True:
        with session.store.reading() as connection:
            rows = connection.exec_driver_sql("SELECT pk, revision, status FROM reports").all()
        for pk, revision, status in rows:
            step = REJECT if status == "pending" and (pk + revision) % 5 == 0 else NEXT.get(status)
            outcome = take_step(session, [Target(pk, revision)], step or Step(Move.REOPEN))
            if not outcome.is_done:
                raise AssertionError(outcome)
            say(f"{outcome.action_id} {pk} {revision + 1}")


def main() -> None:
    """Fork a worker for every line."""
    told = json.loads(sys.stdin.readline())
    holder = Holder(UUID(told["officer"]), "Velu R", "VR", "SI", Role.SUPERVISOR)
    profile = Profile(Path(told["folder"]))
    while sys.stdin.readline():
        worker = os.fork()
        if worker == 0:
            say(str(os.getpid()))
            triage(desk.open_session(profile, SecretKey(bytes.fromhex(told["key"])), holder))
        os.waitpid(worker, 0)
        say("end")


if __name__ == "__main__":
    main()
