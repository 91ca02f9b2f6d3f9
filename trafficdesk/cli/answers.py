"""How every command answers: lines for people, or one JSON object for programs."""

import errno
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from trafficdesk.cli.exits import Exit
from trafficdesk.cli.sentences import SENTENCES, sentence

_NOT_UNLOCKED = frozenset(
    {
        "key_slots_missing",
        "key_slots_damaged",
        "key_slots_too_new",
        "key_slots_tampered",
        "device_damaged",
        "memory_short",
        "store.unreadable",
    }
)


class RefusedError(Exception):
    """A command cannot go on: a stable code, the data of its sentence, the exit code."""

    def __init__(self, code: str, leave: Exit = Exit.REFUSED, **data: object) -> None:
        super().__init__(code)
        self.code, self.leave, self.data = code, leave, data
        self.facts: dict[str, object] = {}


class Answer:
    """Collects what a command has to say; nothing is printed before the command is done."""

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

    def step(self, done: int, total: int, what: str = "") -> None:
        """Show how far it is, where somebody watches."""
        if self.as_json or not sys.stderr.isatty():
            return
        share = f"{100 * done // total if total else 0:3d} %"
        typer.echo(f"\r{share} {what:<16}", nl=done >= total, err=True)


@contextmanager
def answering(as_json: bool) -> Iterator[Answer]:
    """Turn expected faults into one sentence and an exit code; let real bugs through."""
    answer = Answer(as_json=as_json)
    try:
        yield answer
    except RefusedError as refused:
        answer.tell(**refused.facts)
        _fail(answer, refused)
    except KeyboardInterrupt:
        _fail(answer, RefusedError("cli.cancelled", Exit.CANCELLED))
    except BrokenPipeError:
        raise  # whoever read our output has had enough; the frame leaves quietly
    except OSError as error:
        _fail(answer, _system_refusal(error))
    except Exception as error:
        refused_by = _as_refused(error)
        if refused_by is None:
            raise
        _fail(answer, refused_by)
    if as_json:
        typer.echo(json.dumps({"ok": answer.leave is Exit.DONE, **answer.facts}, default=_plain))
    if answer.leave is not Exit.DONE:
        raise typer.Exit(answer.leave)


def answered(error: BaseException) -> int:
    """Say an expected fault in one sentence and return its exit code; raise a real bug again."""
    try:
        with answering(as_json=False):
            raise error
    except typer.Exit as left:
        return left.exit_code


def _system_refusal(error: OSError) -> RefusedError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return RefusedError("cli.disk_full")
    path = error.filename or "the file"
    return RefusedError("cli.system", path=path, detail=error.strerror or str(error))


def _as_refused(error: Exception) -> RefusedError | None:
    """Return what the rooms below mean by an error of theirs, None for a bug."""
    code = getattr(error, "code", None)
    if code not in SENTENCES:
        return None
    told = getattr(error, "data", None)
    data: dict[str, object] = {name: getattr(error, name, "") for name in ("path", "detail")}
    data |= dict(told) if isinstance(told, dict) else {}
    return RefusedError(
        str(code), Exit.NOT_UNLOCKED if code in _NOT_UNLOCKED else Exit.REFUSED, **data
    )


def _fail(answer: Answer, refused: RefusedError) -> None:
    answer.leave = refused.leave
    said = sentence(refused.code, **refused.data)
    answer.tell(code=refused.code, message=said)
    if not answer.as_json:
        typer.echo(said, err=True)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else repr(value)
