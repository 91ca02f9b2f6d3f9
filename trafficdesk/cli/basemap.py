"""``trafficdesk basemap``: building, importing and listing offline map packs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson
from trafficdesk.cli.sentences import sentence
from trafficdesk.cli.stopping import Stopping
from trafficdesk.profile import Profile

if TYPE_CHECKING:
    from trafficdesk.maps.faults import PackRefused
    from trafficdesk.maps.packs import Pack

app = typer.Typer(help="Offline base maps of this profile.", no_args_is_help=True)

_FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


@app.command("build")
def build(
    file: _FileArgument,
    no_roads: Annotated[
        bool, typer.Option("--no-roads", help="Leave out the routing tiles.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a map pack from an OpenStreetMap extract (.osm.pbf or .osm).

    It gets routing tiles where there is a routing engine (Python 3.12 and newer).
    """
    with answering(as_json) as answer, Stopping() as stopping:
        from trafficdesk.maps.build import build_pack

        made = build_pack(
            file,
            Profile.from_environment().packs,
            with_roads=not no_roads,
            progress=answer.step,
            cancelled=stopping.is_wanted,
        )
        _say_made(answer, made)


@app.command("import")
def import_(file: _FileArgument, as_json: AsJson = False) -> None:
    """Take an MBTiles or PMTiles file with vector tiles, or the folder of another desk's pack."""
    with answering(as_json) as answer, Stopping() as stopping:
        from trafficdesk.maps.pack_folder import import_pack_folder
        from trafficdesk.maps.packs import import_pack

        take = import_pack_folder if file.is_dir() else import_pack
        made = take(
            file,
            Profile.from_environment().packs,
            progress=answer.step,
            cancelled=stopping.is_wanted,
        )
        _say_made(answer, made)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the map packs of the profile, and what lies there but cannot be shown."""
    with answering(as_json) as answer:
        from trafficdesk.maps.packs import list_damaged, list_packs

        profile = Profile.from_environment()
        packs = list_packs(*profile.pack_folders)
        damaged = list_damaged(*profile.pack_folders)
        answer.tell(
            packs=[_facts(pack) for pack in packs],
            damaged=[{"path": d.path, "code": d.fault} for d in damaged],
        )
        for pack in packs:
            answer.say(_line(pack))
        for refused in damaged:
            answer.say(sentence(refused.fault, path=refused.path, detail=refused.detail))
        if not packs and not damaged:
            answer.say(f"No map packs in {profile.packs}; the desk shows its built-in map.")
        for pack in packs:
            pack.close()


def _facts(pack: "Pack") -> dict[str, object]:
    facts = pack.facts
    return {
        "name": pack.name,
        "title": facts.title,
        "bounds": list(facts.bounds),
        "min_zoom": facts.min_zoom,
        "max_zoom": facts.max_zoom,
        "attribution": facts.attribution,
        "is_sketch": facts.sketch,
        "roads": _roads(pack),
        "folder": pack.folder,
    }


def _roads(pack: "Pack") -> str:
    """Return whether ways by road can be found in a pack here, and if not why; a key of _ROADS."""
    from trafficdesk.maps.routing.process import has_engine
    from trafficdesk.maps.routing.tiles import RoadsDamagedError, find_tiles, prove_tiles

    try:
        if find_tiles(pack.folder) is None:
            return "none"
        prove_tiles(pack.folder)
    except RoadsDamagedError:
        return "damaged"
    return "ready" if has_engine() else "no_engine"


_ROADS = {
    "ready": ", with routing tiles",
    "none": ", without routing tiles: travel times are estimates",
    "no_engine": ", with routing tiles, but there is no routing engine here: travel times are "
    "estimates",
    "damaged": ", with damaged routing tiles: travel times are estimates; build the map again",
}


def _line(pack: "Pack") -> str:
    facts = pack.facts
    more = (", a sketch" if facts.sketch else "") + _ROADS[_roads(pack)]
    west, south, east, north = facts.bounds
    return (
        f"{pack.name}: zoom {facts.min_zoom} to {facts.max_zoom}, longitude {west:.3f} to "
        f"{east:.3f}, latitude {south:.3f} to {north:.3f}{more}. {facts.attribution}"
    )


def _say_made(answer: Answer, made: "Pack | PackRefused") -> None:
    from trafficdesk.maps.faults import PackFault, PackRefused

    if isinstance(made, PackRefused):
        leave = Exit.CANCELLED if made.fault is PackFault.CANCELLED else Exit.REFUSED
        raise RefusedError(made.fault, leave, path=made.path, detail=made.detail)
    answer.tell(**_facts(made))
    answer.say(_line(made))
    made.close()
