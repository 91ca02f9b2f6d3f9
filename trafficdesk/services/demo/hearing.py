"""The units of a demo go on telling where they are, for no car does it for them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import NOTHING, Changed
from trafficdesk.services.demo.marker import find_mark
from trafficdesk.services.session import Session
from trafficdesk.store import unit_positions

HEAR_EVERY: Final = timedelta(minutes=2)
# Those that were heard of about when the last one was; the others stay silent, as in life.
_TOGETHER: Final = timedelta(minutes=6)


def is_alone(session: Session) -> bool:
    """Tell whether this is a demo whose units nobody else tells of."""
    mark = find_mark(session.profile)
    return mark is not None and mark.complete and not mark.joined


def hear_units(session: Session) -> Changed:
    """Let the units be heard of again where they were."""
    with session.store.writing() as connection:
        known = unit_positions.find_all(connection).values()
        if not known:
            return NOTHING
        newest = max(each.at for each in known)
        since = session.lease_clock() - newest
        fresh = [each for each in known if newest - each.at <= _TOGETHER]
        unit_positions.put(connection, [replace(each, at=each.at + since) for each in fresh])
    return Changed(kinds=frozenset({Entity.UNIT}))
