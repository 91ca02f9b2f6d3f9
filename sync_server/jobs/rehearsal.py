"""A restore for practice: into a database of its own that is thrown away, on any machine."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync_server.admin import operating
from sync_server.admin.operating import Checked
from sync_server.jobs import manifest as made
from sync_server.jobs.manifest import Manifest
from sync_server.jobs.proving import check_photos
from sync_server.jobs.restore import restore_backup
from sync_server.private_cluster import PrivateCluster
from sync_server.server import Server
from sync_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What was found in the restored server, and how long the restore took."""

    manifest: Manifest
    found: list[Checked]
    restore_s: float


def rehearse(backup: Path, it_key: bytes, keys_dir: Path | None) -> Rehearsed:
    """Restore a backup into a private database and prove it as the server's check does.

    The keys are the backup's own, opened with ``it_key``, or those of ``keys_dir``. Photos are
    read where the backup has them. Raises ``RefusedError``, ``KeysError`` or ``ClusterError``.
    """
    with _folder() as folder, PrivateCluster(folder / "cluster", durable=False) as cluster:
        settings = Settings.model_validate(
            {
                "database_url": cluster.make_database("rehearsal"),
                "keys_dir": keys_dir or folder / "keys",
                "media_dir": made.pool_of(backup),
            }
        )
        started_s = time.monotonic()
        done = restore_backup(settings, backup, replace=False, it_key=it_key)
        restore_s = time.monotonic() - started_s
        server = Server.of(settings)
        server.database.open()
        try:
            found = [*operating.check(server), *check_photos(server, quick=False)]
        finally:
            server.database.close()
    return Rehearsed(done.manifest, found, restore_s)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="trafficdesk-rehearsal-"))
    folder.chmod(0o711)  # PostgreSQL, which may run as another user, passes through it
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
