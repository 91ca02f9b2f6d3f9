"""How long analytics keeps the GUI thread from a key, at most, while its pages are opened."""

from statistics import median

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Result
from tests.bench.setting import Setting

LIMIT_MS = 50.0
_TURNS_AT_MOST = 5
_IDLE = ("idle", "idle again")


def run(setting: Setting) -> Result:
    """Open analytics in desks that never did; the ratio is that of the longest wait to 50 ms.

    Beside the waits stands how long the GUI thread worked at once, and the longest wait of an idle
    window, which is what the load of the machine makes of nothing.
    """
    turns = min(setting.repeats, _TURNS_AT_MOST)
    waits, owns = dict[str, list[float]](), dict[str, list[float]]()
    for _ in range(turns):
        folder = str(setting.session.profile.folder)
        with desk_process("analytics", folder, str(turns)) as desk:
            found = desk.wait_for("watched")["found"]
        for name, (wait, own) in found.items():
            waits.setdefault(name, []).append(wait)
            owns.setdefault(name, []).append(own)
        setting.say(f"{found}")
    idle = [max(each) for each in zip(*(waits.pop(name) for name in _IDLE), strict=True)]
    longest = [max(each) for each in zip(*waits.values(), strict=True)]
    figures: dict[str, object] = {
        "longest_ms": longest,
        "idle_ms": idle,
        "limit_ms": LIMIT_MS,
        "each_ms": {name: median(each) for name, each in waits.items()},
        "each_own_ms": {name: median(owns[name]) for name in waits},
    }
    return Result(median(longest) / LIMIT_MS, figures)
