"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
StationOption = Annotated[
    str,
    typer.Option("--station", help="CITY/STATION, such as CBE/Gandhipuram; not needed for one."),
]
