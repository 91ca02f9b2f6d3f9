"""What the other subjects may ask of accounts: who calls, from which device, and its turn."""

from sync_server.accounts.service.dependencies import (
    DeviceCaller,
    PushingDevice,
    TheCaller,
    request_of,
)
from sync_server.accounts.service.guard import authenticate, authenticate_device, take_turn
from sync_server.accounts.service.people import Caller, Device, Origin, SignedRequest

__all__ = [
    "Caller",
    "Device",
    "DeviceCaller",
    "Origin",
    "PushingDevice",
    "SignedRequest",
    "TheCaller",
    "authenticate",
    "authenticate_device",
    "request_of",
    "take_turn",
]
