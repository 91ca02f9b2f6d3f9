"""One decision committed: the service against the same statements on the bare engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from sqlalchemy import event

from tests.bench.bare import Statement
from tests.bench.measuring import Pair, Result, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import QueueName, queue_filter
from trafficdesk.services import board, review
from trafficdesk.store.engine import Store
from trafficdesk.store.queues import PageRequest

_DECISIONS_A_REPEAT = 5


@contextmanager
def _recorded(store: Store) -> Iterator[list[Statement]]:
    """Collect what the writer runs, so that the bare engine can run the same."""
    found: list[Statement] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy hands over what it has
        _, _, sql, values, _, many = given
        if not sql.startswith("BEGIN"):
            found.extend((sql, tuple(one)) for one in (values if many else [values]))

    writer = store._writer
    event.listen(writer, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(writer, "before_cursor_execute", note)


def run(setting: Setting) -> Result:
    """Approve pending reports one by one; each goes to both sides before the next."""
    session = setting.session
    wanted = queue_filter(QueueName.UNASSIGNED, session.officer.id)
    decisions = setting.repeats * _DECISIONS_A_REPEAT
    rows = board.find_page(session, PageRequest(wanted, limit=decisions + 1))
    pair, statements = Pair("approve"), 0
    with _recorded(session.store) as ran:
        for number, row in enumerate(rows):
            ran.clear()
            target = review.Target(row.pk, row.revision)
            desk_ms = timed_ms(
                lambda target=target: review.take_step(session, [target], review.Step(Move.APPROVE))  # type: ignore[misc]
            )
            bare_ms = setting.bare.write(ran)
            if number:  # the first one warms both sides
                pair.desk_ms.append(desk_ms)
                pair.bare_ms.append(bare_ms)
            statements = len(ran)
    setting.say(f"{pair.summary()}")
    return Result(
        pair.ratio,
        {
            **pair.summary(),
            "decisions": len(pair.desk_ms),
            "statements": statements,
            "desk_decisions_per_s": round(1000 / median(pair.desk_ms), 1),
        },
    )
