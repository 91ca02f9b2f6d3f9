"""Brings a database to this program's schema; two at once wait for each other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

_LOCK: Final = 7_310_551_002  # any number that nothing else locks

_NEEDED: Final = (
    "The migration needs the database's owner, with CREATEROLE, and PostGIS in the database: a "
    "superuser runs CREATE EXTENSION postgis in it once. Nothing was changed"
)


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema before and after; None is an empty database."""

    before: str | None
    after: str | None


def migrate(url: str) -> Migrated:
    """Run every step that the database lacks. Needs the database's owner.

    Raises ``RefusedError`` if that is not the owner, or may not do what the steps need.
    """
    with _connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        before = _present(connection)
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
            said = error.orig.diag.message_primary
            raise RefusedError(Code.NOT_PERMITTED, f"{said}. {_NEEDED}.") from error
        connection.commit()
        return Migrated(before, _present(connection))


def newest() -> str:
    """Return the schema that this program was written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _connected(url: str) -> Connection:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    return engine.connect()


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
