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
AuthorityFile = Annotated[
    Path | None, typer.Option("--ca", metavar="FILE", help="Trust only this authority (PEM).")
]
ProxyOption = Annotated[
    str, typer.Option("--proxy", metavar="URL", help="Reach the server over this proxy.")
]
TemplateName = Annotated[
    str, typer.Argument(metavar="TEMPLATE", help="As trafficdesk report list names it.")
]
