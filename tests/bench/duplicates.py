"""What may be the same event as one report, among all: found and scored, against the bare tree."""

from collections.abc import Iterable, Sequence
from functools import partial
from random import Random
from statistics import median

from tests.bench.bare import Statement
from tests.bench.measuring import Pair, Result, percentile, timed_ms
from tests.bench.setting import Setting
from trafficdesk.domain.duplicates import SAME_EVENT_GAP_MS, SAME_EVENT_RADIUS_M, Told, look_at
from trafficdesk.domain.records import Media, Report
from trafficdesk.domain.same_event import Candidate, find_candidates
from trafficdesk.domain.times import to_ms
from trafficdesk.services.same_event import MayBeSame, find_same, told_by
from trafficdesk.store import media, nearby, reports

REPORTS_PER_REPEAT = 32


def _draw(setting: Setting) -> list[int]:
    """Return the numbers of reports, the same every time."""
    with setting.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT pk FROM reports WHERE deleted_ms IS NULL").all()
    wanted = min(len(rows), setting.repeats * REPORTS_PER_REPEAT)
    return Random(7).sample([row[0] for row in rows], wanted)  # noqa: S311 - the same every time


def _find(setting: Setting, report: Report, photos: Iterable[Media]) -> tuple[MayBeSame, ...]:
    with setting.session.store.reading() as connection:
        return find_same(connection, report, tuple(photos))


def _statements(report: Report) -> list[Statement]:
    around = nearby.Around(
        report.place, to_ms(report.occurred_at), SAME_EVENT_RADIUS_M, SAME_EVENT_GAP_MS
    )
    return [(nearby.STATEMENT, values) for values in nearby.statement_values(around)]


def _crowds_ms(drawn: Sequence[tuple[Report, tuple[Media, ...]]]) -> list[float]:
    """Return how long it takes to score crowds: different vehicles, all at one place and time."""
    told = [told_by(*each) for each in drawn]
    there = [each._replace(place=told[0].place, at_ms=told[0].at_ms) for each in told]
    crowds = [there[at : at + nearby.MOST + 1] for at in range(0, len(there), nearby.MOST + 1)]
    return [timed_ms(partial(_score, crowd)) for crowd in crowds]


def _score(crowd: Sequence[Told]) -> list[Candidate]:
    return find_candidates(look_at(crowd[0]), [look_at(each) for each in crowd[1:]])


def run(setting: Setting) -> Result:
    """Compare one report after the other; what is compared with the tree is scored besides."""
    pair, found = Pair("one report"), list[int]()
    with setting.session.store.reading() as connection:
        drawn = [
            (reports.get(connection, pk), tuple(media.find_of_report(connection, pk)))
            for pk in _draw(setting)
        ]
    for number, (report, photos) in enumerate(drawn):
        if not number:  # what is only paid once
            _find(setting, report, photos)
            setting.bare.read(_statements(report))
        pair.desk_ms.append(timed_ms(partial(_find, setting, report, photos)))
        answer = setting.bare.read(_statements(report))
        pair.bare_ms.append(answer.ms)
        found.append(answer.rows)
    figures = pair.summary() | {
        "desk_p99_ms": round(percentile(pair.desk_ms, 0.99), 3),
        "desk_max_ms": round(max(pair.desk_ms), 3),
        "bare_p99_ms": round(percentile(pair.bare_ms, 0.99), 3),
        "in_the_box": median(found),
        "in_the_box_at_most": max(found),
        "reports": len(drawn),
        "crowd_max_ms": round(max(_crowds_ms(drawn)), 3),
    }
    setting.say(f"{figures}")
    return Result(pair.ratio, figures)
