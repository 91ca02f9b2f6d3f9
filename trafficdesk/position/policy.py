"""What policy says of positions: from which source, and for how many days they are kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from trafficdesk.policy.bounds import MOST_POSITION_DAYS
from trafficdesk.policy.schema import PositionRules
from trafficdesk.position.fix import SourceKind
from trafficdesk.position.status import PositionFault, SourceError
from trafficdesk.profile import Profile

_FASTEST: Final = 1000.0
_SPEED_AND_FILE: Final = re.compile(r"(?:(\d{1,4}(?:\.\d{1,3})?)x:)?(.+)")
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class PositionPolicy:
    """The source as it is written down (``Source`` reads it), and days to keep own positions.

    ``keep_days`` of 0 keeps none. A station turns positions on; nobody is followed by default.
    """

    source: str = SourceKind.OFF.value
    keep_days: int = 7

    @property
    def bounded_days(self) -> int:
        """The days to keep, from none to 90."""
        return max(0, min(MOST_POSITION_DAYS, self.keep_days))


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its parts: ``target`` is a host, port or file; ``number`` as the kind says.

    It is the TCP or UDP port, a serial port's speed, a replay's; None is the usual one.
    """

    kind: SourceKind
    target: str = ""
    number: float | None = None


def read_source(text: str) -> Source:
    """Return the source of a policy.

    ``off``, ``gpsd``, ``gpsd:HOST:PORT``, ``serial``, ``serial:PORT``, ``serial:PORT@SPEED``,
    ``tcp:HOST:PORT``, ``udp:PORT``, ``udp:ADDRESS:PORT``, ``qt``, ``replay:FILE`` or
    ``replay:10x:FILE``.

    Raises:
        SourceError: it is none of these.
    """
    word, _, rest = text.strip().partition(":")
    try:
        kind = SourceKind(word)
        return _READ[kind](kind, rest)
    except ValueError as error:
        raise SourceError(PositionFault.POLICY_UNKNOWN, detail=text) from error


def ruled_positions(rules: PositionRules | None) -> PositionPolicy | None:
    """Return what the machine's policy says of positions; None if nothing."""
    return None if rules is None else PositionPolicy(rules.source, rules.keep_days)


def load_policy(profile: Profile) -> PositionPolicy:
    """Return the machine's policy, else that in the profile's settings; off if neither is there."""
    return ruled_positions(profile.policy.position) or _load_settings(profile.settings)


def _load_settings(settings: Path) -> PositionPolicy:
    try:
        return msgspec.json.decode(settings.read_bytes(), type=_Settings).position
    except (OSError, msgspec.MsgspecError, ValueError):
        return PositionPolicy()


class _Settings(msgspec.Struct, frozen=True):
    """What of the settings is policy of positions; the rest is the screen's."""

    position: PositionPolicy = PositionPolicy()


def _read_alone(kind: SourceKind, rest: str) -> Source:
    if rest:
        raise ValueError(rest)
    return Source(kind)


def _read_address(kind: SourceKind, rest: str) -> Source:
    if not rest and kind is SourceKind.GPSD:
        return Source(kind)
    host, colon, port = rest.rpartition(":")
    if not colon and kind is SourceKind.UDP:
        host, port = "", rest
    elif not host:
        raise ValueError(rest)
    return Source(kind, host.strip("[]"), _port(port))


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 0 < number <= _HIGHEST_PORT:
        raise ValueError(text)
    return number


def _read_serial(kind: SourceKind, rest: str) -> Source:
    port, at, speed = rest.rpartition("@")
    if not at:
        return Source(kind, rest)
    if not port or not speed.isdecimal() or int(speed) == 0:
        raise ValueError(rest)
    return Source(kind, port, int(speed))


def _read_replay(kind: SourceKind, rest: str) -> Source:
    match = _SPEED_AND_FILE.fullmatch(rest)
    speed = float(match[1] or 1) if match else 0.0
    if match is None or not 0 < speed <= _FASTEST:
        raise ValueError(rest)
    return Source(kind, match[2], speed)


_READ: Final[dict[SourceKind, Callable[[SourceKind, str], Source]]] = {
    SourceKind.OFF: _read_alone,
    SourceKind.GPSD: _read_address,
    SourceKind.SERIAL: _read_serial,
    SourceKind.TCP: _read_address,
    SourceKind.UDP: _read_address,
    SourceKind.QT: _read_alone,
    SourceKind.REPLAY: _read_replay,
}
