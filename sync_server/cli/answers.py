"""How every command answers: lines for people, or one JSON object for programs."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy.exc
import typer

from sync_server.cli.exits import Exit
from sync_server.keys import KeysError
from sync_server.private_cluster import ClusterError
from sync_server.problems import RefusedError
from sync_server.settings import SettingsError
from trafficdesk.wire.codes import Code


class Answer:
    """Collects what a command has to say."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.facts: dict[str, object] = {}
        self.leave = Exit.DONE

    def say(self, line: str) -> None:
        """Tell people a line of the result."""
        if not self.as_json:
            typer.echo(line)

    def tell(self, **facts: object) -> None:
        """Add facts to the JSON object."""
        self.facts |= facts


@contextmanager
def answering(*, as_json: bool) -> Iterator[Answer]:
    """Turn expected faults into a sentence and an exit code; let real bugs through."""
    answer = Answer(as_json=as_json)
    try:
        yield answer
    except SettingsError as error:
        _fail(answer, Exit.SETTINGS, str(error))
    except KeysError as error:
        _fail(answer, Exit.SETTINGS, str(error))
    except ClusterError as error:
        _fail(answer, Exit.REFUSED, str(error))
    except RefusedError as error:
        away = error.code is Code.UNAVAILABLE
        _fail(answer, Exit.DATABASE if away else Exit.REFUSED, error.detail)
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError) as error:
        _fail(answer, Exit.DATABASE, _away(error))
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedObject):
        _fail(answer, Exit.DATABASE, "The database is not migrated: run sync-server migrate.")
    except KeyboardInterrupt:
        _fail(answer, Exit.CANCELLED, "Stopped.")
    if as_json:
        typer.echo(json.dumps({"ok": answer.leave is Exit.DONE, **answer.facts}, default=str))
    if answer.leave is not Exit.DONE:
        raise typer.Exit(answer.leave)


def _away(error: Exception) -> str:
    """Say why the database cannot be reached in its own words.

    Only those after FATAL are: what the driver says may hold the address with its password.
    """
    told = re.search(r"FATAL: +(.+)", str(error))
    return f"The database cannot be reached{f': {told[1]}' if told else ''}."


def _fail(answer: Answer, leave: Exit, said: str) -> None:
    answer.leave = leave
    answer.tell(message=said)
    if not answer.as_json:
        typer.echo(said, err=True)
