"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
StationOption = Annotated[
    str,
    typer.Option("--station", help="CITY/STATION, such as CBE/Gandhipuram; not needed for one."),
]
CityCode = Annotated[str, typer.Option("--city", metavar="CODE", help="Of which city.")]
TemplateName = Annotated[
    str, typer.Argument(metavar="TEMPLATE", help="As sync-server report list names it.")
]
