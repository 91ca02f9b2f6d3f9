"""A server on a database of its own that can be backed up, stopped and put back."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from sync_server.jobs.backup import make_backup
from sync_server.jobs.restore import restore_backup
from sync_server.settings import Settings
from tests.server.live import Live, running
from tests.server.world import World
from tests.system.sync.mines import Minefield


@dataclass
class Fallible:
    """A server that can be backed up, stopped, and put back; its address stays."""

    settings: Settings
    folder: Path
    lives: ExitStack = field(default_factory=ExitStack)
    backups: int = 0
    live: Live = field(init=False)

    @cached_property
    def mines(self) -> Minefield:
        """What ends the database's connections in the middle of their work."""
        return Minefield(self.settings.database_url)

    def start(self) -> Live:
        """Start it."""
        self.live = self.lives.enter_context(running(self.settings))
        port = urlsplit(self.live.url).port
        self.settings = self.settings.model_copy(update={"port": port})
        return self.live

    def stop(self) -> None:
        """Stop it."""
        self.lives.close()

    def keep(self) -> Path:
        """Write a backup, with desks at work."""
        self.backups += 1
        folder = self.folder / f"kept{self.backups}"
        return make_backup(self.settings, folder).path

    def restore(self, world: World, backup: Path) -> None:
        """Put a backup in place of all there is."""
        self.stop()
        restore_backup(self.settings, backup, replace=True)
        world.live = self.start()
