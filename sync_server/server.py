"""What a running server is made of; routes find it at the application."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final, Self

from sync_server.clock import ClockWatch
from sync_server.day_book import DayBook
from sync_server.db.engine import Database
from sync_server.keys import ServerKeys, load_keys
from sync_server.limits import Limits
from sync_server.metrics import Metrics
from sync_server.passwords import Passwords
from sync_server.reads import Reads
from sync_server.settings import Settings

MOST_COURIERS: Final = 4  # whose answers are gathered at once, in 16 MiB each


@dataclass(frozen=True, slots=True)
class Server:
    """Settings, keys and the things made of them once."""

    settings: Settings
    keys: ServerKeys
    database: Database
    metrics: Metrics
    limits: Limits
    passwords: Passwords
    reads: Reads = field(default_factory=Reads)
    clock: ClockWatch = field(default_factory=ClockWatch)
    day_book: DayBook = field(default_factory=DayBook)
    couriers: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_COURIERS))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Put a server together; its database is not opened. Raises ``KeysError``."""
        database = Database(
            settings.database_url,
            pool_size=settings.pool_size,
            statement_timeout_s=settings.statement_timeout_s,
        )
        metrics = Metrics(database.stats)
        return cls(
            settings=settings,
            keys=load_keys(settings.keys_dir),
            database=database,
            metrics=metrics,
            limits=Limits(settings, metrics),
            passwords=Passwords(
                memory_mib=settings.argon2_memory_mib, passes=settings.argon2_passes
            ),
        )
