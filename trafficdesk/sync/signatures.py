"""Calls signed by this device, so that the server knows which desk asks."""

import base64

from trafficdesk.security.device import Device
from trafficdesk.sync.line import Call
from trafficdesk.wire.signing import DEVICE_HEADER, SIGNATURE_HEADER, TURN_HEADER, signed_bytes


def sign(device: Device, call: Call, *, token: str = "", turn: str = "") -> Call:
    """Return the call with the headers that name the device, and the officer by their token."""
    signature = device.sign(signed_bytes(call.method, call.target, call.body, turn))
    headers = {
        "Content-Type": "application/json",
        DEVICE_HEADER: str(device.device_id),
        SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        **call.headers,
    }
    if turn:
        headers[TURN_HEADER] = turn
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Call(call.method, call.target, call.body, headers)
