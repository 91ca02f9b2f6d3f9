"""Starting the desk's own program again, never through a shell."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Account(NamedTuple):
    """Whom a program runs as."""

    user: int
    group: int


class Ended(NamedTuple):
    """With what a program ended, and what it said."""

    code: int
    out: str
    err: str


def replace_by(line: Sequence[str], environment: Mapping[str, str]) -> None:
    """Put a program in the place of this one. Raises ``OSError``: it cannot be started."""
    os.execve(line[0], list(line), environment)  # noqa: S606 - a version of this very program


def run_along(line: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program with this one's streams to its end, and return its exit code."""
    return _start(line, environment).wait()


def run_apart(
    line: Sequence[str],
    environment: Mapping[str, str],
    *,
    timeout_s: float,
    account: Account | None = None,
    folder: Path | None = None,
) -> Ended:
    """Run a program to its end and return what it said; ``account``: as whom, else as we are.

    Raises:
        TimeoutExpired: it took too long and was killed.
        OSError: it cannot be started.
    """
    pipe = subprocess.PIPE
    with _start(line, environment, (subprocess.DEVNULL, pipe, pipe), account, folder) as process:
        try:
            out, err = process.communicate(timeout=timeout_s)
        except BaseException:
            process.kill()
            raise
    return Ended(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def _start(
    line: Sequence[str],
    environment: Mapping[str, str],
    streams: tuple[int | None, int | None, int | None] = (None, None, None),
    account: Account | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this very program, in this or another version
        list(line),
        env=environment,
        stdin=streams[0],
        stdout=streams[1],
        stderr=streams[2],
        user=account and account.user,
        group=account and account.group,
        extra_groups=account and [],
        cwd=folder,
    )
