"""From starting the program to a window that can be used, against an empty main window."""

from statistics import median

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Pair, Result
from tests.bench.setting import Setting

_TURNS_AT_MOST = 14


def run(setting: Setting) -> Result:
    """Start both in turn; the desk until its unlock screen is painted, then to its first report.

    Every other time the password comes at once; else when everything behind the screen is loaded,
    as it is behind somebody who types.
    """
    folder = str(setting.session.profile.folder)
    pair = Pair("start")
    unlocking: dict[str, list[float]] = {"at_once": [], "later": []}
    reported: list[float] = []
    supplied: list[float] = []
    for turn in range(max(2, min(setting.repeats, _TURNS_AT_MOST)) + 1):
        with desk_process("empty") as empty:
            bare_ms = empty.shown_ms()
        typing = "later" if turn % 2 else "at_once"
        with desk_process("review", folder, typing) as desk:
            desk_ms = desk.shown_ms()
            if typing == "later":
                supplied.append(desk.ms_until(desk.wait_for("supplied")) - desk_ms)
            unlocked = desk.wait_for("unlocked")
            total_ms = desk.ms_until(unlocked)
        setting.say(f"empty {bare_ms:.0f}, desk {desk_ms:.0f}, report {total_ms:.0f} ms ({typing})")
        if not turn:  # the first ones warm the disk's cache
            continue
        pair.bare_ms.append(bare_ms)
        pair.desk_ms.append(desk_ms)
        unlocking[typing].append(float(unlocked["ms"]))
        if typing == "at_once":
            reported.append(total_ms)
    figures = pair.summary() | {
        "loaded_behind_it_ms": round(median(supplied), 1),
        "unlock_to_first_report_ms": round(median(unlocking["later"]), 1),
        "unlock_at_once_ms": round(median(unlocking["at_once"]), 1),
        "start_to_first_report_at_once_ms": round(median(reported), 1),
        "turns": len(pair.desk_ms),
    }
    return Result(pair.ratio, figures)
