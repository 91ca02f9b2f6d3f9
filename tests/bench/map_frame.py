"""A frame of dragging the map with every report in view, against an empty Leaflet map."""

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Pair, Result
from tests.bench.setting import Setting

_TURNS_AT_MOST = 9


def run(setting: Setting) -> Result:
    """Drag both maps in turn in one page of one engine; medians of medians of 80 frames."""
    turns = min(setting.repeats, _TURNS_AT_MOST)
    with desk_process("map", str(setting.session.profile.folder), str(turns)) as desk:
        told = desk.wait_for("frames")
    pair = Pair("drag", told["desk"], told["bare"])
    figures = pair.summary() | {
        "reports_in_view": told["in_view"],
        "zoom": told["zoom"],
        "turns": turns,
    }
    setting.say(f"{figures}")
    return Result(pair.ratio, figures)
