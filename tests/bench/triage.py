"""From the key that approves to the next report painted in full, while others write."""

from tests.bench.desk_process import desk_process
from tests.bench.measuring import Pair, Result, percentile
from tests.bench.setting import Setting

LIMIT_MS = 50.0
_DECISIONS_A_REPEAT = 4


def run(setting: Setting) -> Result:
    """Triage a copy of the desk by keyboard; the ratio is that of the 95th percentile to 50 ms."""
    count = setting.repeats * _DECISIONS_A_REPEAT
    with desk_process("triage", str(setting.session.profile.folder), str(count)) as desk:
        told = desk.wait_for("triaged")
    pair = Pair("approve", told["key_ms"], told["paint_ms"])
    p95 = percentile(pair.desk_ms, 0.95)
    figures = {
        "p50_ms": round(percentile(pair.desk_ms, 0.5), 1),
        "p95_ms": round(p95, 1),
        "max_ms": round(max(pair.desk_ms), 1),
        "limit_ms": LIMIT_MS,
        "repaint_alone_ms": pair.summary()["bare_ms"],
        "decisions": len(pair.desk_ms),
    }
    setting.say(f"{figures}")
    return Result(p95 / LIMIT_MS, figures)
