"""A page of fifty, filtered and sorted: first, next, deep and last, through the service."""

from collections.abc import Iterator
from functools import partial

from tests.bench.measuring import Pair, Result, in_turn, worst
from tests.bench.setting import Setting, statements_of
from trafficdesk.domain.queues import QueueName, ReportFilter, Sort, queue_filter, sort_key
from trafficdesk.domain.vocabulary import Severity, Violation
from trafficdesk.services import board
from trafficdesk.store.queues import PageRequest

_PAGE = 50


def _filters(setting: Setting) -> dict[str, ReportFilter]:
    mine = setting.session.officer.id
    queues = {str(name): queue_filter(name, mine) for name in QueueName}
    return {
        **queues,
        "no_helmet": ReportFilter(violations=frozenset({Violation.NO_HELMET})),
        "critical": ReportFilter(severities=frozenset({Severity.CRITICAL})),
    }


def _positions(setting: Setting, first: PageRequest) -> Iterator[tuple[str, PageRequest]]:
    """Yield the first page, the one in the middle and the last of a list."""
    yield "first", first
    total = board.count(setting.session, first.filter)
    if total > 2 * _PAGE:
        (row,) = board.find_page(setting.session, first._replace(skip=total // 2, limit=1))
        yield "deep", first._replace(after=sort_key(row, first.sort))
        yield "last", first._replace(backwards=True)


def run(setting: Setting) -> Result:
    """Compare each list, order and position with the same statement on the bare engine."""
    pairs, short = list[Pair](), list[dict[str, object]]()
    for pair, is_full in _pairs(setting):
        if is_full:
            pairs.append(pair)
        else:
            short.append(pair.summary())
    found = worst(pairs)
    return Result(found.ratio, {**found.figures, "lists_shorter_than_a_page": short})


def _pairs(setting: Setting) -> Iterator[tuple[Pair, bool]]:
    for name, wanted in _filters(setting).items():
        for sort in Sort:
            first = PageRequest(wanted, sort, limit=_PAGE)
            for position, request in _positions(setting, first):
                statements = statements_of(setting.session, request)
                pair = in_turn(
                    f"{name} {sort} {position}",
                    partial(board.find_page, setting.session, request),
                    lambda statements=statements: setting.bare.read(statements).ms,  # type: ignore[misc]
                    setting.repeats,
                )
                setting.say(f"{pair.summary()}")
                yield pair, len(board.find_page(setting.session, request)) == _PAGE
