"""Starting other programs: PostgreSQL's own, never through a shell."""

import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, NamedTuple

Process = subprocess.Popen[bytes]
Stream = int | IO[bytes] | None


class Ended(NamedTuple):
    """With what a program ended, and what it told."""

    code: int
    out: str
    err: str


def start(
    command: Sequence[str],
    *,
    streams: tuple[Stream, Stream, Stream] = (subprocess.DEVNULL, None, None),
    environment: Mapping[str, str] | None = None,
    is_apart: bool = False,
) -> Process:
    """Start a program with its standard streams: input, output, errors.

    ``is_apart``: Ctrl+C is for the program that started it, which then stops it in order.
    """
    return subprocess.Popen(  # noqa: S603 - our own line, no shell
        list(command),
        stdin=streams[0],
        stdout=streams[1],
        stderr=streams[2],
        env=environment,
        cwd="/",
        start_new_session=is_apart,
    )


def run(*command: str, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a program to its end."""
    streams = (subprocess.DEVNULL, subprocess.PIPE, subprocess.PIPE)
    process = start(command, streams=streams, environment=environment)
    out, err = process.communicate()
    return Ended(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
