"""The times of an assignment's steps stay in the order of the steps, whoever told of which."""

from collections.abc import Mapping
from typing import Final

from trafficdesk.domain.dispatch import TIME_OF
from trafficdesk.domain.vocabulary import Step

_ENDS: Final = (TIME_OF[Step.CLEARED], TIME_OF[Step.WITHDRAWN])
_ON_THE_WAY: Final = tuple(name for name in TIME_OF.values() if name not in _ENDS)
# Each step's time lies between those of these steps; the two ends say nothing of each other.
_BEFORE: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: _ON_THE_WAY[:place] for place, name in enumerate(_ON_THE_WAY)},
    **dict.fromkeys(_ENDS, _ON_THE_WAY),
}
_AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    name: (*_ON_THE_WAY[place + 1 :], *_ENDS) for place, name in enumerate(_ON_THE_WAY)
}


def times_in_order(record: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    """Return what told times of an assignment become where they do not fit those in ``record``.

    Who tells of a step may not have heard of the one before or after it.
    """
    moved = {name: at for name, at in told.items() if name in _BEFORE and at != record.get(name)}
    stand = {name: at for name in _BEFORE if name not in moved and (at := record.get(name))}
    fitted = dict[str, object]()
    for name, at in moved.items():
        if not isinstance(at, int):
            continue
        most = [each for n in _AFTER.get(name, ()) if isinstance(each := stand.get(n), int)]
        least = [each for n in _BEFORE[name] if isinstance(each := stand.get(n), int)]
        fits = max([min([at, *most]), *least])
        if fits != at:
            fitted[name] = fits
    return fitted
