"""Which source a package is made from: its version, its commit and its date."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from installers.page_assets import ROOT
from sync_server.programs import run
from trafficdesk import __version__

_NO_DATE = 315532800  # 1980, before which archives know no time
_ON_THE_WAY = "dev%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a package: a release's own, or one on the way to it.

    ``0.2.0`` is released under the tag ``v0.2.0``. Whatever else is built of 0.2.0 comes before
    it: ``0.2.0~dev20261122174500``, with the time of its last commit in UTC.
    """

    release: str
    on_the_way: str = ""  # dev20261122174500

    def __str__(self) -> str:
        return f"{self.release}~{self.on_the_way}" if self.on_the_way else self.release

    @property
    def numbers(self) -> str:
        """Four numbers, which is all that Windows compares.

        The last is 65535 for a release, else the hours from the year's start to the last commit.
        """
        if not self.on_the_way:
            return f"{self.release}.65535"
        at = datetime.strptime(self.on_the_way, _ON_THE_WAY).replace(tzinfo=UTC).timetuple()
        return f"{self.release}.{at.tm_yday * 24 + at.tm_hour}"


def source_date() -> int:
    """Return ``SOURCE_DATE_EPOCH``, or the last commit's time; 1980 where there is neither."""
    named = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(named if named.isdecimal() else _git("log", "-1", "--format=%ct") or _NO_DATE)


def source_commit() -> str:
    """Return the commit this is, or nothing where there is no git."""
    return _git("rev-parse", "HEAD")


def source_version() -> Version:
    """Return the version of what is built here."""
    if f"v{__version__}" in _git("tag", "--points-at", "HEAD").split():
        return Version(__version__)
    at = datetime.fromtimestamp(source_date(), UTC)
    return Version(__version__, at.strftime(_ON_THE_WAY))


def _git(*arguments: str) -> str:
    try:
        return run("git", "-C", str(ROOT), *arguments).out.strip()
    except FileNotFoundError:
        return ""
