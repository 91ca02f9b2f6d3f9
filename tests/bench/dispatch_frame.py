"""A frame of dragging the map of dispatch with a thousand units that move, against no units."""

from statistics import fmean, median

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Result, percentile
from tests.bench.setting import Setting

_UNITS = 1_000
_UNITS_A_ROW = 100  # a small desk has fewer


def run(setting: Setting) -> Result:
    """Let units move once a second while 30 frames a second are drawn; each bears its share.

    The ratio is of the means: what the moves take the GUI thread is in it.
    """
    units = min(_UNITS, setting.rows // _UNITS_A_ROW * 10)
    with desk_process("dispatch", str(setting.session.profile.folder), str(units)) as desk:
        told = desk.wait_for("frames")
    frames, bare = told["desk"], told["bare"]
    figures: dict[str, object] = {
        "units": told["units"],
        "zoom": told["zoom"],
        "frame_ms": round(fmean(frames), 2),
        "frame_p50_ms": round(median(frames), 2),
        "frame_p95_ms": round(percentile(frames, 0.95), 2),
        "frame_worst_ms": round(max(frames), 2),
        "move_p50_ms": round(median(told["moves"]), 2),
        "empty_ms": round(fmean(bare), 2),
        "empty_p50_ms": round(median(bare), 2),
        "empty_p95_ms": round(percentile(bare, 0.95), 2),
    }
    setting.say(f"{figures}")
    return Result(fmean(frames) / fmean(bare), figures)
