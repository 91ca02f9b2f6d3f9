"""The file that says that a profile is a demo, and how to open it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from trafficdesk.domain.demo.people import PASSWORD
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably

DEMO_PASSWORD = PASSWORD
FILE_NAME = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoMark:
    """What the file says; a demo that is not ``complete`` was interrupted while it was made.

    One that is ``joined`` to a server must not be copied: the server would take both for thieves.
    """

    password: str
    complete: bool
    reports: int
    joined: bool = False


def demo_file(profile: Profile) -> Path:
    """Return where the mark lies."""
    return profile.folder / FILE_NAME


def find_mark(profile: Profile) -> DemoMark | None:
    """Return the mark of a demo profile; None when the profile is none or the file is broken."""
    try:
        told = json.loads(demo_file(profile).read_text("utf-8"))
        return DemoMark(
            str(told["password"]),
            bool(told["complete"]),
            int(told["reports"]),
            joined=bool(told.get("joined")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_mark(profile: Profile, mark: DemoMark) -> None:
    """Write the mark. Raises ``OSError``."""
    write_durably(demo_file(profile), json.dumps(asdict(mark), indent=2).encode() + b"\n")
