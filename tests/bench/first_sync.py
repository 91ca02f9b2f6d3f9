"""A new desk fetches every report from its server, against a session changeset of the same."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from unittest.mock import patch

from tests.bench.agency import Say, filled_agency
from tests.bench.bare import find_plain_copy
from tests.bench.measuring import Result
from tests.bench.processor import Meter
from tests.bench.profiles import find_profile, signed_in
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import QueueName, queue_filter
from trafficdesk.services import board, review
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.upkeep import check
from trafficdesk.sync import line

_REST_S = 0.05


@contextmanager
def counted_bytes() -> Iterator[list[int]]:
    """Give the sizes of the packed bodies that arrive within the block."""
    sizes, unpack = list[int](), line._unpack

    def note(packed: bytes) -> bytes:
        sizes.append(len(packed))
        return unpack(packed)

    with patch.object(line, "_unpack", note):
        yield sizes


class Officer:
    """Somebody who decides while the desk fetches; how long each decision took is kept."""

    def __init__(self, desk: SyncedDesk) -> None:
        self.waits_s: list[float] = []
        self._desk, self._ending = desk, threading.Event()
        self._thread = threading.Thread(target=self._decide, name="officer")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _decide(self) -> None:
        session = self._desk.session
        wanted = queue_filter(QueueName.UNASSIGNED, session.officer.id)
        while not self._ending.wait(_REST_S):
            rows = board.find_page(session, PageRequest(wanted, limit=1))
            if rows:
                started = time.perf_counter()
                target = review.Target(rows[0].pk, rows[0].revision)
                review.take_step(session, (target,), review.Step(Move.APPROVE))
                self.waits_s.append(time.perf_counter() - started)


def _baseline(rows: int, say: Say) -> dict[str, Any]:
    with signed_in(find_profile(rows, say)) as session:
        plain = find_plain_copy(session)
    with TemporaryDirectory(prefix="trafficdesk-bench-") as folder:
        return ask_child(
            "session_child.py", {"do": "first_sync", "folder": folder, "plain": str(plain)}
        )


def ask_child(name: str, asked: dict[str, object]) -> dict[str, Any]:
    """Ask a peer in a process of its own one thing."""
    child = Path(__file__).with_name(name)
    done = subprocess.run(
        [sys.executable, "-I", str(child)],
        input=json.dumps(asked) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def run(rows: int, _repeats: int, say: Say) -> Result:
    """Fetch all on an empty desk, once while nobody works and once while an officer decides."""
    baseline = _baseline(rows, say)
    with filled_agency(rows, say) as agency:
        quiet = agency.join()
        with counted_bytes() as sizes:
            meter, started = Meter(agency.server_pid), time.perf_counter()
            quiet.sync()
            desk_s, taken = time.perf_counter() - started, meter.taken()
        broken = [found for found in check(quiet.session.store) if not found.ok]
        quiet.close()
        busy = agency.join()
        with Officer(busy) as officer:
            busy.sync()
        busy.close()
    waits = sorted(officer.waits_s) or [0.0]
    figures = {
        "desk_s": round(desk_s, 2),
        **taken,
        "bytes": sum(sizes),
        "session": {name: round(value, 2) for name, value in baseline.items()},
        "ratio_of_processor": round(taken["desk_cpu_s"] / baseline["every_index_cpu_s"], 2),
        "ratio_without_spatial_index": round(desk_s / baseline["indexes_text_tree_s"], 2),
        "ratio_to_indexes_alone": round(desk_s / baseline["indexes_s"], 2),
        "ratio_of_bytes": round(sum(sizes) / baseline["bytes"], 2),
        "decisions_meanwhile": len(officer.waits_s),
        "decision_worst_s": round(waits[-1], 3),
        "decision_median_s": round(waits[len(waits) // 2], 3),
        "faults": len(broken),
    }
    say(f"{figures}")
    return Result(desk_s / baseline["every_index_s"], figures)
