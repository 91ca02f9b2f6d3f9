"""One decision committed: the service against the same statements on the bare engine."""

from statistics import median

from tests.bench.measuring import Pair, Result, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import QueueName, queue_filter
from trafficdesk.services import board, review
from trafficdesk.store.queues import PageRequest

_DECISIONS_A_REPEAT = 5


def run(setting: Setting) -> Result:
    """Approve pending reports one by one; each goes to both sides before the next."""
    session, ran = setting.session, setting.ran
    wanted = queue_filter(QueueName.UNASSIGNED, session.officer.id)
    decisions = setting.repeats * _DECISIONS_A_REPEAT
    rows = board.find_page(session, PageRequest(wanted, limit=decisions + 1))
    pair, step = Pair("approve"), review.Step(Move.APPROVE)
    for number, row in enumerate(rows):
        target = review.Target(row.pk, row.revision)
        ran.clear()
        desk_ms = timed_ms(lambda target=target: review.take_step(session, [target], step))  # type: ignore[misc]
        bare_ms = setting.bare.write(ran)
        if number:  # the first one warms both sides
            pair.desk_ms.append(desk_ms)
            pair.bare_ms.append(bare_ms)
    setting.say(f"{pair.summary()}")
    return Result(
        pair.ratio,
        {
            **pair.summary(),
            "decisions": len(pair.desk_ms),
            "statements": len(ran),
            "desk_decisions_per_s": round(1000 / median(pair.desk_ms), 1),
        },
    )
