"""A page of what was typed into the search field, from rare words to very common ones."""

from collections.abc import Iterator
from functools import partial

from tests.bench.measuring import Pair, Result, in_turn, worst
from tests.bench.setting import Setting, statements_of
from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.queues import ReportFilter, Sort
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services import board
from trafficdesk.store.queues import PageRequest

_PENDING = frozenset({ReportStatus.PENDING})


def _filters(setting: Setting) -> dict[str, ReportFilter]:
    (row,) = board.find_page(setting.session, PageRequest(ReportFilter(plate="TN37"), limit=1))
    return {
        "plate": ReportFilter(text=format_plate(row.plate)),
        "reference": ReportFilter(text=row.reference),
        "rare words": ReportFilter(text="yellow bus Sathy"),
        "half a word, pending": ReportFilter(text="helm", statuses=_PENDING),
        "common words": ReportFilter(text="red signal"),
        "very common word": ReportFilter(text="road"),
        "plate field": ReportFilter(plate=row.plate[:6]),
    }


def run(setting: Setting) -> Result:
    """Compare each search with the same statement on the bare engine."""
    return worst(_pairs(setting))


def _pairs(setting: Setting) -> Iterator[Pair]:
    for name, wanted in _filters(setting).items():
        request = PageRequest(wanted, Sort.NEWEST)
        statements = statements_of(setting.session, request)
        pair = in_turn(
            name,
            partial(board.find_page, setting.session, request),
            lambda statements=statements: setting.bare.read(statements).ms,  # type: ignore[misc]
            setting.repeats,
        )
        setting.say(f"{pair.summary()}")
        yield pair
