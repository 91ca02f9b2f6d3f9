"""Mines in the server's database: the connection that steps on one ends there, mid-transaction.

To PostgreSQL, and so to what is kept, it is the same whether the server was killed or only its
connection: the transaction is gone, and nobody hears an answer. A mine strikes at a chosen write of
a chosen request, the commit among them, so that a seed fails the same way each time it is run; a
killed process strikes anywhere, and takes seconds to come back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

MOST_STEPS = 12  # a push of everything writes no more often than this

# Outside of the schema that backups hold. Counted by transaction: a setting that is local to it.
_FIELD = """
CREATE SCHEMA mines;
CREATE TABLE mines.laid (step integer NOT NULL);
CREATE FUNCTION mines.step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  taken integer := coalesce(nullif(current_setting('mines.taken', true), ''), '0')::integer + 1;
BEGIN
  IF EXISTS (SELECT FROM mines.laid) THEN
    PERFORM set_config('mines.taken', taken::text, true);
    IF taken = (SELECT step FROM mines.laid) THEN
      PERFORM pg_terminate_backend(pg_backend_pid());
      PERFORM pg_sleep(60);
    END IF;
  END IF;
  RETURN NULL;
END $$;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT EXISTS
      (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('CREATE TRIGGER mine AFTER INSERT OR UPDATE OR DELETE ON public.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION mines.step()', name);
  END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER mine_at_commit AFTER UPDATE ON feed_counters
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mines.step();
"""


class Minefield:
    """Mines in one database."""

    def __init__(self, database_url: str) -> None:
        """Prepare the database's tables."""
        self._url = database_url
        self._do(_FIELD)

    @contextmanager
    def laid(self, step: int) -> Iterator[None]:
        """Let whoever writes within the block end at the ``step``-th write of a transaction."""
        self._do("INSERT INTO mines.laid VALUES (%s)", step)
        try:
            yield
        finally:
            self._do("DELETE FROM mines.laid")

    def _do(self, statement: str, *values: object) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode(), values or None)
