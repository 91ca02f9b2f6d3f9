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
        self._is_awaited = False

    def load(self) -> None:
        """Load what is not there yet; costs nothing the second time."""
        for name in MODULES:
            if self._is_needless:
                return
            import_module(name)

    def load_workspace(self, workspace_id: str) -> None:
        """Load what a workspace is made of, as long as nobody waits for the desk to open."""
        from trafficdesk.qt.furnishing import MODULES_OF

        for name in MODULES_OF.get(workspace_id, ()):
            if self._is_needless or self._is_awaited:
                return
            import_module(name)

    def await_desk(self) -> None:
        """Begin nothing more that the opening desk can do without: a password was typed."""
        self._is_awaited = True

    def drop(self) -> None:
        """Load no more: the program ends."""
        self._is_needless = True
