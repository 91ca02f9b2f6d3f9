"""Photos at desks: made, filed, moved to and from the server, and asked about."""

import io
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.records import Media, Report
from trafficdesk.services.pictures import Examined, examine
from trafficdesk.store import media as media_rows
from trafficdesk.store import media_transfers
from trafficdesk.store.media_transfers import Transfer


def photo(side: int = 400, noise: Callable[[int], bytes] = secrets.token_bytes) -> Examined:
    """Return a photo that no other test has; 400 px are two pieces."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise(3 * side * side)).save(out, "PNG")
    found = examine(out.getvalue())
    assert isinstance(found, Examined)
    return found


def transfer(desk: SyncedDesk) -> int:
    """Move photos until nothing is due; return in how many steps."""
    steps = 0
    while desk.engine.transfers.step() is not None:
        steps += 1
        assert steps < 1000
    return steps


def exchange(desk: SyncedDesk) -> None:
    """Make a whole exchange, photos too."""
    desk.sync()
    transfer(desk)


def of(desk: SyncedDesk, report: Report) -> list[Media]:
    """Return the photos of a report as a desk knows them."""
    with desk.session.store.reading() as connection:
        return media_rows.find_of_report(connection, desk.report(report.id).pk)


def standing(desk: SyncedDesk, name: str) -> Transfer:
    with desk.session.store.reading() as connection:
        (found,) = media_transfers.find_of(connection, [name])
    return found


def want(desk: SyncedDesk, *names: str) -> None:
    with desk.session.store.writing() as connection:
        media_transfers.ask_for(connection, names, time.time_ns() // 1_000_000)


def file_of(desk: SyncedDesk, name: str) -> Path:
    """Return where a photo lies on a desk."""
    return desk.session.profile.media / name[:2] / name
