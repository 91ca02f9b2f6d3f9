"""The key a US keyboard has in the place that was pressed, for layouts that type other scripts.

Whoever writes Tamil, Hindi or Russian keeps that layout in force; A is then the key where a US
keyboard has its A. Layouts with Latin letters are never read by place: their A is where they say.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

# Latin letters end here; what Qt numbers from 0x01000000 on are keys that type nothing.
_BEYOND_LATIN: Final = 0x0250
_NAMED_KEYS: Final = 0x0100_0000

# Places as set 1 of the PC's scan codes numbers them. Linux's own codes are the same for these
# keys, and X11 and Wayland add 8 (the X11 protocol keeps the codes below 8 for itself).
_ROWS: Final = {2: "1234567890-=", 16: "QWERTYUIOP[]", 30: "ASDFGHJKL;'`", 43: "\\ZXCVBNM,./"}
_BY_SCAN: Final = {start + i: key for start, row in _ROWS.items() for i, key in enumerate(row)}
_X11_OFFSET: Final = 8
# Apple's virtual key codes (HIToolbox, Events.h: kVK_ANSI_A and the others).
_APPLE_ROWS: Final = {
    0: "ASDFHGZXCV",
    11: "BQWERYT123465=97-80]OU[IP",
    37: "LJ'K;\\,/NM.",
    50: "`",
}
_BY_APPLE: Final = {
    start + i: key for start, row in _APPLE_ROWS.items() for i, key in enumerate(row)
}
_SHIFTED: Final = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))


def read_key(event: QKeyEvent) -> int:
    """Return the number of the key that was meant."""
    return (us_key(event) if is_foreign(event) else 0) or event.key()


def is_foreign(event: QKeyEvent) -> bool:
    """Tell whether a key types a letter or digit of another script than Latin."""
    key = event.key()
    if key in {0, int(Qt.Key.Key_unknown)}:
        # A key that types several signs at once has no number of its own.
        return any(ord(char) >= _BEYOND_LATIN for char in event.text())
    return _BEYOND_LATIN <= key < _NAMED_KEYS


def us_key(event: QKeyEvent, platform: str = "") -> int:
    """Return the number of the key in the same place on a US keyboard; 0 where it has none."""
    name = platform or QGuiApplication.platformName()
    if name == "cocoa":
        sign = _BY_APPLE.get(event.nativeVirtualKey(), "")
    else:
        offset = 0 if name == "windows" else _X11_OFFSET
        sign = _BY_SCAN.get(event.nativeScanCode() - offset, "")
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        sign = _SHIFTED.get(sign, sign)
    return ord(sign) if sign else 0
