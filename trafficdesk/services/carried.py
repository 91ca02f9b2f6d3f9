"""What this desk carried to the server for others, as its audit chain keeps it."""

import json

from trafficdesk.services.auditing import Audited, note
from trafficdesk.services.session import Session


def note_carried(session: Session, name: str, sha256: str) -> None:
    """Note that a colleague's bundle was handed in: its file's name and digest, nothing of it."""
    note(session, Audited("bundle.carried", "bundle", name, json.dumps({"sha256": sha256})))
