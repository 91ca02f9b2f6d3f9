"""Where this machine's newer versions come from, as its policy says."""

from pathlib import Path

from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.updates.errors import MISLED, UpdateError
from trafficdesk.updates.fetching import BlobSource, FolderSource, ServerSource


def source_for(machine: MachinePolicy, folder: Path | None = None) -> BlobSource | None:
    """Return what the policy names, or a folder that an administrator does; None where it is off.

    Raises:
        UpdateError: the policy's words on updates cannot be understood; they may have said off.
    """
    if folder is not None:
        return FolderSource(folder)
    for warned in machine.warned:
        if warned.section == "updates":
            raise UpdateError(MISLED, name=machine.place, detail=warned.detail)
    source, server = machine.policy.updates.source, machine.policy.server
    if source == "off":
        return None
    if source != "server":
        return FolderSource(Path(source))
    if server is None:
        return None
    ca_file = None if server.ca_file is None else Path(server.ca_file)
    return ServerSource(server.address, ca_file, server.proxy)
