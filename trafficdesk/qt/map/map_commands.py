"""The commands of the map workspace and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.commands import Command
from trafficdesk.qt.map.tools import DRAW, MEASURE

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.qt.map.workspace import MapWorkspace

CONTEXT = "map"


def _say(source: str) -> str:
    return QCoreApplication.translate("MapCommands", source)


def map_commands(map_: MapWorkspace) -> list[Command]:
    """Return every command of the map."""
    return [*_looking(map_), *_time(map_), *_choosing(map_), *_tools(map_)]


def _command(
    id_: str, title: str, act: Callable[[], object], *keys: str, icon: str = ""
) -> Command:
    """Return a command that can always be done; one without an icon repeats while held."""
    return Command(
        f"map.{id_}", title, _say("Map"), act, keys, CONTEXT, icon=icon, repeats=not icon
    )


def _looking(map_: MapWorkspace) -> list[Command]:
    view = map_.view
    return [
        _command("zoom_in", _say("Zoom in"), lambda: view.run("zoomBy", 1), "+", "="),
        _command("zoom_out", _say("Zoom out"), lambda: view.run("zoomBy", -1), "-"),
        _command("fit", _say("Whole city"), map_.fit, "0", icon="maximize"),
        _command("find", _say("Find a place"), map_.focus_find, "F", icon="search"),
        _command("layers", _say("Layers"), map_.layers.focus_first, "L", icon="layers"),
        _command(
            "hotspots",
            _say("Hotspots on or off"),
            lambda: map_.layers.toggle("hotspots"),
            "H",
            icon="target",
        ),
        _command(
            "heat",
            _say("Heat on or off"),
            lambda: map_.layers.toggle("heat"),
            "Shift+H",
            icon="flame",
        ),
        _command(
            "types", _say("Violations shown"), map_.layers.types.open_menu, "V", icon="funnel"
        ),
        _command("legend", _say("Legend on or off"), map_.toggle_legend, "Shift+L", icon="list"),
    ]


def _time(map_: MapWorkspace) -> list[Command]:
    time = map_.time
    return [
        _command("earlier", _say("Days earlier"), lambda: time.shift(-1), ","),
        _command("later", _say("Days later"), lambda: time.shift(1), "."),
        # The signs that Shift makes of these keys; a keyboard without them has the menu of keys.
        _command("shorter", _say("Fewer days"), lambda: time.stretch(-1), "<", "Shift+,"),
        _command("longer", _say("More days"), lambda: time.stretch(1), ">", "Shift+."),
        _command("play", _say("Play the days"), map_.space, "Space", icon="play"),
    ]


def _choosing(map_: MapWorkspace) -> list[Command]:
    selection = map_.selection
    return [
        _command("previous", _say("Previous report"), lambda: selection.step(-1), "["),
        _command("next", _say("Next report"), lambda: selection.step(1), "]"),
        Command(
            "map.open",
            _say("Open the report in Review"),
            _say("Map"),
            map_.open_chosen,
            ("O",),
            CONTEXT,
            refusal=lambda: "" if map_.can_open() else _say("Choose a report first"),
            icon="external-link",
        ),
        _command("finish", _say("Finish what is drawn"), map_.finish, "Return", icon="check"),
        _command("close", _say("Close the top thing"), map_.close_top, "Esc", icon="x"),
    ]


def _tools(map_: MapWorkspace) -> list[Command]:
    drawing = map_.drawing
    return [
        _command("measure", _say("Measure"), lambda: drawing.toggle(MEASURE), "R", icon="ruler"),
        Command(
            "map.draw",
            _say("Draw an area"),
            _say("Map"),
            lambda: drawing.toggle(DRAW),
            ("P",),
            CONTEXT,
            refusal=drawing.draw_refusal,
            icon="pentagon",
        ),
        Command(
            "map.undo_point",
            _say("Take the last point back"),
            _say("Map"),
            drawing.undo_point,
            ("Backspace",),
            CONTEXT,
            refusal=lambda: "" if drawing.tool else _say("No tool is in hand"),
            icon="undo-2",
        ),
        Command(
            "map.export",
            _say("Export the map"),
            _say("Map"),
            map_.exporter.open_menu,
            ("Ctrl+E",),
            CONTEXT,
            refusal=map_.exporter.refusal,
            icon="file-down",
        ),
    ]
