"""Byte strings joined so that no two different lists of parts give the same bytes."""


def framed(*parts: bytes) -> bytes:
    """Return each part behind its length (8 bytes, big endian), all behind their number."""
    pieces = [len(parts).to_bytes(4, "big")]
    for part in parts:
        pieces += (len(part).to_bytes(8, "big"), part)
    return b"".join(pieces)
