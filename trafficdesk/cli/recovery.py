"""The recovery code of a new desk: in somebody's hands before the desk exists."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from trafficdesk.cli.answers import RefusedError

RecoveryFile = Annotated[
    Path | None,
    typer.Option(
        "--recovery-file",
        metavar="FILE",
        help="Write the recovery code to FILE, which is not there yet, instead of asking for it.",
    ),
]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the code is kept: in a file, or by whoever reads it and types its end.

    ``ask`` shows a question and returns what was typed; ``None`` when nobody is there.
    """

    file: Path | None
    ask: Callable[[str], str] | None

    @classmethod
    def of(cls, file: Path | None, *, as_json: bool) -> "Keeping":
        """Return the way that the command line and the terminal leave.

        Raises:
            RefusedError: there is none, or the file is there already.
        """
        if file is not None and file.exists():
            raise RefusedError("cli.file_exists", path=file)
        has_reader = sys.stdin.isatty() and not as_json
        if file is None and not has_reader:
            raise RefusedError("enrol.recovery_unkept")
        return cls(file, _ask if has_reader else None)

    def keep(self, code: str) -> None:
        """Return when the code is kept. Raises ``RefusedError`` or ``OSError``: it is not."""
        if self.file is not None:
            from trafficdesk.security.durable_file import write_durably

            write_durably(self.file, f"{code}\n".encode())
            return
        if self.ask is None:
            raise AssertionError("made by ``of``, which sees to that")
        end = code.rpartition("-")[2]
        question = (
            f"Recovery code, shown once and kept nowhere: {code}\n"
            "It alone opens the desk if all passwords are lost. Write it down for station IT, then "
            "type its last group"
        )
        try:
            while self.ask(question).strip().upper() != end.upper():
                question = "That is not its last group. Type it once more"
        except (typer.Abort, KeyboardInterrupt, EOFError):
            raise RefusedError("enrol.recovery_unconfirmed") from None


def _ask(question: str) -> str:
    return str(typer.prompt(question))
