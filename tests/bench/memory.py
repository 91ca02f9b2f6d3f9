"""Memory of the desk with and without its map, children included, against an empty window."""

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Result
from tests.bench.setting import Setting

_NO_DRAGGING = "0"


def run(setting: Setting) -> Result:
    """Weigh an empty window, the desk at its first report, and the desk with the map open."""
    folder = str(setting.session.profile.folder)
    with desk_process("empty") as process:
        process.wait_for("shown")
        empty = process.memory_mib()
    with desk_process("review", folder, "later") as process:
        process.wait_for("unlocked")
        desk = process.memory_mib()
    with desk_process("map", folder, _NO_DRAGGING) as process:
        process.wait_for("map")
        with_map = process.memory_mib()
    named = {"empty": empty, "desk": desk, "desk_with_map": with_map}
    figures: dict[str, object] = {}
    for name, (resident, proportional) in named.items():
        figures[f"{name}_rss_mib"] = round(resident)
        figures[f"{name}_pss_mib"] = round(proportional)
    setting.say(f"{figures}")
    return Result(desk[1] / empty[1], figures)
