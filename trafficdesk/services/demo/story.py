"""The demo's reports: what was seen, who decided what about it, and how many pictures came."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from trafficdesk.domain.demo.chance import dice, happens
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport
from trafficdesk.services.demo.city import DemoCity
from trafficdesk.services.demo.decisions import OPEN_FATES, Desk, Fate, StoryStep, fates
from trafficdesk.services.demo.scenes import SceneBrief
from trafficdesk.services.demo.sightings import Cast, Sighting, Witnesses
from trafficdesk.services.demo.vehicles import Fleet

DEFAULT_REPORTS = 200
_SMALLEST_FLEET = 60
# How many reports came with 0, 1, 2 … pictures; old ones keep fewer.
_PICTURES_OPEN = (6, 24, 30, 18, 22)
_PICTURES_DECIDED = (16, 62, 22)
_LIKELY_AGAIN = frozenset({Move.APPROVE, Move.CITE})


@dataclass(frozen=True, slots=True)
class Story:
    """One report with everything that belongs to it. ``number`` counts from 0."""

    number: int
    report: NewReport
    scene: SceneBrief
    pictures: int
    steps: tuple[StoryStep, ...]
    second_look: bool


def tell(city: DemoCity, cast: Cast, now: datetime, count: int = DEFAULT_REPORTS) -> list[Story]:
    """Return ``count`` stories up to ``now`` (aware UTC), the earliest report first."""
    rng = dice("story", count)
    witnesses = Witnesses(city, cast, now, rng, Fleet(rng, max(_SMALLEST_FLEET, count)))
    earlier: Counter[Fate] = Counter()
    stories: list[Story] = []
    sightings: list[Sighting] = []
    for number, fate in enumerate(fates(count, rng)):
        original = _find_original(rng, fate, stories)
        if original is None:
            sighting = witnesses.sighting(fate)
        else:
            sighting = witnesses.another_sighting(sightings[original])
        desk = Desk(rng, now, earlier[fate])
        earlier[fate] += 1
        weights = _PICTURES_OPEN if fate in OPEN_FATES else _PICTURES_DECIDED
        (pictures,) = rng.choices(range(len(weights)), weights)
        second_look = fate in {Fate.APPROVED, Fate.REJECTED} and happens(rng, 0.07)
        steps = desk.steps(fate, sighting.report, original)
        brief = witnesses.brief(sighting, number)
        sightings.append(sighting)
        stories.append(Story(number, sighting.report, brief, pictures, steps, second_look))
    return _in_order(stories)


def _find_original(rng: Random, fate: Fate, stories: list[Story]) -> int | None:
    """Return the story that a new one repeats: always for a duplicate, now and then else."""
    if fate is Fate.DUPLICATE:
        able = [s.number for s in stories if _is_decided_on(s) and s.report.plate]
    elif fate is Fate.UNASSIGNED and happens(rng, 0.16):
        able = [s.number for s in stories if not s.steps and s.report.plate]
    else:
        return None
    return rng.choice(able) if able else None


def _is_decided_on(story: Story) -> bool:
    return bool(story.steps) and story.steps[0].move in _LIKELY_AGAIN


def _in_order(stories: list[Story]) -> list[Story]:
    """Return the stories by the time they were reported, their numbers following."""
    ordered = sorted(stories, key=lambda story: (story.report.reported_at, story.number))
    new = {story.number: number for number, story in enumerate(ordered)}

    def renumbered(step: StoryStep) -> StoryStep:
        return step if step.original is None else replace(step, original=new[step.original])

    return [
        replace(story, number=number, steps=tuple(renumbered(step) for step in story.steps))
        for number, story in enumerate(ordered)
    ]
