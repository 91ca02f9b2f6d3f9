"""The file that says that a profile is a demo, and how to open it."""

import json
from dataclasses import dataclass
from pathlib import Path

from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably

DEMO_PASSWORD = "desk-demo-2026"  # noqa: S105 - shown on the demo's unlock screen on purpose
FILE_NAME = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoMark:
    """What the file says; a demo that is not ``complete`` was interrupted while it was made."""

    password: str
    complete: bool
    reports: int


def demo_file(profile: Profile) -> Path:
    """Return where the mark lies."""
    return profile.folder / FILE_NAME


def find_mark(profile: Profile) -> DemoMark | None:
    """Return the mark of a demo profile; None when the profile is none or the file is broken."""
    try:
        told = json.loads(demo_file(profile).read_text("utf-8"))
        return DemoMark(str(told["password"]), bool(told["complete"]), int(told["reports"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_mark(profile: Profile, mark: DemoMark) -> None:
    """Write the mark. Raises ``OSError``."""
    told = {"password": mark.password, "complete": mark.complete, "reports": mark.reports}
    write_durably(demo_file(profile), json.dumps(told, indent=2).encode() + b"\n")
