"""Whether the disks of this machine that the server writes to have room left."""

import shutil
from pathlib import Path
from typing import Final

from sync_server.admin.operating import Checked
from sync_server.db.engine import Connection, Crossing
from sync_server.server import Server

MIN_FREE_BYTES: Final = 2**30
_MIB: Final = 2**20


def check_room(server: Server) -> list[Checked]:
    """Look at the disk of the keys and, where it is this machine's and may be asked, the data's."""
    folders = [server.settings.keys_dir]
    with server.database.crossing(Crossing.OPERATOR) as connection:
        if data := _data_folder(connection):
            folders.append(data)
    return [_checked(folder) for folder in folders]


def _data_folder(connection: Connection) -> Path | None:
    """Return the database's folder if it is told and is here: only some owners are told it."""
    found = connection.execute(
        "SELECT setting FROM pg_settings WHERE name = 'data_directory'"
    ).fetchone()
    folder = Path(found["setting"]) if found else None
    try:
        return folder if folder and folder.is_dir() else None
    except OSError:
        return None


def _checked(folder: Path) -> Checked:
    free = shutil.disk_usage(folder).free
    seen = f"{free // _MIB} MiB left, {MIN_FREE_BYTES // _MIB} wanted"
    return Checked(f"the disk of {folder} has room", free >= MIN_FREE_BYTES, seen)
