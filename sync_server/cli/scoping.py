"""The commands that list desks, and move one to other stations, cities or another window."""

from dataclasses import asdict
from typing import Annotated

import typer

from sync_server.cli.answers import answering
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson

Stations = Annotated[
    list[str] | None,
    typer.Option("--station", help="CITY/STATION it sees, the first is its own; may be repeated."),
]


def device_scope(
    device: Annotated[str, typer.Argument(help="The desk's id, or CITY/CODE such as CBE/D3.")],
    station: Stations = None,
    city: Annotated[
        list[str] | None,
        typer.Option("--city", help="CITY it sees whole, instead of stations; may be repeated."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=0, max=3660, help="Its window; 0 leaves it.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Say what a desk may see from now on; it notices at its next contact."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import scoping

        move = scoping.Move(device=device, stations=station or [], cities=city or [], days=days)
        done = scoping.move_desk(server, move)
        answer.tell(id=done.device_id, city_ids=done.city_ids, station_ids=done.station_ids)
        seen = len(done.station_ids) or "all"
        answer.say(f"The desk sees {seen} stations of {len(done.city_ids)} cities.")


def desks(as_json: AsJson = False) -> None:
    """List the desks: code, station, when it called, how far behind it is, program and id."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import scoping

        found = scoping.list_desks(server)
        answer.tell(desks=[asdict(desk) for desk in found])
        for desk in found:
            seen = f"{desk.seen_at:%Y-%m-%d %H:%M} UTC" if desk.seen_at else "never"
            stands = "revoked" if desk.is_revoked else f"called {seen}, {desk.behind} behind"
            answer.say(f"{desk.code:<10} {desk.station}; {stands}; {desk.program}; {desk.id}")
        if not found:
            answer.say("No desk was enrolled yet: sync-server enrol-token makes what enrols one.")
