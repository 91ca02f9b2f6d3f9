"""Which values stand at the right of their column."""

from typing import Final

from trafficdesk.domain.reporting.document import Kind

_LEFT: Final = frozenset({Kind.TEXT, Kind.MOMENT, Kind.DAY, Kind.MONTH})


def is_right(kind: Kind) -> bool:
    """Tell whether values of a kind are numbers to be compared down a column."""
    return kind not in _LEFT
