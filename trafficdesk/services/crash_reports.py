"""What the desk wrote down when it met a bug: listed, read, removed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from trafficdesk.profile import Profile

MAX_SHOWN_CHARACTERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One report; ``summary`` is the line that names the error."""

    path: Path
    at: datetime
    summary: str


def list_crash_reports(profile: Profile) -> list[CrashReport]:
    """Return the reports kept in the profile, the newest first."""
    try:
        files = sorted(profile.crash_reports.glob("*.txt"))
    except OSError:
        return []
    found = [report for path in files if (report := _find(path)) is not None]
    return sorted(found, key=lambda report: report.at, reverse=True)


def _find(path: Path) -> CrashReport | None:
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        lines = load_crash_report(path).splitlines()
    except OSError:  # removed meanwhile
        return None
    # The head (versions, system, time) ends with a blank line; the error follows.
    body = lines[lines.index("") :] if "" in lines else lines
    return CrashReport(path, at, next((line for line in body if line.strip()), ""))


def load_crash_report(path: Path) -> str:
    """Return a report's text, cut where it grows beyond reading. Raises ``OSError``."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(MAX_SHOWN_CHARACTERS)


def remove_crash_reports(profile: Profile) -> int:
    """Remove every report; returns how many. Raises ``OSError``."""
    found = list_crash_reports(profile)
    for report in found:
        report.path.unlink(missing_ok=True)
    return len(found)
