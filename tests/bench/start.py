"""From starting the program to a window that can be used, against an empty main window."""

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Pair, Result
from tests.bench.setting import Setting

_TURNS_AT_MOST = 7


def run(setting: Setting) -> Result:
    """Start both in turn; the desk until its unlock screen is painted."""
    folder = str(setting.session.profile.folder)
    pair, unlocked = Pair("start"), Pair("unlock")
    for turn in range(min(setting.repeats, _TURNS_AT_MOST) + 1):
        with desk_process("empty") as empty:
            bare_ms = empty.shown_ms()
        with desk_process("review", folder) as desk:
            desk_ms = desk.shown_ms()
            opened_ms = float(desk.wait_for("unlocked")["ms"])
        if turn:  # the first ones warm the disk's cache
            pair.bare_ms.append(bare_ms)
            pair.desk_ms.append(desk_ms)
            unlocked.desk_ms.append(opened_ms)
            unlocked.bare_ms.append(bare_ms)
        setting.say(f"empty {bare_ms:.0f} ms, desk {desk_ms:.0f} ms, unlocking {opened_ms:.0f} ms")
    figures = pair.summary() | {
        "unlock_to_first_report_ms": unlocked.summary()["desk_ms"],
        "turns": len(pair.desk_ms),
    }
    return Result(pair.ratio, figures)
