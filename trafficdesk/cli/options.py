"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object on stdout.")]
OfficerOption = Annotated[
    str | None,
    typer.Option(
        "--officer", metavar="NAME", help="Who signs in: a name, its beginning, or an id."
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Read the password from the first line of FILE instead of asking for it.",
    ),
]
