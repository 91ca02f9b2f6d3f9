"""Who asks for newer versions on this machine, and whom: as the policy says, or a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.shipped import shipped
from trafficdesk.updates.errors import NOT_WRITABLE, OFF, WITHOUT_ROOT, UpdateError
from trafficdesk.updates.fetching import BlobSource, ServerSource
from trafficdesk.updates.machine import Machine, this_platform
from trafficdesk.updates.places import Places
from trafficdesk.updates.repository import Trusted
from trafficdesk.updates.sources import source_for
from trafficdesk.updates.switching import Order, Tell, changing


@contextmanager
def ordering(
    places: Places, told: MachinePolicy, folder: Path | None, now: datetime, tell: Tell
) -> Iterator[Order]:
    """Give what an update needs; ``folder`` goes before what the policy says.

    Raises:
        UpdateError: updates are off, or this account may not make any.
    """
    root = shipped("updates", "root.json")
    if not root.is_file():
        raise UpdateError(WITHOUT_ROOT)
    source = source_for(told, folder)
    if source is None:
        raise UpdateError(OFF)
    try:
        trusted = Trusted(root.read_bytes(), places.metadata)
        machine = Machine(_machine_id(places), this_platform(), told.policy.updates.channel)
        yield Order(places, source, trusted, machine, now, tell)
    finally:
        _close(source)


def _close(source: BlobSource) -> None:
    if isinstance(source, ServerSource):
        source.close()


def _machine_id(places: Places) -> str:
    """Return what tells this machine apart in a rollout: made by lot once, and no secret."""
    from trafficdesk.security.durable_file import write_durably

    kept = places.folder / "machine-id"
    with changing(places):
        try:
            if not kept.is_file():
                write_durably(kept, uuid4().hex.encode(), mode=0o644)
            return kept.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise UpdateError(NOT_WRITABLE, name=str(kept), detail=str(error)) from error
