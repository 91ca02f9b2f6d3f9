"""What operators ask of the database."""

from sync_server.db.engine import Connection, one


def ask_database(connection: Connection) -> str:
    """Return the schema the database has; raises what psycopg raises when it is away."""
    found = one(connection, "SELECT version_num FROM alembic_version")
    return str(found["version_num"]) if found else ""
