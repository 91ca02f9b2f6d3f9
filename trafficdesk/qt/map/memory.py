"""What the map remembers from one day to the next: what was ticked and where it looked."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Memory:
    """``view`` is longitude, latitude and zoom; ``ticked`` the layers panel's own memory."""

    view: tuple[float, float, float]
    ticked: dict[str, list[str]]


def read_memory(kept: Any) -> Memory:  # noqa: ANN401 - JSON of the settings file, checked here
    """Return the memory.

    Raises:
        KeyError, TypeError, ValueError: it was not written by this version.
    """
    lon, lat, zoom = (float(value) for value in kept["view"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= zoom <= 24):
        raise ValueError("no such view")
    told = {"violations": [], **kept["ticked"]}  # a map of before remembered no types
    ticked = {key: [str(word) for word in told[key]] for key in _TICKED}
    return Memory((lon, lat, zoom), ticked)


_TICKED = ("layers", "severities", "stages", "violations")
