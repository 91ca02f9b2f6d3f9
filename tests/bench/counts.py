"""The numbers beside every queue and violation type, as the side bar asks for them."""

from collections.abc import Callable
from functools import partial

from tests.bench.bare import Statement
from tests.bench.measuring import Pair, Result, in_turn, worst
from tests.bench.setting import Setting
from trafficdesk.domain.queues import QueueName, ReportFilter, queue_filter
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services import board
from trafficdesk.store import tallies

_PENDING = ReportFilter(statuses=frozenset({ReportStatus.PENDING}))
_LIVE = "SELECT status, count(*) FROM reports WHERE deleted_ms IS NULL GROUP BY status"


def _pair(
    setting: Setting, name: str, desk: Callable[[], object], statements: list[Statement]
) -> Pair:
    return in_turn(name, desk, lambda: setting.bare.read(statements).ms, setting.repeats)


def run(setting: Setting) -> Result:
    """Compare counting with the same statements on the bare engine, and with counting rows."""
    session = setting.session
    queues = [tallies.count_statement(queue_filter(name, session.officer.id)) for name in QueueName]
    pairs = [
        _pair(setting, "every queue", partial(board.count_queues, session), queues),
        _pair(
            setting,
            "violations of the pending",
            partial(board.count_violations, session, _PENDING),
            [tallies.count_by_statement("violation", _PENDING)],
        ),
    ]
    for pair in pairs:
        setting.say(f"{pair.summary()}")
    found = worst(pairs)
    rows_ms = setting.bare.read([(_LIVE, ())]).ms
    return Result(found.ratio, {**found.figures, "bare_counting_rows_ms": round(rows_ms, 1)})
