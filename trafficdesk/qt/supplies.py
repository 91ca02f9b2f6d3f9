"""What an unlocked desk needs beyond its unlock screen, loaded while the officer types."""

from importlib import import_module
from typing import Final

# Loading them takes longer than everything up to the painted unlock screen.
MODULES: Final = (
    "trafficdesk.services.desk",
    "trafficdesk.qt.sitting",
    "trafficdesk.qt.furnishing",
    # The timetable looks these up by name when it starts.
    "apscheduler.triggers.interval",
    "concurrent.futures.thread",
)


class Supplies:
    """Loads the rest of the program, in the writer's line and nowhere else.

    Two threads that load parts of one library at once may see it half made. Whatever needs these
    modules therefore stands in the same line, behind ``load``.
    """

    def __init__(self) -> None:
        self._is_needless = False

    def load(self) -> None:
        """Load what is not there yet; costs nothing the second time."""
        for name in MODULES:
            if self._is_needless:
                return
            import_module(name)

    def drop(self) -> None:
        """Load no more: the program ends."""
        self._is_needless = True
