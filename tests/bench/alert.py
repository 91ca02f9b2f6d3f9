"""From an incident's commit to its alert, painted in the window of a real desk elsewhere."""

import os
import time

from tests.bench.agency import Say, filled_agency
from tests.bench.desk_process import desk_process
from tests.bench.measuring import Result, percentile
from tests.server.live_rooms.listening import Dispatcher
from trafficdesk.domain.times import to_ms, utc_now

_AIM_S = 1.0
_ROWS_A_TURN = 200
_REST_S = 1.2  # the hint of one incident has left before the next


def run(rows: int, repeats: int, say: Say) -> Result:
    """File critical incidents one by one, each acknowledged before the next; ratio to the aim.

    Counted from the server's answer to the push, which comes right after the commit.
    """
    painted, turns = list[float](), max(2, min(repeats, rows // _ROWS_A_TURN))
    with filled_agency(0, say) as agency:
        desk = agency.join()
        folder = desk.session.profile.folder
        desk.close()
        writer = Dispatcher.at(agency.world)
        figures: dict[str, object] = {"load": round(os.getloadavg()[0], 1), "turns": turns}
        with desk_process("alert", str(folder)) as window:
            window.wait_for("listening")
            for _ in range(turns):
                incident_id = writer.file_incident(vehicle_count=8)
                committed_ns = time.monotonic_ns()
                told = window.wait_for("painted")
                if told["id"] != str(incident_id):
                    raise AssertionError("another alert was painted")
                painted.append(max(0, int(told["at_ns"]) - committed_ns) / 1e9)
                at = (None, to_ms(utc_now()))
                writer.change(("incident", incident_id), "acknowledge", acknowledged_ms=at)
                window.wait_for("gone")
                time.sleep(_REST_S)
        figures["load_after"] = round(os.getloadavg()[0], 1)
    figures |= {
        "answer_to_painted_p50_s": round(percentile(painted, 0.5), 3),
        "answer_to_painted_p95_s": round(percentile(painted, 0.95), 3),
        "answer_to_painted_last_s": round(max(painted), 3),
    }
    say(f"{figures}")
    return Result(max(percentile(painted, 0.95), 1e-3) / _AIM_S, figures)
