"""What goes wrong with one photo, however well the line does."""

from typing import Final

from trafficdesk.sync.errors import Fault

MISSING: Final = "missing"
DAMAGED: Final = "damaged"
WRONG_HASH: Final = "wrong_hash"
DISK_FULL: Final = str(Fault.DISK_FULL)
DISK_ERROR: Final = "disk_error"


class NoRoomError(Exception):
    """This desk's disk is full."""


class SpoiledError(Exception):
    """A file is not what it should be; ``fault`` says how."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault

    @property
    def is_missing(self) -> bool:
        """Tell whether there is no file at all."""
        return self.fault == MISSING
