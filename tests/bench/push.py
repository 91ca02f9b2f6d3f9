"""Work of days without a line is sent, judged, settled and heard of again."""

import time
from tempfile import TemporaryDirectory
from typing import Any

from sync_server.db.engine import Crossing
from tests.bench.agency import Agency, Say, filled_agency
from tests.bench.bare import find_plain_copy
from tests.bench.first_sync import ask_child, counted_bytes
from tests.bench.measuring import Result
from tests.bench.processor import Meter
from tests.bench.profiles import find_profile, signed_in
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import count_results
from trafficdesk.domain.lifecycle import Move
from trafficdesk.services import review
from trafficdesk.store.upkeep import check

_A_TIME = 200
_WAITING = (
    "UPDATE reports SET status = 'pending', reviewer_id = NULL, assignee_id = NULL, "
    "lease_until_ms = NULL, rejection_reason = NULL, duplicate_of = NULL, decision_note = ''"
)


def wait_for_all(agency: Agency) -> None:
    """Let every report wait for a decision."""
    with agency.world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(_WAITING)


def approve_all(desk: SyncedDesk) -> int:
    """Approve every report here without a line; return how many."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT pk, revision FROM reports ORDER BY pk").all()
    targets = [review.Target(pk, revision) for pk, revision in rows]
    for first in range(0, len(targets), _A_TIME):
        part = tuple(targets[first : first + _A_TIME])
        outcome = review.take_step(desk.session, part, review.Step(Move.APPROVE))
        if not outcome.is_done:
            raise AssertionError(outcome)
    return len(targets)


def baselines(rows: int, what: tuple[str, ...], say: Say) -> dict[str, dict[str, Any]]:
    """Ask the peers for the same edits of as many reports."""
    with signed_in(find_profile(rows, say)) as session:
        plain = str(find_plain_copy(session))
    found = {}
    for name in what:
        child, _, do = name.partition(":")
        with TemporaryDirectory(prefix="trafficdesk-bench-") as folder:
            asked = {"do": do, "folder": folder, "plain": plain, "count": rows}
            found[child] = ask_child(f"{child}_child.py", asked)
    return found


def run(rows: int, _repeats: int, say: Say) -> Result:
    """Approve every report of a desk offline, then time the exchange that settles all of it."""
    peers = baselines(rows, ("session:edits", "geodiff:edits"), say)
    with filled_agency(rows, say) as agency:
        wait_for_all(agency)
        desk = agency.join()
        desk.sync()
        edits = approve_all(desk)
        with counted_bytes() as sizes:
            meter, started = Meter(agency.server_pid), time.perf_counter()
            desk.sync()
            took_s, taken = time.perf_counter() - started, meter.taken()
        left, results = sum(desk.counts()), count_results(agency.world)
        broken = [found for found in check(desk.session.store) if not found.ok]
        desk.close()
    figures = {
        "edits": edits,
        "s": round(took_s, 2),
        "edits_per_s": round(edits / took_s),
        **taken,
        "cpu_ratio_to_session": round(sum(taken.values()) / peers["session"]["cpu_s"], 2),
        "cpu_ratio_to_geodiff": round(sum(taken.values()) / peers["geodiff"]["cpu_s"], 2),
        "bytes_back": sum(sizes),
        "ratio_to_geodiff": round(took_s / peers["geodiff"]["s"], 2),
        "peers": peers,
        "results": results,
        "unsettled": left,
        "faults": len(broken),
    }
    say(f"{figures}")
    return Result(took_s / peers["session"]["s"], figures)
