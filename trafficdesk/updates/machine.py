"""Which releases are for a machine: its system, its channel, its place in a rollout."""

import hashlib
import platform
import sys
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from trafficdesk.policy.bounds import Channel

_SYSTEMS: Final = {"win32": "windows", "darwin": "macos"}
_PROCESSORS: Final = {"amd64": "x86_64", "aarch64": "arm64"}


class Offer(msgspec.Struct, frozen=True):
    """Whom a release is for: machines of a channel, and of those ``percent`` in a hundred."""

    channel: Channel
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]


@dataclass(frozen=True, slots=True)
class Machine:
    """Who asks. ``machine_id`` is any text that stays and is no other machine's."""

    machine_id: str
    platform: str
    channel: Channel = "stable"

    def is_offered(self, version: str, offer: Offer) -> bool:
        """Tell whether a version is for this machine by now; a pilot also takes what is stable."""
        if offer.channel not in {"stable", self.channel}:
            return False
        return place_of(self.machine_id, version) < offer.percent


def place_of(machine_id: str, version: str) -> int:
    """Return a machine's place of 0 to 99 in a version's rollout: another one for each version."""
    digest = hashlib.sha256(f"{machine_id}\n{version}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100


def this_platform() -> str:
    """Return what releases for this system are named by, as ``linux-x86_64``."""
    processor = platform.machine().lower()
    system = _SYSTEMS.get(sys.platform, sys.platform)
    return f"{system}-{_PROCESSORS.get(processor, processor)}"
