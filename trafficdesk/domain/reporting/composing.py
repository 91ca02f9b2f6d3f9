"""Making the document: the facts about itself that every report states, and its sections."""

from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.reporting.answers import Answers
from trafficdesk.domain.reporting.asked import Asked
from trafficdesk.domain.reporting.catalogue import Template
from trafficdesk.domain.reporting.document import Document
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.reporting.sections import Gathering, period_words

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
    today = Calendar(show.offset_ms).day_of(about.made_ms)
    doing = Gathering(asked.scope, asked.shift, today, answers, show)
    place = about.place if about.place == about.city else f"{about.place}, {about.city}"
    when = period_words(show, asked.period)
    return Document(
        template.id,
        doing.say(template.title),
        f"{place} · {when}",
        _facts(template, doing, about, place),
        template.fill(doing),
        about.is_masked,
        show.offset_ms,
        show.currency,
    )


def _facts(
    template: Template, doing: Gathering, about: About, place: str
) -> tuple[tuple[str, str], ...]:
    say, show = doing.say, doing.show
    period = doing.scope.period
    is_over = period.past_day <= doing.today
    told = say("{period} ({days} days)") if is_over else say("{period} ({days} days, not over yet)")
    days = told.format(period=period_words(show, period), days=show.count(period.days))
    found = [(say("Of"), place), (say("Period"), days)]
    if not template.is_of_a_shift:
        found.append((say("Compared with"), period_words(show, period.before())))
    found += [
        (say("Data"), _age(doing, about)),
        (say("Made"), f"{show.moment(about.made_ms)} · {about.made_by} · {about.source}"),
        (say("Times"), say("standard time of {zone}").format(zone=about.zone)),
        (say("Personal data"), _masking(doing, is_masked=about.is_masked)),
    ]
    return tuple(found)


def _age(doing: Gathering, about: About) -> str:
    if about.as_of_ms is None:
        return doing.say("as this desk has it; it has not heard from its server yet")
    told = doing.say("as of {moment}")
    old_ms = max(0, about.made_ms - about.as_of_ms)
    since = doing.say(", {age} before this report was made")
    behind = since.format(age=doing.show.length(old_ms)) if old_ms >= _FRESH_MS else ""
    return told.format(moment=doing.show.moment(about.as_of_ms)) + behind


def _masking(doing: Gathering, *, is_masked: bool) -> str:
    if is_masked:
        return doing.say("masked: plates are shortened for the role of whoever made this")
    return doing.say("not masked: keep this report as the law asks for personal data")
