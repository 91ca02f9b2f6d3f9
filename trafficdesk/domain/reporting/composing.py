"""Making the document: the facts about itself that every report states, and its sections."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.compared import is_running
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.reporting.answers import Answers
from trafficdesk.domain.reporting.asked import Asked
from trafficdesk.domain.reporting.catalogue import Template
from trafficdesk.domain.reporting.document import Document
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.reporting.sections import Gathering, period_words
from trafficdesk.domain.shifts import span_of

_FRESH_MS: Final = 300_000


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of itself; moments are epoch milliseconds.

    ``place``: the city, station, ward or officer. ``as_of_ms``: when the data was last known to
    be complete; None if that is not known. ``source``: where it is from, such as a desk's code.
    """

    city: str
    place: str
    source: str
    made_ms: int
    made_by: str
    as_of_ms: int | None
    is_masked: bool
    zone: str


def compose(
    template: Template, asked: Asked, answers: Answers, show: Show, about: About
) -> Document:
    """Return the whole report."""
    now = Calendar(show.offset_ms).day_time(about.made_ms)
    doing = Gathering(asked.scope, asked.shift, now, answers, show)
    place = about.place if about.place == about.city else f"{about.place}, {about.city}"
    when = _when(template, doing)
    return Document(
        template.id,
        doing.say(template.title),
        f"{place} · {when}",
        ((doing.say("Of"), place), *_facts(template, doing, about, when)),
        template.fill(doing),
        about.is_masked,
        show.offset_ms,
        show.currency,
        show.words.language,
    )


def _when(template: Template, doing: Gathering) -> str:
    """Return the period's name, or from when to when a shift goes."""
    show = doing.show
    if not template.is_of_a_shift or doing.shift is None:
        return period_words(show, doing.scope.period)
    span = span_of(Calendar(show.offset_ms), doing.shift)
    told = doing.say("{begin} to {end}")
    return told.format(begin=show.moment(span.begin_ms), end=show.moment(span.end_ms))


def _facts(
    template: Template, doing: Gathering, about: About, when: str
) -> Iterator[tuple[str, str]]:
    say, show, period = doing.say, doing.show, doing.scope.period
    if template.is_of_a_shift:
        yield say("Shift"), when
    else:
        is_over = period.past_day <= doing.today
        told = say("{period} ({days})") if is_over else say("{period} ({days}, not over yet)")
        days = say("1 day") if period.days == 1 else say("{n} days").format(n=period.days)
        yield say("Period"), told.format(period=when, days=days)
    if template.is_compared:
        before = period_words(show, doing.before)
        same = say("{period}: as much of it as there has been of this one").format(period=before)
        yield say("Compared with"), same if is_running(period, doing.today) else before
    yield say("Data"), _age(doing, about)
    made = f"{show.moment(about.made_ms)} · {about.made_by} · {about.source}"
    yield say("Made"), made
    yield say("Times"), say("standard time of {zone}").format(zone=about.zone)
    yield say("Personal data"), _masking(template, doing, is_masked=about.is_masked)


def _age(doing: Gathering, about: About) -> str:
    if about.as_of_ms is None:
        return doing.say("this desk was never in step with its server: much may be missing")
    told = doing.say("as of {moment}")
    old_ms = max(0, about.made_ms - about.as_of_ms)
    since = doing.say(", {age} before this report was made")
    behind = since.format(age=doing.show.length(old_ms)) if old_ms >= _FRESH_MS else ""
    return told.format(moment=doing.show.moment(about.as_of_ms)) + behind


def _masking(template: Template, doing: Gathering, *, is_masked: bool) -> str:
    if not template.has_people:
        return doing.say("none in this report")
    if is_masked:
        return doing.say("plates are masked, for the role of whoever made this may not read them")
    return doing.say("not masked: keep this report as the law asks for personal data")
