"""How the position source stands, with the faults that somebody can do something about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How the position source stands."""

    OFF = "off"  # by policy
    SEARCHING = "searching"
    FIXED = "fixed"
    LOST = "lost"
    FAULT = "fault"


class PositionFault(StrEnum):
    """Stable codes; each has a sentence for the command line and one for the screen."""

    POLICY_UNKNOWN = "position.policy_unknown"
    NO_PORT = "position.no_port"
    NO_RECEIVER_PORT = "position.no_receiver_port"
    WHICH_PORT = "position.which_port"
    NOT_PERMITTED = "position.not_permitted"
    PORT_BUSY = "position.port_busy"
    PORT_FAILED = "position.port_failed"
    NO_GPSD = "position.no_gpsd"
    NOT_GPSD = "position.not_gpsd"
    GPSD_WITHOUT_RECEIVER = "position.gpsd_without_receiver"
    UNREACHABLE = "position.unreachable"
    BROKEN_OFF = "position.broken_off"
    SILENT = "position.silent"
    UNREADABLE = "position.unreadable"
    NO_FILE = "position.no_file"
    FILE_WITHOUT_FIXES = "position.file_without_fixes"
    REPLAY_OVER = "position.replay_over"
    NO_LOCATION_SERVICE = "position.no_location_service"
    LOCATION_FORBIDDEN = "position.location_forbidden"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the data of its sentence: ``path`` and ``detail``, never a place."""

    code: PositionFault
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """The state, the fault if it is one, and how many satellites the receiver uses if it tells."""

    state: State
    fault: Fault | None = None
    satellites: int | None = None


class SourceError(Exception):
    """A source cannot be opened, or broke off; it is tried again later."""

    def __init__(self, code: PositionFault, **data: str) -> None:
        super().__init__(code)
        self.fault = Fault(code, data)
