"""A patrol plan on paper: a page for each shift with its map and table, and what it stands on."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from trafficdesk.domain.patrol_plan import Patrol
from trafficdesk.maps.packs import Pack
from trafficdesk.qt.ages import moment
from trafficdesk.qt.dispatch_papers.paper import Paper, heading, row, table, text
from trafficdesk.qt.dispatch_papers.patrol_map import PRINTED, pictures
from trafficdesk.qt.dispatch_papers.patrol_shades import bounds_of, shades_of
from trafficdesk.qt.dispatch_papers.patrol_words import (
    amount,
    areas_words,
    basis_words,
    day_words,
    held_words,
    hours_words,
    range_words,
    say,
    sure_words,
)
from trafficdesk.services.patrol_plan import Counts, ShiftPlan


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The plans of a day's shifts, what they stand on, and who made them when."""

    counts: Counts
    shifts: tuple[ShiftPlan, ...]
    station: str
    made_at: datetime
    made_by: str


def basis_html(counts: Counts, zone: tzinfo) -> str:
    """Return on what a plan stands and how sure it is."""
    told = (
        f"<p><b>{text(basis_words(counts, zone))}</b></p>"
        f"<p>{text(areas_words(counts))} {text(held_words())}</p>"
    )
    return told + (f"<p>{text(sure_words(counts))}</p>" if counts.weeks else "")


def shift_table(counts: Counts, plan: ShiftPlan) -> str:
    """Return the table of a shift: areas, those that expect most first, and who patrols."""
    names = {str(area.id): area.name for area in counts.areas}
    ranked = sorted(plan.patrols, key=lambda each: -each.demand.expected)
    heads = (
        say("Area"),
        say("Reports expected"),
        say("Most weeks"),
        say("Units"),
        say("Per crew, one helping out"),
    )
    return table(heads, "".join(_row(names, each) for each in ranked))


def _row(names: dict[str, str], patrol: Patrol) -> str:
    return row(
        (
            names[patrol.area],
            amount(patrol.demand.expected),
            range_words(patrol.demand),
            ", ".join(patrol.units) or say("nobody"),
            amount(patrol.load),
        ),
        wide=frozenset({0, 3}),
    )


def patrol_paper(day: DayPlan, pack: Pack | None, zone: tzinfo) -> Paper:
    """Return a day's plan; its maps are drawn here, so not on the GUI thread."""
    title = say("Patrol plan")
    on = day_words(day.shifts[0].span, zone)
    head = (
        f"<h1>{text(title)}</h1>"
        f"<p><b>{text(' · '.join(filter(None, (day.station, on))))}</b></p>"
        f"<p>{text(_made_words(day, zone))}</p>{basis_html(day.counts, zone)}"
    )
    bounds = bounds_of(day.counts)
    shaded = [shades_of(day.counts, plan) for plan in day.shifts]
    drawn = [] if bounds is None else pictures(pack, shaded, bounds)
    named = {f"shift-{number}": image for number, image in enumerate(drawn)}
    size = f"width='{PRINTED.width()}' height='{PRINTED.height()}'"
    parts = [head]
    for number, plan in enumerate(day.shifts):
        parts.append(heading(hours_words(plan.span, zone), on_new_page=number > 0))
        if bounds is not None:
            parts.append(f"<p><img src='shift-{number}' {size}/></p>{_map_words(pack)}")
        parts.append(shift_table(day.counts, plan))
    foot = " · ".join(filter(None, (title, day.station, on)))
    return Paper(title, foot, "".join(parts), named)


def _map_words(pack: Pack | None) -> str:
    told = say(
        "The stronger the colour, the more is expected. In each area: reports expected, and units."
    )
    whose = say("No base map here") if pack is None else pack.facts.attribution
    return f"<p class='small'>{text(told)} {text(whose)}</p>"


def _made_words(day: DayPlan, zone: tzinfo) -> str:
    told = say("Made {time} by {name}")
    return told.format(time=moment(day.made_at, zone), name=day.made_by)
