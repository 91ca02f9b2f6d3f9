"""Records edited at two desks without a line: the second to send has all of them merged."""

import time

from tests.bench.agency import Say, filled_agency
from tests.bench.measuring import Result
from tests.bench.push import baselines, wait_for_all
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import count_results
from trafficdesk.services import conflicts, review

_MOST = 1_000


def _correct_all(desk: SyncedDesk, **values: object) -> int:
    """Correct every report of a desk in the same way; return how many."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT pk, revision FROM reports ORDER BY pk").all()
    for pk, revision in rows:
        outcome = review.correct(desk.session, review.Target(pk, revision), values)
        if not outcome.is_done:
            raise AssertionError(outcome)
    return len(rows)


def run(rows: int, _repeats: int, say: Say) -> Result:
    """Edit up to 1,000 records on both sides, then time the exchange of the later side."""
    rows = min(rows, _MOST)
    peers = baselines(rows, ("geodiff:merge",), say)
    with filled_agency(rows, say) as agency:
        wait_for_all(agency)
        first, second = agency.join(), agency.join()
        first.sync()
        second.sync()
        _correct_all(first, severity=4, address="North Street")
        edits = _correct_all(second, severity=3, plate="TN38BB0001")
        first.sync()
        started, began = time.perf_counter(), time.process_time()
        second.sync()
        took_s, cpu_s = time.perf_counter() - started, time.process_time() - began
        first.sync()
        results, found = count_results(agency.world), len(conflicts.find_open(first.session))
        both = _rows(first) == _rows(second)
        first.close()
        second.close()
    figures = {
        "edits": edits,
        "s": round(took_s, 2),
        "desk_cpu_s": round(cpu_s, 2),
        "edits_per_s": round(edits / took_s),
        "peers": peers,
        "results": results,
        "conflicts": found,
        "both_desks_agree": both,
    }
    say(f"{figures}")
    return Result(took_s / peers["geodiff"]["s"], figures)


def _rows(desk: SyncedDesk) -> list[tuple[object, ...]]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, version, severity, plate, address FROM reports ORDER BY id"
        )
        return [tuple(row) for row in rows]
