"""The dump's own script run as one transaction between our beginning and our end."""

import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from sync_server.db.engine import APP_ROLE
from sync_server.jobs.postgres import Programs
from sync_server.problems import RefusedError
from sync_server.programs import Process, start
from trafficdesk.wire.codes import Code

_PIECE_BYTES: Final = 1 << 20

# Everything of ours, and nothing of an extension's.
OUR_TABLES: Final = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
  AND c.relkind IN ('r', 'p') AND NOT EXISTS
    (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_CLEAR: Final = f"""
DO $clear$ DECLARE name text; BEGIN
  FOR name IN {OUR_TABLES} LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', name);
  END LOOP;
  FOR name IN SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
      (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE 'DROP FUNCTION ' || name;
  END LOOP;
END $clear$;
"""
_BEGIN: Final = "BEGIN;\nSET client_min_messages = warning;\n"
_PREPARE: Final = f"""
SET search_path = public;
CREATE EXTENSION IF NOT EXISTS postgis;
DO $role$ BEGIN
  CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $role$;
GRANT {APP_ROLE} TO CURRENT_USER;
"""
# The epoch tells the desks. For the one that ends here, and for those before it, it stays known
# how far each city had come, so that a desk of any of them sends again just what may be lost.
# Turns went on since: each desk's own is believed once. Refresh tokens went on as well, and a
# one-time token may have been used since: both end.
_RENEW: Final = """
SET search_path = public;
UPDATE server_state SET
  restored_at = restored_at || jsonb_build_object(epoch,
    (SELECT coalesce(jsonb_object_agg(city_id, seq), '{}') FROM feed_counters)),
  epoch = gen_random_uuid();
UPDATE devices SET turn = '', read = '{}';
UPDATE sessions SET ended_at = now(), ended_why = 'server restored' WHERE ended_at IS NULL;
UPDATE enrol_tokens SET expires_at = now() WHERE used_at IS NULL AND expires_at > now();
"""
# A dump brings no statistics: until PostgreSQL looks by itself, every push would read whole tables.
_LOOK: Final = f"""
DO $look$
DECLARE name text;
BEGIN
  FOR name IN {OUR_TABLES} LOOP
    EXECUTE format('ANALYZE public.%I', name);
  END LOOP;
END $look$;
"""
_COMMIT: Final = "COMMIT;\n"


def pour(programs: Programs, dump: Path, *, replace: bool) -> None:
    """Let psql run the dump's own script between our beginning and our end.

    The last word is sent only when the script came to its end: what breaks off is rolled back.
    """
    read = programs.command(
        "pg_restore", "--no-owner", "--schema=public", "--file=-", str(dump.absolute())
    )
    run = programs.command(
        "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"
    )
    beginning = (_BEGIN + (_CLEAR if replace else "") + _PREPARE).encode()
    with tempfile.TemporaryFile() as read_said, tempfile.TemporaryFile() as run_said:
        psql = start(
            run,
            streams=(subprocess.PIPE, subprocess.DEVNULL, run_said),
            environment=programs.environment,
        )
        script = start(
            read,
            streams=(subprocess.DEVNULL, subprocess.PIPE, read_said),
            environment=programs.environment,
        )
        try:
            _feed(psql, script, beginning)
        finally:
            script.kill()
            script.wait()
            _pipe(script.stdout).close()
            with suppress(BrokenPipeError):
                _pipe(psql.stdin).close()
            psql.wait()
        if psql.returncode != 0:
            raise RefusedError(Code.BAD_REQUEST, _said(dump, run_said))
        if script.returncode != 0:
            raise RefusedError(Code.BAD_REQUEST, _said(dump, read_said))


def _feed(psql: Process, script: Process, beginning: bytes) -> None:
    target, source = _pipe(psql.stdin), _pipe(script.stdout)
    with suppress(BrokenPipeError):  # psql has ended, and says why
        target.write(beginning)
        while piece := source.read(_PIECE_BYTES):
            target.write(piece)
        if script.wait() == 0:
            target.write((_RENEW + _LOOK + _COMMIT).encode())
            target.flush()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise AssertionError("the program was started with a pipe")
    return stream


def _said(dump: Path, stream: IO[bytes]) -> str:
    """Return the first fault that a program told; what follows it may quote a row."""
    stream.seek(0)
    lines = stream.read().decode("utf-8", "replace").splitlines()
    told = next((line for line in lines if "ERROR" in line or "error:" in line), "no reason told")
    return f"{dump} was not restored, nothing was changed: {told}"
