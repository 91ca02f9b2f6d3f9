"""Room for photos on this desk: what was not looked at for longest goes, if the server has it."""

import time
from contextlib import suppress
from typing import Final

from trafficdesk.security.photo_files import PhotoFiles
from trafficdesk.store import media_transfers as rows
from trafficdesk.store.engine import Store

# A photo that was just filed is sealed before its report is written.
YOUNGEST_S: Final = 3600.0


def make(store: Store, photos: PhotoFiles, most_bytes: int) -> int:
    """Drop photos until the rest fits; return how many. What only this desk has always stays."""
    found = sorted(photos.find_all(), key=lambda each: each.used_s)
    over = sum(each.size_bytes for each in found) - most_bytes
    if over <= 0:
        return 0
    with store.reading() as connection:
        droppable = rows.find_droppable(connection)
    before_s, dropped = time.time() - YOUNGEST_S, 0
    for each in found:
        if over <= 0 or each.used_s > before_s:
            break
        if each.sha256 in droppable:
            with suppress(OSError):  # somebody looks at it
                photos.drop(each.sha256)
                over -= each.size_bytes
                dropped += 1
    return dropped
