"""The tour, which works through the desk by itself."""

from pathlib import Path
from typing import Annotated

import typer

from trafficdesk.cli.answers import RefusedError, answering
from trafficdesk.cli.options import AsJson
from trafficdesk.profile import Profile


def tour(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the pictures and the summary go.")
    ],
    as_json: AsJson = False,
) -> None:
    """Work through the desk off-screen and leave numbered screenshots and a summary in DIR."""
    with answering(as_json) as answer:
        try:
            from trafficdesk.app import run_tour
        except ImportError as error:
            raise RefusedError("cli.no_screen", detail=str(error)) from error
        code = run_tour(Profile.from_environment(), folder)
        answer.tell(folder=folder, code=code)
    raise typer.Exit(code)
